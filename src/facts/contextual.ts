import { maxNodes } from '../value/limits.ts'
import { checkFact } from './door.ts'
import { newGraph } from './memory-graph.ts'
import { type Checked, refused } from './reason.ts'
import type { FactSchema } from './schema.ts'
import { secondSubject } from './single-valued.ts'
import type { Facts } from './store.ts'

/** The facts that came with a request, or the reasons against the first that is not let in: the request fails with it. */
export function contextualFacts(schema: FactSchema, inputs: Iterable<unknown>): Checked<Facts> {
  const graph = newGraph()
  let left = maxNodes
  try {
    for (const input of inputs) {
      left -= 1
      if (left < 0) return refused('too-large', `more than ${maxNodes} facts with one request`)
      const { value, reasons } = checkFact(schema, input, 'contextual')
      if (value === undefined) return { reasons }
      const conflict = secondSubject(graph, value)
      if (conflict.length > 0) return { reasons: conflict }
      graph.add(value.object, value.relation, value.fact)
    }
  } catch {
    return refused('bad-fact', 'facts that cannot be read')
  }
  return { value: graph.snapshot() }
}
