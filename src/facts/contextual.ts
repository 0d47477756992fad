import { checkFact } from './door.ts'
import { newGraph } from './memory-graph.ts'
import { type Checked, type Reason, refused } from './reason.ts'
import type { FactSchema } from './schema.ts'
import { secondSubject } from './single-valued.ts'
import type { Facts } from './store.ts'

/** The facts that came with a request, or the reasons against them: only relations declared contextual take any. */
export function contextualFacts(schema: FactSchema, inputs: Iterable<unknown>): Checked<Facts> {
  const reasons: Reason[] = []
  const graph = newGraph()
  try {
    for (const input of inputs) {
      const checked = checkFact(schema, input, 'contextual')
      if (checked.reasons !== undefined) {
        reasons.push(...checked.reasons)
        continue
      }
      const conflict = secondSubject(graph, checked.value)
      reasons.push(...conflict)
      if (conflict.length === 0) graph.add(checked.value.object, checked.value.relation, checked.value.fact)
    }
  } catch {
    return refused('bad-fact', 'facts that cannot be read')
  }
  return reasons.length === 0 ? { value: graph.snapshot() } : { reasons }
}
