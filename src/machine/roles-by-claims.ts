import { maxNodes } from '../value/limits.ts'
import { hasOwnField } from '../value/plain-object.ts'
import { hasLoneSurrogate } from '../value/text.ts'
import type { ReadClaim, RoleMasks } from './held-roles.ts'
import type { Registers } from './registers.ts'
import { addBits, type Bits, type Claim } from './role-plan.ts'

/** Where the claim cannot be told as a whole, the roles that it has a say in are to be asked for otherwise. */
export function addClaim(r: Registers, masks: RoleMasks, index: number, words: Int32Array): void {
  const claim = masks.plan.claims[index]
  const literals = masks.literals[index]
  const read = masks.reads[index]
  if (claim === undefined || literals === undefined || read === undefined) return
  if (!addRead(claim.variable === 'token' ? r.token : r.context, claim, literals, read, words)) {
    addBits(words, claim.all, masks.plan.width)
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
    else addBits(words, bits, 0)
  }
  return isWhole
}

function addText(value: unknown, literals: ReadonlyMap<string, Bits>, words: Int32Array): boolean {
  const bits = typeof value === 'string' ? literals.get(value) : undefined
  if (bits === undefined) return isText(value)
  addBits(words, bits, 0)
  return true
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && !hasLoneSurrogate(value)
}
