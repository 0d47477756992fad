import { didYouMean } from '../../base/suggest.ts'
import type { Asker, ExpectedTarget as On, Question, Expr as Written } from '../../syntax/ast.ts'
import type { Predicates } from '../analysis/predicates.ts'
import { checkRequestBound } from '../analysis/request-bound.ts'
import { occurrences } from '../analysis/signs.ts'
import { outermostScope } from '../expression/expression.ts'
import { report as newReport, type Report } from '../report.ts'
import type { Schema } from '../schema.ts'
import { isAll } from '../shape.ts'
import { expectedTarget } from '../tests/expected-target.ts'
import { checkInput, inputValue } from '../tests/inputs.ts'
import { named } from '../tests/named.ts'
import type { ExpectedTarget } from '../tests/test-case.ts'
import { checkExpectation } from '../tests/tests.ts'
import type { AskedBy, CheckedQuestion } from './question.ts'

/** What a question is asked against. */
export interface Asking {
  readonly schema: Schema
  readonly predicates: Predicates
  /** Who asks at the time, as `Type:id`; null is the anonymous actor. Without it nobody does. */
  readonly asker: string | null | undefined
  readonly report: Report
}

/** A question against a policy: its names are told as those of a test are. Undefined where it cannot be asked. */
export function checkQuestion(question: Question, asking: Asking): CheckedQuestion | undefined {
  const { schema, report } = asking
  const names = named(schema, report)
  switch (question.kind) {
    case 'givens': {
      const inputs = new Map<string, unknown>()
      for (const given of question.givens) if (given.of === 'input') checkInput(schema, given, inputs, report)
      return { kind: 'givens', givens: question.givens, inputs }
    }
    case 'as':
      return { kind: 'as', by: askedBy(question.asker) }
    case 'tests':
      return { kind: 'tests', ...(question.name === undefined ? {} : { name: testNamed(question.name) }) }
    case 'expectation': {
      const expectation = checkExpectation(schema, question.expect, report)
      if (expectation === undefined) return undefined
      if (expectation.kind === 'holds') judgeNobodyElse(expectation.condition)
      return { kind: 'expectation', expectation }
    }
    case 'why':
      return { kind: 'why' }
    case 'decision': {
      const by = maybeAskedBy(question.asker)
      const target = targetOf(question.action, question.on)
      if (target === undefined) return undefined
      return { kind: 'decision', ...by, action: question.action.text, target, why: question.why }
    }
    case 'who': {
      const types = question.types.map(names.actorType)
      const target = targetOf(question.action, question.on)
      return target === undefined ? undefined : { kind: 'who', types, action: question.action.text, target }
    }
    case 'actions': {
      const { on } = question
      const by = maybeAskedBy(question.asker)
      if (!('text' in on)) return { kind: 'actions', ...by, target: { kind: 'entity', entity: names.entity(on) } }
      if (!schema.servers.has(on.text))
        report.add('unknown-server', on.span, `no block declares the server \`${on.text}\``, {
          help: didYouMean(on.text, schema.servers.keys()) ?? 'an entity is written `Type:id`',
        })
      return { kind: 'actions', ...by, target: { kind: 'server', server: on.text } }
    }
    case 'list': {
      const by = maybeAskedBy(question.asker)
      const type = names.type(question.type)
      if (!names.permission(question.action, type)) return undefined
      return { kind: 'list', ...by, action: question.action.text, type }
    }
    case 'expression':
      return expression(question.expr)
  }

  function askedBy({ actor, agents, token }: Asker): AskedBy {
    const claims = token === undefined ? undefined : inputValue(schema, 'token', token, report)
    return {
      actor: names.actor(actor),
      agents: names.agents(agents),
      ...(claims === undefined ? {} : { token: claims }),
    }
  }

  function maybeAskedBy(asker: Asker | undefined): { readonly by?: AskedBy } {
    return asker === undefined ? {} : { by: askedBy(asker) }
  }

  function targetOf(
    action: { readonly text: string; readonly span: Question['span'] },
    on: On,
  ): ExpectedTarget | undefined {
    if (on.kind === 'item') return expectedTarget(schema, action, on, report)
    return names.permission(action, on.entity.type) ? { kind: 'entity', entity: names.entity(on.entity) } : undefined
  }

  function testNamed({ value, span }: { readonly value: string; readonly span: Question['span'] }): string {
    const all = schema.tests.map(({ name }) => name.value)
    if (!all.includes(value))
      report.add('bad-test', span, `there is no test \`${value}\``, { help: didYouMean(value, all) })
    return value
  }

  /** A condition where it is one, or a role that the asker may have; else its value. */
  function expression(expr: Written): CheckedQuestion {
    const { asker } = asking
    const type = asker?.slice(0, asker.indexOf(':'))
    const place = { nobody: asker === undefined }
    const narrowing =
      type === undefined ? undefined : { shown: [{ kind: 'is', path: 'actor', type } as const], before: undefined }
    const valued = newReport()
    const scope = { ...outermostScope(schema, valued, place), narrowing }
    const { shape, holds, optional, ir } = scope.check(scope, expr)
    const condition = holds !== undefined || (isAll(shape, 'boolean') && !optional)
    if (!condition) {
      for (const { code, span, message, ...more } of valued.diagnostics) report.add(code, span, message, more)
      judgeNobodyElse(ir)
      return { kind: 'expression', expression: ir, condition }
    }
    const asked = { ...outermostScope(schema, report, place), narrowing }
    const checked = asked.checkCondition(asked, expr)
    judgeNobodyElse(checked.ir)
    return { kind: 'expression', expression: checked.ir, condition }
  }

  function judgeNobodyElse(ir: Parameters<typeof occurrences>[0]): void {
    checkRequestBound(asking.predicates, [], occurrences(ir), report)
  }
}
