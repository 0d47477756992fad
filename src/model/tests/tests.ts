import { didYouMean } from '../../base/suggest.ts'
import type { RecordField } from '../../ir/type.ts'
import type { EntityLiteral, Expect, Given, Name, Test } from '../../syntax/ast.ts'
import { decode } from '../../value/decode.ts'
import { absent } from '../../value/value.ts'
import { outermostScope } from '../expression/expression.ts'
import { unknownType } from '../expression/literals.ts'
import { claims } from '../expression/variables.ts'
import type { Report } from '../report.ts'
import type { Schema } from '../schema.ts'
import { string } from '../shape.ts'
import { expectedFacts } from './expected-facts.ts'
import { expectedTarget } from './expected-target.ts'
import { plain } from './plain.ts'
import type { Expectation, TestCase } from './test-case.ts'

/** The `test` blocks, their names checked; the facts that they give are the business of whoever keeps facts. */
export function checkTests(schema: Schema, report: Report): readonly TestCase[] {
  for (const given of schema.givens)
    if (given.of === 'input')
      report.add('bad-test', given.span, `\`given ${given.input.text}\` stands only in a \`test\``, {
        help: 'every request brings its own: a policy gives facts',
      })
  return schema.tests.map((test) => checkTest(schema, test, report))
}

function checkTest(schema: Schema, test: Test, report: Report): TestCase {
  const inputs = new Map<string, unknown>()
  const expectations: Expectation[] = []
  for (const member of test.members) {
    if (member.kind === 'given' && member.of === 'input') checkInput(schema, member, inputs, report)
    if (member.kind === 'expect') {
      const expectation = checkExpectation(schema, member, report)
      if (expectation !== undefined) expectations.push(expectation)
    }
  }
  // Without a `given session`, nothing has been labelled yet.
  if (!inputs.has('session')) inputs.set('session', { labels: [] })
  return { name: test.name.value, at: test.span, inputs, expectations }
}

const inputNames = ['context', 'token', 'session', 'now', 'approvals', 'confirmed']

/** `given token { … }` and its like: inputs of the requests of one test. */
function checkInput(
  schema: Schema,
  given: Given & { readonly of: 'input' },
  inputs: Map<string, unknown>,
  report: Report,
): void {
  const { text, span } = given.input
  if (!inputNames.includes(text)) {
    report.add('bad-test', span, `\`${text}\` is no input of a request`, {
      help: didYouMean(text, inputNames) ?? `inputs are ${inputNames.map((name) => `\`${name}\``).join(', ')}`,
    })
    return
  }
  if (inputs.has(text)) {
    report.add('conflicting-fact', span, `\`${text}\` is given twice`)
    return
  }
  const read = plain(given.value, text === 'context' ? { kind: 'record', fields: schema.context } : undefined)
  if ('problem' in read) {
    report.add('bad-test', read.at, read.problem)
    return
  }
  const problem = inputProblem(schema, text, read.value)
  if (problem === undefined) inputs.set(text, read.value)
  else report.add('bad-test', given.value.span, problem.message, { help: problem.help })
}

function inputProblem(
  schema: Schema,
  name: string,
  value: unknown,
): { readonly message: string; readonly help?: string | undefined } | undefined {
  switch (name) {
    case 'context':
      return recordProblem(name, schema.context, value)
    case 'token':
      return recordProblem(name, [...claims.map((claim) => ({ ...claim, optional: true })), ...schema.token], value)
    case 'session':
      return recordProblem(name, [{ name: 'labels', type: { kind: 'set', of: string }, optional: false }], value)
    case 'now':
      return kindProblem(
        decode(value, { kind: 'datetime' }),
        'now',
        'write `given now datetime("2027-01-01T09:00:00Z")`',
      )
    case 'confirmed':
      return typeof value === 'boolean' ? undefined : { message: '`confirmed` is `true` or `false`' }
    default:
      return Array.isArray(value) && value.every((one) => typeof one === 'string' && one.includes(':'))
        ? undefined
        : { message: '`approvals` is a set of actors', help: 'such as `given approvals [User:bob]`' }
  }
}

function recordProblem(name: string, fields: readonly RecordField[], value: unknown) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { message: `\`${name}\` is a record` }
  for (const key of Object.keys(value))
    if (!fields.some((field) => field.name === key))
      return {
        message: `\`${name}\` has no \`${key}\``,
        help:
          didYouMean(
            key,
            fields.map((f) => f.name),
          ) ?? (name === 'session' ? undefined : `declare it: \`${name} { ${key}: … }\``),
      }
  for (const field of fields) {
    if (!Object.hasOwn(value, field.name)) continue
    const problem = kindProblem(
      decode((value as Record<string, unknown>)[field.name], field.type),
      `${name}.${field.name}`,
    )
    if (problem !== undefined) return problem
  }
  return undefined
}

