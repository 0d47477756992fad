import type { Ent } from '../facts/table.ts'
import { maxNodes } from '../value/limits.ts'
import { hasLoneSurrogate } from '../value/text.ts'
import { type HeldRoles, rolesOf } from './held-roles.ts'
import type { Mask } from './mask-lines.ts'
import type { Registers } from './registers.ts'
import type { Bits } from './role-plan.ts'

/**
 * Whether the actor of a request has some of the roles of a mask, for verdicts: 1 yes, 0 no, 2 that takes a closer look. Nothing has to
 * be in the registers, but for a session that has not found its roles yet.
 */

/** Of a session: all its roles are found together, once. What facts say of all actors lies closer together than what sessions have. */
export function heldInSession(r: Registers, mask: Mask, subject: Ent, roles: HeldRoles): number {
  if (!roles.isReady) rolesOf(r, mask.masks)
  const byFacts = mask.isByFacts ? heldByFacts(r, mask, subject) : 2
  if (byFacts !== 2) return byFacts
  const { words, base } = roles
  return among(mask, words, base)
}

/** By facts, as they are remembered of the actor. */
export function heldByFacts(r: Registers, mask: Mask, subject: Ent): number {
  const { masks } = mask
  if (typeof subject !== 'number' || masks.now !== undefined || masks.revision !== r.revision()) return 2
  const slot = subject & (masks.actors.length - 1)
  return masks.actors[slot] === subject ? among(mask, masks.words, slot * masks.plan.width * 2) : 2
}

function among({ bits, width, isOne, word, first }: Mask, words: Int32Array, base: number): number {
  if (isOne)
    return ((words[base + word] ?? 0) & first) !== 0 ? 1 : ((words[base + word + width] ?? 0) & first) !== 0 ? 2 : 0
  return isSome(bits, words, base) ? 1 : isSome(bits, words, base + width) ? 2 : 0
}

export function isSome(bits: Bits, words: Int32Array, from: number): boolean {
  for (let i = 0; i < bits.length; i += 2) {
    if (((words[from + (bits[i] ?? 0)] ?? 0) & (bits[i + 1] ?? 0)) !== 0) return true
  }
  return false
}

/** By the texts of a claim, one after the other. */
export function heldByClaim(mask: Mask, claim: number, value: unknown): number {
  const { masks } = mask
  const literals = masks.literals[claim]
  const plan = masks.plan.claims[claim]
  if (literals === undefined || plan === undefined) return 2
  if (!plan.isSet) {
    if (typeof value !== 'string') return 2
    const bits = literals.get(value)
    return bits === undefined ? (hasLoneSurrogate(value) ? 2 : 0) : shares(bits, mask) ? 1 : 0
  }
  if (!Array.isArray(value)) {
    const isEmpty = (value === undefined || value === null) && plan.variable === 'token' && sets.has(plan.name)
    return isEmpty ? 0 : 2
  }
  if (value.length > maxNodes) return 2
  let whole = 0
  for (let i = 0; i < value.length; i++) {
    const text: unknown = value[i]
    if (typeof text !== 'string') {
      whole = 2
      continue
    }
    const bits = literals.get(text)
    if (bits === undefined) {
      if (hasLoneSurrogate(text)) whole = 2
    } else if (shares(bits, mask)) return 1
  }
  return whole
}

/** Claims that are empty where a token does not have them. */
const sets: ReadonlySet<string> = new Set(['scopes', 'roles', 'groups', 'permissions'])

function shares(bits: Bits, { bits: wanted, isOne, word, first }: Mask): boolean {
  for (let i = 0; i < bits.length; i += 2) {
    const has = bits[i + 1] ?? 0
    if (isOne) {
      if (bits[i] === word && (has & first) !== 0) return true
    } else
      for (let w = 0; w < wanted.length; w += 2) {
        if (wanted[w] === bits[i] && ((wanted[w + 1] ?? 0) & has) !== 0) return true
      }
  }
  return false
}
