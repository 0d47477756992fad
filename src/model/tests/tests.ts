import type { Expect, Test } from '../../syntax/ast.ts'
import { outermostScope } from '../expression/expression.ts'
import type { Report } from '../report.ts'
import type { Schema } from '../schema.ts'
import { expectedFacts } from './expected-facts.ts'
import { expectedTarget } from './expected-target.ts'
import { checkInput } from './inputs.ts'
import { named } from './named.ts'
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

export function checkExpectation(schema: Schema, expect: Expect, report: Report): Expectation | undefined {
  const { expectation } = expect
  const at = expect.span
  const { entity, type, actorType, actor, agents, permission } = named(schema, report)
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
      const listed = type(expectation.type)
      if (!permission(expectation.action, listed)) return undefined
      return {
        kind: 'list',
        at,
        actor: actor(expectation.actor),
        agents: agents(expectation.agents),
        action: expectation.action.text,
        type: listed,
        entities: expectation.entities.map(entity),
      }
    }
    case 'who':
      if (!permission(expectation.action, expectation.entity.type)) return undefined
      return {
        kind: 'who',
        at,
        types: expectation.types.map(actorType),
        action: expectation.action.text,
        entity: entity(expectation.entity),
        actors: expectation.actors.map((one) => (one.kind === 'any' ? { any: type(one.type) } : entity(one))),
      }
  }
}
