import type { Span } from '../base/source.ts'
import type { Ent, Relation, TermFact } from '../facts/table.ts'
import type { Value } from '../value/value.ts'
import { and, or, type Truth } from './doubt.ts'
import { typeOf } from './entity.ts'
import type { Registers } from './registers.ts'
import { within } from './within.ts'

/** What the facts of one role hang on besides themselves. */
export interface RoleFacts {
  readonly at: Span
  /** Some of its subjects may contain others: groups, teams. */
  readonly nests: boolean
  /** Whether the subject holds the role of an entity. */
  readonly holders: (role: string, entity: Ent, subject: Ent) => Truth
  /** The condition that a fact carries. */
  readonly carried: (name: string, args: ReadonlyMap<string, Value>, entity: Ent | undefined, subject: Ent) => Truth
}

/** Some fact of the relation assigns the role to a subject that this one is, or is in. `entity`: undefined for a global role. */
export function assigned(
  r: Registers,
  relation: Relation,
  entity: Ent | undefined,
  subject: Ent,
  facts: RoleFacts,
): Truth {
  if (typeof entity === 'string') return false
  const local = entity === undefined ? 0 : entity & r.table.localMask
  const head = relation.head[local] ?? 0
  if (head === 0) return false
  if (head < 0) return within(r, subject, ~head, facts.at)
  const { pool } = relation
  const end = head + (pool[head] ?? 0)
  let truth: Truth = false
  for (let i = head + 1; i <= end; i++) {
    const code = pool[i] ?? 0
    const one =
      code >= 0 ? within(r, subject, code, facts.at) : ofTerms(r, relation.terms[~code], entity, subject, facts)
    if (one === true) return true
    if (one !== false) truth = or(truth, one)
  }
  return truth
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