function kindProblem(read: ReturnType<typeof decode>, name: string, help?: string) {
  if (read === absent || typeof read !== 'object') return undefined
  const error = read.kind === 'error' ? read : read.kind === 'set' ? read.gap : undefined
  return error === undefined ? undefined : { message: `\`${name}\`: ${error.message}`, help }
}

function checkExpectation(schema: Schema, expect: Expect, report: Report): Expectation | undefined {
  const { expectation } = expect
  const at = expect.span
  const entity = (literal: EntityLiteral): string => {
    if (!schema.types.has(literal.type)) unknownType({ schema, report }, literal.type, literal.span)
    return `${literal.type}:${literal.id}`
  }
  const actor = (who: EntityLiteral | { readonly kind: 'anonymous' }): string | null => {
    if (who.kind === 'anonymous') return null
    const info = schema.types.get(who.type)
    if (info !== undefined && !info.declaration.actor)
      report.add('bad-test', who.span, `\`${who.type}\` is a resource: only an actor can act`)
    return entity(who)
  }
  const agents = (all: readonly EntityLiteral[]): readonly string[] =>
    all.map((agent) => {
      if (agent.type !== 'Agent' && schema.types.has(agent.type))
        report.add('bad-test', agent.span, 'an agent is an entity of the type `Agent`')
      return entity(agent)
    })
  const permission = (action: Name, type: string): boolean => {
    const info = schema.types.get(type)
    if (info === undefined || info.permissions.has(action.text) || info.lenient) return true
    const group = schema.groups.get(action.text)
    report.add(
      'unknown-action',
      action.span,
      group === undefined
        ? `no \`allow\` can grant \`${action.text}\` on \`${type}\``
        : `\`${action.text}\` is a group of actions`,
      {
        help:
          group === undefined
            ? didYouMean(action.text, info.permissions)
            : `ask about ${group.map((one) => `\`${one}\``).join(' or ')}`,
      },
    )
    return false
  }
  switch (expectation.kind) {
    case 'holds': {
      const scope = outermostScope(schema, report, { nobody: true })
      return { kind: 'holds', at, condition: scope.checkCondition(scope, expectation.expr).ir }
    }
    case 'decision': {
      const by = actor(expectation.actor)
      const via = agents(expectation.agents)
      const { on } = expectation
      if (on.kind === 'entity' && !permission(expectation.action, on.entity.type)) return undefined
      const target =
        on.kind === 'entity'
          ? ({ kind: 'entity', entity: entity(on.entity) } as const)
          : expectedTarget(schema, expectation.action, on, report)
      const missing = expectation.missing === undefined ? undefined : expectedFacts(expectation.missing, report)
      if (expectation.allowed && missing !== undefined)
        report.add('bad-test', at, 'what is allowed misses nothing', { help: '`missing` goes with `cannot`' })
      if (target === undefined) return undefined
      return {
        kind: 'decision',
        at,
        actor: by,
        agents: via,
        allowed: expectation.allowed,
        action: expectation.action.text,
        target,
        ...(missing === undefined ? {} : { missing }),
      }
    }
    case 'list': {
      const type = expectation.type.text
      if (!schema.types.has(type)) unknownType({ schema, report }, type, expectation.type.span)
      if (!permission(expectation.action, type)) return undefined
      return {
        kind: 'list',
        at,
        actor: actor(expectation.actor),
        agents: agents(expectation.agents),
        action: expectation.action.text,
        type,
        entities: expectation.entities.map(entity),
      }
    }
    case 'who':
      if (!permission(expectation.action, expectation.entity.type)) return undefined
      return {
        kind: 'who',
        at,
        types: expectation.types.map((type) => {
          const info = schema.types.get(type.text)
          if (info === undefined) unknownType({ schema, report }, type.text, type.span)
          else if (!info.declaration.actor)
            report.add('bad-test', type.span, `\`${type.text}\` is a resource: only an actor can act`)
          return type.text
        }),
        action: expectation.action.text,
        entity: entity(expectation.entity),
        actors: expectation.actors.map((one) => {
          if (one.kind !== 'any') return entity(one)
          if (!schema.types.has(one.type.text)) unknownType({ schema, report }, one.type.text, one.type.span)
          return { any: one.type.text }
        }),
      }
  }
}
