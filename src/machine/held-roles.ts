import type { Span } from '../base/source.ts'
import type { Ent, Relation, TermFact } from '../facts/table.ts'
import { maxNodes } from '../value/limits.ts'
import { hasOwnField } from '../value/plain-object.ts'
import { hasLoneSurrogate } from '../value/text.ts'
import { assigned, names, type RoleFacts } from './assigned.ts'
import { or, type Truth } from './doubt.ts'
import { typeOf } from './entity.ts'
import type { Site } from './failure.ts'
import { type FieldRead, fieldOf } from './fields.ts'
import { compared, condition, element } from './operators.ts'
import type { Registers } from './registers.ts'
import { variable } from './scope.ts'
import { isInside } from './step.ts'

/** Of words: its place and bits in it, by turns. Whoever holds one of several roles holds the roles that these bits stand for. */
export type Bits = readonly number[]

/** How the roles of an actor are found that have a bit. */
export interface RolePlan {
  /** Words. */
  readonly width: number
  readonly facts: readonly { readonly role: string; readonly bits: Bits; readonly nesting: readonly number[] }[]
  readonly claims: readonly Claim[]
  /** By the place of a role: how it is written. */
  readonly roles: readonly (readonly RoleLine[])[]
}

/** A line of a role: who has it by fact, by what is said in the request, and with which other roles. */
export interface RoleLine {
  readonly role: string
  readonly at: Span
  readonly isAssignable: boolean
  readonly nesting: readonly number[]
  readonly tests: readonly LiteralTest[]
  readonly includes: readonly number[]
}

/** `"x" in token.roles`, `token.dept == "x"`. */
export interface LiteralTest {
  readonly variable: 'token' | 'context'
  readonly read: FieldRead
  readonly literal: string
  /** The literal is the left operand. */
  readonly isFirst: boolean
  readonly isSet: boolean
  readonly sites: { readonly variable: Span; readonly field: Site; readonly test: Site }
}

/** What literals in a field of the request stand for. */
export interface Claim {
  readonly variable: 'token' | 'context'
  readonly name: string
  readonly isSet: boolean
  readonly literals: readonly (readonly [string, Bits])[]
  /** Of all roles that the field has a say in. */
  readonly all: Bits
}

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
  /** What is known by facts of actors that have asked lately: a slot for each, for the facts of one revision, at one time if some end. */
  revision: number
  now: number
  readonly actors: Int32Array
  readonly words: Int32Array
}

/** Reads one field of an object: written for it, so that it is as quick as a field written in code. */
type ReadClaim = (raw: object) => unknown

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
    revision: -1,
    now: 0,
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
  if (masks.revision !== revision || (masks.now !== 0 && masks.now !== r.now)) {
    masks.actors.fill(-1)
    masks.revision = revision
    masks.now = r.table.expiring === 0 ? 0 : r.now
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

function add(words: Int32Array, bits: Bits, offset: number): void {
  for (let i = 0; i < bits.length; i += 2) {
    const word = offset + (bits[i] ?? 0)
    words[word] = (words[word] ?? 0) | (bits[i + 1] ?? 0)
  }
}

/** Where the claim cannot be told as a whole, the roles that it has a say in are to be asked for otherwise. */
function addClaim(r: Registers, masks: RoleMasks, index: number, words: Int32Array): void {
  const claim = masks.plan.claims[index]
  const literals = masks.literals[index]
  const read = masks.reads[index]
  if (claim === undefined || literals === undefined || read === undefined) return
  if (!addRead(claim.variable === 'token' ? r.token : r.context, claim, literals, read, words)) {
    add(words, claim.all, masks.plan.width)
  }
}

function addRead(
  raw: Registers['token'],
  claim: Claim,
  literals: ReadonlyMap<string, Bits>,
  read: ReadClaim,
  words: Int32Array,
): boolean {
  if (typeof raw !== 'object') return false
  try {
    const value = read(raw)
    // Own fields only: what an object inherits is not there.
    if (value !== undefined && !hasOwnField(raw, claim.name)) return false
    if (!claim.isSet) return addText(value, literals, words)
    if (Array.isArray(value)) return addTexts(value, literals, words)
    return (value === undefined || value === null) && claim.variable === 'token' && sets.has(claim.name)
  } catch {
    return false
  }
}

/** Claims that are empty where a token does not have them. */
const sets: ReadonlySet<string> = new Set(['scopes', 'roles', 'groups', 'permissions'])

function addTexts(values: readonly unknown[], literals: ReadonlyMap<string, Bits>, words: Int32Array): boolean {
  if (values.length > maxNodes) return false
  let isWhole = true
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    const bits = typeof value === 'string' ? literals.get(value) : undefined
    if (bits === undefined) isWhole = isWhole && isText(value)
    else add(words, bits, 0)
  }
  return isWhole
}

