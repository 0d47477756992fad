import type { Span } from '../base/source.ts'
import type { Ent, Relation, TermFact } from '../facts/table.ts'
import type { Value } from '../value/value.ts'
import { and, or, type Truth } from './doubt.ts'
import { missed, typeOf } from './entity.ts'
import type { Registers } from './registers.ts'
import { isInsideAny } from './step.ts'
import { within } from './within.ts'

/** What the facts of one role hang on besides themselves. */
export interface RoleFacts {
  readonly at: Span
  /** Whether the subject holds the role of an entity. */
  readonly holders: (role: string, entity: Ent, subject: Ent) => Truth
  /** The condition that a fact carries. */
  readonly carried: (name: string, args: ReadonlyMap<string, Value>, entity: Ent | undefined, subject: Ent) => Truth
}

/** Some fact of the role assigns it to a subject that this one is, or is in. `entity`: undefined for a global role. */
export function assigned(
  r: Registers,
  relation: Relation,
  entity: Ent | undefined,
  subject: Ent,
  facts: RoleFacts,
): Truth {
  if (typeof entity === 'string') return false
  const head = relation.head[entity === undefined ? 0 : entity & r.table.localMask] ?? 0
  if (head === 0) return false
  return head < 0 ? within(r, subject, ~head, facts.at) : listed(r, relation, head, entity, subject, facts)
}

/** The same for a list that begins at `head`. */
export function listed(
  r: Registers,
  relation: Relation,
  head: number,
  entity: Ent | undefined,
  subject: Ent,
  facts: RoleFacts,
): Truth {
  const { pool } = relation
  const end = head + 1 + (pool[head] ?? 0)
  let from = head + 1
  let truth: Truth = false
  // Facts that are more than an entity come first.
  for (let code = pool[from] ?? 0; from < end && code < 0; code = pool[++from] ?? 0) {
    const one = ofTerms(r, relation.terms[~code], entity, subject, facts)
    if (one === true) return true
    if (one !== false) truth = or(truth, one)
  }
  if (from === end) return truth
  if (typeof subject === 'number' && isInsideAny(r, subject, pool, from, end)) return true
  return subject === r.actor ? truth : or(truth, missed(r, subject, facts.at))
}

function ofTerms(
  r: Registers,
  fact: TermFact | undefined,
  entity: Ent | undefined,
  subject: Ent,
  facts: RoleFacts,
): Truth {
  if (fact === undefined || r.now >= fact.until) return false
  const meant = matches(r, fact, subject, facts)
  if (meant === false || fact.when === undefined) return meant
  return and(meant, facts.carried(fact.when.let, fact.when.args, entity, subject))
}

function matches(r: Registers, fact: TermFact, subject: Ent, facts: RoleFacts): Truth {
  switch (fact.kind) {
    case 'entity':
      return within(r, subject, fact.entity, facts.at)
    case 'any':
      // The anonymous actor is of no type.
      return typeOf(r, subject) === fact.type
    case 'holders':
      return facts.holders(fact.role, fact.entity, subject)
  }
}
