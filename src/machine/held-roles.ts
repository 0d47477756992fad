import type { Relation } from '../facts/table.ts'
import type { RoleFacts } from './assigned.ts'
import type { Mask } from './mask-lines.ts'
import type { Registers } from './registers.ts'
import type { Bits, RolePlan } from './role-plan.ts'
import { addClaim } from './roles-by-claims.ts'
import { addFacts } from './roles-by-facts.ts'

/** The roles that the actor of the request holds, by bits. */
export interface HeldRoles {
  /** The words are those of this request: to be made false whenever its actor, claims, facts or time are others. */
  isReady: boolean
  /** From `base` on `width` words of those it holds, then as many of those that have to be asked for otherwise. */
  words: Int32Array
  base: number
  /** Kept for longer than one request, so that the words have to be its own. */
  readonly isKept: boolean
  own: Int32Array
}

export interface RoleMasks {
  readonly plan: RolePlan
  readonly holders: RoleFacts['holders']
  readonly carried: RoleFacts['carried']
  readonly relations: readonly Relation[]
  readonly literals: readonly ReadonlyMap<string, Bits>[]
  readonly reads: readonly ReadClaim[]
  /** What rules ask for, by the places of the roles. */
  readonly asked: Map<string, Mask>
  /** What is known by facts of actors that have asked lately: a slot for each, for the facts of one revision, at one time if some end. */
  revision: number
  now: number | undefined
  readonly actors: Int32Array
  readonly words: Int32Array
}

/** Reads one field of an object: written for it, so that it is as quick as a field written in code. */
export type ReadClaim = (raw: object) => unknown

/** As many actors are remembered, a power of two. */
const slots = 1024

const nothing: Int32Array = new Int32Array(0)

export function newHeldRoles(isKept = false): HeldRoles {
  return { isReady: false, words: nothing, base: 0, isKept, own: nothing }
}

export function newRoleMasks(
  { table }: Pick<Registers, 'table'>,
  plan: RolePlan,
  holders: RoleFacts['holders'],
  carried: RoleFacts['carried'],
  reads: readonly ReadClaim[],
): RoleMasks {
  return {
    plan,
    holders,
    carried,
    reads,
    relations: plan.facts.map(({ role }) => table.globalRelation(role)),
    literals: plan.claims.map(({ literals }) => new Map(literals)),
    asked: new Map(),
    revision: -1,
    now: undefined,
    actors: new Int32Array(slots).fill(-1),
    words: new Int32Array(plan.facts.length === 0 ? 0 : slots * plan.width * 2),
  }
}

/** Before a request of which actor, claims, facts or time are others. */
export function forgetRoles(r: Registers): void {
  r.roles = r.ownRoles
  r.roles.isReady = false
}

/** Finds what the actor of the request holds. */
export function rolesOf(r: Registers, masks: RoleMasks): void {
  const { roles } = r
  const { claims, facts, width } = masks.plan
  if (facts.length === 0 || !findRemembered(r, masks)) {
    ownWords(roles, width * 2)
    if (facts.length > 0) addFacts(r, masks, roles.own)
  } else if (claims.length > 0 || roles.isKept) {
    const { words, base } = roles
    const own = ownWords(roles, width * 2)
    for (let i = 0; i < own.length; i++) own[i] = words[base + i] ?? 0
  }
  for (let i = 0; i < claims.length; i++) addClaim(r, masks, i, roles.own)
  roles.isReady = true
}

function ownWords(roles: HeldRoles, size: number): Int32Array {
  if (roles.own.length !== size) roles.own = new Int32Array(size)
  const { own } = roles
  // Few words: `fill` takes longer.
  for (let i = 0; i < size; i++) own[i] = 0
  roles.words = own
  roles.base = 0
  return own
}

/** Points the registers to what is remembered of the actor, or remembers it; false: not of this one. */
function findRemembered(r: Registers, masks: RoleMasks): boolean {
  const { actor, roles } = r
  const revision = r.revision()
  if (typeof actor !== 'number' || revision < 0) return false
  if (masks.revision !== revision || (masks.now !== undefined && masks.now !== r.now)) {
    masks.actors.fill(-1)
    masks.revision = revision
    masks.now = r.table.expiring === 0 ? undefined : r.now
  }
  const slot = actor & (slots - 1)
  roles.words = masks.words
  roles.base = slot * masks.plan.width * 2
  if (masks.actors[slot] === actor) return true
  const words = masks.words.subarray(roles.base, roles.base + masks.plan.width * 2)
  words.fill(0)
  // Not remembered before it is whole.
  masks.actors[slot] = -1
  addFacts(r, masks, words)
  masks.actors[slot] = actor
  return true
}
