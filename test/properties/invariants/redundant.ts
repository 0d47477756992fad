import fc from 'fast-check'
import { expect } from 'vitest'
import type { FactInput } from '../../../src/index.ts'
import type { Line } from '../generate/policy.ts'
import { ask, engineOf, policyOf, scenario } from '../generate/scenario.ts'
import type { Invariant } from './invariant.ts'

/** A role of what holds it already, and `allow view if view`. */
function throughItself(line: Line): readonly Line[] {
  if (line.effect === 'role') {
    const name = /role (\w+)/.exec(line.head)?.[1]
    if (name === undefined || line.head.startsWith('contextual')) return [line]
    return [{ ...line, condition: line.condition === undefined ? name : `(${line.condition}) or ${name}` }]
  }
  const action = /^allow (view|edit)$/.exec(line.head)?.[1]
  if (action === undefined || (line.where !== 'Doc' && line.where !== 'Folder')) return [line]
  return [line, { effect: 'allow', where: line.where, head: line.head, condition: action, id: `${line.id}-again` }]
}

/** Groups in themselves, and roles assigned to their own holders: of what a fact mentions anyway, for as long as it does. */
function circular(facts: readonly FactInput[]): readonly FactInput[] {
  return facts.flatMap(({ object, relation, until }): readonly FactInput[] => {
    if (object === undefined) return []
    const ends = until === undefined ? {} : { until }
    if (relation === 'in' && String(object).startsWith('Group:'))
      return [{ object, relation, subject: String(object), ...ends }]
    return relation === 'keeper' || relation === 'viewer' || relation === 'member'
      ? [{ object, relation, subject: { entity: String(object), role: relation }, ...ends }]
      : []
  })
}

export const redundant: Invariant = {
  number: 8,
  title: 'duplicate facts and redundant positive cycles change nothing',
  runs: 60,
  holds: ['recursive', 'recovers'],
  property: ({ createEngine }, options) =>
    fc.property(scenario(options), ({ model, facts, requests }) => {
      const all = [...facts.entities, ...facts.facts]
      const plain = engineOf(createEngine, policyOf(model), all)
      const twice = engineOf(createEngine, policyOf({ ...model, lines: model.lines.flatMap(throughItself) }), [
        ...all,
        ...all,
        ...circular([...plain.facts.dump()].filter((fact) => 'relation' in fact) as FactInput[]),
      ])
      for (const request of requests) {
        const { allowed, reason } = ask(plain, request)
        expect(ask(twice, request)).toMatchObject({ allowed, reason })
      }
    }),
}
