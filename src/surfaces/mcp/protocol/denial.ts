import type { JsonObject } from '../../../base/json.ts'
import type { Decision, MissingFact } from '../../../index.ts'
import { challengeOf } from './challenge.ts'
import type { RpcError } from './message.ts'
import { visible } from './visible.ts'

/** JSON-RPC 2.0, section 5.1. */
export const parseError = -32700
export const invalidRequest = -32600
export const methodNotFound = -32601
export const invalidParams = -32602
export const internalError = -32603

/** In the range that implementations may use (MCP 2026-07-28); -32001 and -32002 are taken in practice. */
export const defaultDenialCode = -32003

/**
 * The one answer about whatever the caller is not shown: hidden by the policy, not in the lock, drifted, gone, or never there.
 *
 * @param what the action and what the caller called the thing, such as `call write_file`
 */
export function hidden(code: number, what: string): RpcError {
  return { code, message: `not permitted: ${visible(what)}`, data: { reason: 'not-permitted' } }
}

/**
 * The answer about something that the caller knows of: what it could get to be allowed, out of one set of what is missing;
 * never a rule, its documentation, a member of a role or an error.
 *
 * @param approval the id under which the call waits for approval, where it does
 */
export function denied(
  code: number,
  what: string,
  decision: Decision,
  isAnonymous: boolean,
  approval?: string,
): RpcError {
  const reason = decision.reason === 'error' ? 'not-permitted' : decision.reason
  const missing = isAnonymous ? undefined : missingOf(toldSet(decision), approval !== undefined)
  const wants = missing === undefined ? '' : `; it takes ${missing.words.join(', ')}`
  const waits = approval === undefined ? '' : `; it waits for that as ${approval}`
  return {
    code,
    message: `not permitted: ${visible(what)}${wants}${waits}`,
    data: {
      reason,
      ...(missing === undefined ? {} : { missing: missing.data }),
      ...(approval === undefined ? {} : { approval }),
    },
  }
}

/** One set is told, and it is what a challenge asks for, where there is one. */
export function toldSet({ missing: { sets } }: Decision): readonly MissingFact[] {
  return sets.find((set) => challengeOf(set) !== undefined) ?? sets[0] ?? []
}

function missingOf(
  facts: readonly MissingFact[],
  isAsked: boolean,
): { readonly words: string[]; readonly data: JsonObject } | undefined {
  if (facts.length === 0) return undefined
  const scopes = facts.flatMap((fact) => (fact.kind === 'scope' ? [fact.scope] : []))
  const acr = facts.flatMap((fact) => (fact.kind === 'acr' ? [fact.acr] : []))
  const ages = facts.flatMap((fact) => (fact.kind === 'auth-age' ? [fact.atMost] : []))
  const isConfirmed = facts.some(({ kind }) => kind === 'confirmed')
  const isApproved = facts.some(({ kind }) => kind === 'approved')
  const cannot = isAsked ? '' : ', which cannot be asked for here'
  return {
    words: [
      ...(scopes.length === 0 ? [] : [`the scope${scopes.length > 1 ? 's' : ''} ${scopes.join(' ')}`]),
      ...acr.map((value) => `authentication at the level ${value}`),
      ...ages.map((age) => `authentication within ${Math.floor(age / 1000)} s`),
      ...(isConfirmed ? [`a confirmation by the user${cannot}`] : []),
      ...(isApproved ? [`an approval by someone else${cannot}`] : []),
    ],
    data: {
      ...(scopes.length === 0 ? {} : { scopes }),
      ...(acr.length === 0 ? {} : { acr }),
      ...(ages.length === 0 ? {} : { maxAge: Math.floor(Math.min(...ages) / 1000) }),
      ...(isConfirmed ? { confirmed: true } : {}),
      ...(isApproved ? { approved: true } : {}),
    },
  }
}

/** A `limit` of the policy is used up. `retryAfter` is in seconds, as in HTTP (RFC 9110, section 10.2.3). */
export function limited(code: number, what: string, milliseconds: number): RpcError {
  const retryAfter = Math.ceil(milliseconds / 1000)
  return {
    code,
    message: `too many requests: ${visible(what)}; try again in ${retryAfter} s`,
    data: { reason: 'limited', retryAfter },
  }
}

/** The user was asked to confirm a request, and has not. */
export function declined(code: number, what: string): RpcError {
  return {
    code,
    message: `not permitted: ${visible(what)}; the user has not confirmed it`,
    data: { reason: 'not-permitted', missing: { confirmed: true } },
  }
}

/** Something that a decision needs cannot be had now. */
export function unavailable(why: string): RpcError {
  return { code: internalError, message: `${why}; try again later`, data: { reason: 'unavailable' } }
}

export function badArguments(why: string): RpcError {
  return { code: invalidParams, message: `invalid arguments: ${why}` }
}

/** The credentials that a request came with are good no longer. */
export const credentialsExpired: RpcError = { code: internalError, message: 'the credentials have expired' }