function addText(value: unknown, literals: ReadonlyMap<string, Bits>, words: Int32Array): boolean {
  const bits = typeof value === 'string' ? literals.get(value) : undefined
  if (bits === undefined) return isText(value)
  add(words, bits, 0)
  return true
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && !hasLoneSurrogate(value)
}

function addFacts(r: Registers, { plan, relations }: RoleMasks, words: Int32Array): void {
  for (let i = 0; i < relations.length; i++) {
    const facts = plan.facts[i]
    const relation = relations[i]
    if (facts === undefined || relation === undefined) continue
    const head = relation.head[0] ?? 0
    if (head === 0) continue
    const held = isAssigned(r, relation, head, r.actor, facts.nesting)
    if (held !== false) add(words, facts.bits, held === true ? 0 : plan.width)
  }
}

/** `maybe`: it hangs on more than the fact. The actor is known, so that nothing is an error. */
function isAssigned(r: Registers, relation: Relation, head: number, actor: Ent, nesting: readonly number[]): boolean | 'maybe' {
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
  if (typeof actor === 'number' && from < end && names(r, pool, from, end, actor, nesting)) return true
  return held
}

function matches(r: Registers, fact: TermFact, actor: Ent): boolean | 'maybe' {
  if (fact.kind === 'holders') return 'maybe'
  const meant = fact.kind === 'any' ? typeOf(r, actor) === fact.type : actor === fact.entity || isInside(r, actor, fact.entity)
  return meant && fact.when !== undefined ? 'maybe' : meant
}

/** The truth of some of these roles, as they are written: for others than the actor of the request, and for what can go wrong. */
export function heldAsWritten(r: Registers, masks: RoleMasks, roles: readonly number[], subject: Ent): Truth {
  let truth: Truth = false
  // A role that is reached again says nothing new.
  const reached = new Set(roles)
  for (const role of reached) {
    for (const line of masks.plan.roles[role] ?? []) {
      const one = lineTruth(r, masks, line, subject)
      if (one === true) return true
      truth = or(truth, one)
      for (const included of line.includes) reached.add(included)
    }
  }
  return truth
}

function lineTruth(r: Registers, { holders, carried }: RoleMasks, line: RoleLine, subject: Ent): Truth {
  const { role, at, nesting, isAssignable, tests } = line
  let truth: Truth = false
  if (isAssignable) truth = assigned(r, r.table.globalRelation(role), undefined, subject, { at, nesting, holders, carried })
  for (const test of tests) {
    if (truth === true) return true
    truth = or(truth, literalTruth(r, test))
  }
  return truth
}

function literalTruth(r: Registers, { variable: name, read, literal, isFirst, isSet, sites }: LiteralTest): Truth {
  const value = fieldOf(r, variable(r, name, sites.variable), read, sites.field)
  if (isSet) return condition(r, element(r, 'set', literal, value, sites.test), sites.test)
  const same = isFirst ? compared(r, '==', literal, value, sites.test) : compared(r, '==', value, literal, sites.test)
  return condition(r, same, sites.test)
}
