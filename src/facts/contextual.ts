import { maxNodes } from '../value/limits.ts'
import { checkFact } from './door.ts'
import type { GivenLayer } from './given.ts'
import { type Checked, refused } from './reason.ts'
import { requestFacts } from './request-facts.ts'
import type { FactSchema } from './schema.ts'
import { secondSubject } from './single-valued.ts'
import { globalObject } from './store.ts'

/** The facts that came with a request, or the reasons against the first that is not let in: the request fails with it. */
export function contextualFacts(schema: FactSchema, inputs: Iterable<unknown>): Checked<GivenLayer> {
  const request = requestFacts()
  let left = maxNodes
  try {
    for (const input of inputs) {
      left -= 1
      if (left < 0) return refused('too-large', `more than ${maxNodes} facts with one request`)
      const { value, reasons } = checkFact(schema, input, 'contextual')
      if (value === undefined) return { reasons }
      const conflict = secondSubject(value, request.facts.facts(value.object?.key ?? globalObject, value.relation)[0])
      if (conflict.length > 0) return { reasons: conflict }
      request.add(value.object, value.relation, value.fact)
    }
  } catch {
    return refused('bad-fact', 'facts that cannot be read')
  }
  return { value: { ...request.facts, given: () => ({ records: [], facts: request.given }) } }
}
