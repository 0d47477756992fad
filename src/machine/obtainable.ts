import type { Span } from '../base/source.ts'
import type { Ent } from '../facts/table.ts'
import type { Type } from '../ir/type.ts'
import { unknown } from '../runtime/cases.ts'
import { contains } from '../value/equal.ts'
import { isError } from '../value/evaluation-error.ts'
import { readField } from '../value/read.ts'
import { absent } from '../value/value.ts'
import { atLeast, Doubt, or, type Truth } from './doubt.ts'
import { fail, failed, wrongKind } from './failure.ts'
import { inputOf } from './inputs.ts'
import type { Outcome, Registers } from './registers.ts'

const strings: Type = { kind: 'set', of: { kind: 'string' } }
const string: Type = { kind: 'string' }
const datetime: Type = { kind: 'datetime' }

function claim(r: Registers, name: string, type: Type, at: Span): Outcome {
  const token = inputOf(r, 'token') ?? absent
  if (token === unknown) return token
  if (isError(token)) return failed(r, token, at)
  if (typeof token !== 'object' || token instanceof Doubt || token.kind !== 'record') return wrongKind(r, 'a token', at)
  const value = readField(token, name, type)
  return isError(value) ? failed(r, value, at) : value
}

export function hasScope(r: Registers, scope: string, at: Span): Truth {
  const scopes = claim(r, 'scopes', strings, at)
  if (scopes === unknown) return r.leaf
  if (scopes instanceof Doubt) return scopes
  if (typeof scopes !== 'object' || scopes.kind !== 'set') return false
  let truth: Truth = false
  for (const one of r.policy.satisfying(scope)) {
    const found = contains(scopes, one)
    truth = or(truth, isError(found) ? failed(r, found, at) : found)
    if (truth === true) return true
  }
  return truth
}

export function hasAcr(r: Registers, wanted: string, at: Span): Truth {
  const acr = claim(r, 'acr', string, at)
  if (acr === unknown) return r.leaf
  return acr instanceof Doubt ? acr : acr === wanted
}

/** The user authenticated at most so many milliseconds ago; `strict`: less. */
export function authenticatedWithin(r: Registers, atMost: number, strict: boolean, at: Span): Truth {
  const authTime = claim(r, 'authTime', datetime, at)
  if (authTime === absent) return false
  if (authTime === unknown) return r.leaf
  if (authTime instanceof Doubt) return authTime
  if (typeof authTime !== 'object' || authTime.kind !== 'datetime') return wrongKind(r, 'a datetime', at)
  const age = r.now - authTime.milliseconds
  if (age < 0) return fail(r, 'bad-value', () => 'an authentication in the future', at)
  return strict ? age < atMost : age <= atMost
}

export function confirmed(r: Registers): Truth {
  return r.confirmed === unknown ? r.leaf : r.confirmed
}

export function approved(r: Registers, count: number, approves: (approver: Ent) => Truth): Truth {
  return r.approvals === unknown ? r.leaf : atLeast(count, r.approvals.map(approves))
}
