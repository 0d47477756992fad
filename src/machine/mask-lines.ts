import type { Ent } from '../facts/table.ts'
import type { Truth } from './doubt.ts'
import { isSome } from './held.ts'
import { type RoleMasks, rolesOf } from './held-roles.ts'
import { hit } from './lines-of-rules.ts'
import type { Lines } from './linked.ts'
import type { Registers } from './registers.ts'
import type { Bits } from './role-plan.ts'
import { heldAsWritten } from './roles-as-written.ts'

/** Roles of which one is enough, as data: many rules share the code. */
export interface Mask {
  readonly masks: RoleMasks
  readonly bits: Bits
  readonly roles: readonly number[]
  readonly width: number
  /** No claim has a say in any role. */
  readonly isByFacts: boolean
  /** Most have bits in one word only. */
  readonly isOne: boolean
  readonly word: number
  readonly first: number
}

export function newMask(masks: RoleMasks, bits: Bits, roles: readonly number[]): Mask {
  const [word = 0, first = 0] = bits
  const { width, claims } = masks.plan
  return { masks, bits, roles, width, isByFacts: claims.length === 0, isOne: bits.length === 2, word, first }
}

/** The same one wherever the same roles are asked for: there may be many rules, but few roles. */
export function maskOf(masks: RoleMasks, bits: Bits, roles: readonly number[]): Mask {
  const key = roles.join()
  const mask = masks.asked.get(key) ?? newMask(masks, bits, roles)
  masks.asked.set(key, mask)
  return mask
}

/** One look at the bits, and at the roles as they are written where a claim cannot be told, or a fact hangs on more. */
export function maskTruth(r: Registers, mask: Mask, subject: Ent): Truth {
  if (subject === r.actor) {
    const { word, first, width } = mask
    const { roles } = r
    if (!roles.isReady) rolesOf(r, mask.masks)
    const { words, base } = roles
    if (((words[base + word] ?? 0) & first) !== 0) return true
    if (mask.isOne) {
      if (((words[base + word + width] ?? 0) & first) === 0) return false
    } else if (isSome(mask.bits, words, base)) return true
    else if (!isSome(mask.bits, words, base + width)) return false
  }
  return heldAsWritten(r, mask.masks, mask.roles, subject)
}

/** Rules that are nothing but such roles. `bits` and `roles`: of all of them together. */
export function maskLines(r: Registers, all: Mask, rules: readonly (readonly [rule: number, mask: Mask])[]): Lines {
  return {
    any: (subject) => maskTruth(r, all, subject),
    hits: (subject) => {
      for (const [rule, mask] of rules) {
        const truth = maskTruth(r, mask, subject)
        if (truth !== false) hit(r, rule, truth)
      }
    },
  }
}
