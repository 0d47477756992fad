import type { Span } from '../base/source.ts'
import type { Ent, Relation, TermFact } from '../facts/table.ts'
import type { Value } from '../value/value.ts'
import { and, or, type Truth } from './doubt.ts'
import { missed, typeOf } from './entity.ts'
import type { Registers } from './registers.ts'
import { isInside } from './step.ts'
import { within } from './within.ts'

/** What the facts of one role hang on besides themselves. */
export interface RoleFacts {
  readonly at: Span
  /** Numbers of the types of its subjects that others may be in: groups, teams. */
  readonly nesting: readonly number[]
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

/** Up to so many subjects are looked at one by one. */
const few = 8

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
  if (typeof subject === 'number' && names(r, pool, from, end, subject, facts.nesting)) return true
  return subject === r.actor ? truth : or(truth, missed(r, subject, facts.at))
}

/** Some entity among `pool[from]` up to `pool[end - 1]`, ascending, is the subject or contains it. */
export function names(
  r: Registers,
  pool: Int32Array,
  from: number,
  end: number,
  subject: number,
  nesting: readonly number[],
): boolean {
  if (end - from > few)
    return isAmong(pool, from, end, subject) || (nesting.length > 0 && namesContainer(r, pool, from, end, subject))
  for (let i = from; i < end; i++) if (pool[i] === subject) return true
  if (nesting.length === 0) return false
  for (let i = from; i < end; i++) {
    const code = pool[i] ?? 0
    if (nesting.includes(code >>> r.table.localBits) && isInside(r, subject, code)) return true
  }
  return false
}

/** Looks for whichever is fewer: the containers in the list, or the other way round. */
function namesContainer(r: Registers, pool: Int32Array, from: number, end: number, subject: number): boolean {
  const containers = r.table.containers(subject, r.table.expiring === 0 ? 0 : r.now)
  if (containers.to - containers.from > end - from) {
    for (let i = from; i < end; i++)
      if (isAmong(containers.list, containers.from, containers.to, pool[i] ?? 0)) return true
    return false
  }
  for (let i = containers.from; i < containers.to; i++)
    if (isAmong(pool, from, end, containers.list[i] ?? 0)) return true
  return false
}

function isAmong(sorted: Int32Array, from: number, end: number, wanted: number): boolean {
  let [low, high] = [from, end]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return low < end && sorted[low] === wanted
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
