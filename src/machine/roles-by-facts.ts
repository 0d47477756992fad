import type { Ent, Relation, TermFact } from '../facts/table.ts'
import { typeOf } from './entity.ts'
import type { RoleMasks } from './held-roles.ts'
import type { Registers } from './registers.ts'
import { addBits } from './role-plan.ts'
import { isInside, isInsideAny } from './step.ts'

/** The roles that the actor has by facts, and those of which a fact hangs on more. */
export function addFacts(r: Registers, { plan, relations }: RoleMasks, words: Int32Array): void {
  for (let i = 0; i < relations.length; i++) {
    const facts = plan.facts[i]
    const relation = relations[i]
    if (facts === undefined || relation === undefined) continue
    const head = relation.head[0] ?? 0
    if (head === 0) continue
    const held = isAssigned(r, relation, head, r.actor)
    if (held !== false) addBits(words, facts.bits, held === true ? 0 : plan.width)
  }
}

/** `maybe`: it hangs on more than the fact. The actor is known, so that nothing is an error. */
function isAssigned(r: Registers, relation: Relation, head: number, actor: Ent): boolean | 'maybe' {
  const { pool } = relation
  if (head < 0) return actor === ~head || isInside(r, actor, ~head)
  const end = head + 1 + (pool[head] ?? 0)
  let from = head + 1
  let held: boolean | 'maybe' = false
  for (let code = pool[from] ?? 0; from < end && code < 0; code = pool[++from] ?? 0) {
    const fact = relation.terms[~code]
    const one = fact !== undefined && r.now < fact.until && matches(r, fact, actor)
    if (one === true) return true
    if (one !== false) held = one
  }
  if (typeof actor === 'number' && from < end && isInsideAny(r, actor, pool, from, end)) return true
  return held
}

function matches(r: Registers, fact: TermFact, actor: Ent): boolean | 'maybe' {
  if (fact.kind === 'holders') return 'maybe'
  const meant =
    fact.kind === 'any' ? typeOf(r, actor) === fact.type : actor === fact.entity || isInside(r, actor, fact.entity)
  return meant && fact.when !== undefined ? 'maybe' : meant
}
