import { canonicalJson } from '../../../base/canonical.ts'
import type { ActorInput } from '../../../index.ts'
import { actorName } from '../audit/audit.ts'

/** On whose behalf a client speaks. It comes from configuration or from a verified credential, never from the client. */
export interface Principal {
  /** Null is the anonymous actor. */
  readonly actor: ActorInput
  /** Outermost first. */
  readonly agents?: readonly string[]
  /** Claims, as `token` in policies. */
  readonly token?: Readonly<Record<string, unknown>>
  readonly context?: Readonly<Record<string, unknown>>
  /**
   * Milliseconds since the epoch after which the credentials are good for nothing: streams that they have opened end then. When left out, the
   * claim `exp` of `token` (RFC 7519, section 4.1.4), where it has one.
   */
  readonly expires?: number
}

/**
 * Who the credential says it is (RFC 7519, sections 4.1.1 and 4.1.2), as far as it does. Undefined where it says so in anything but text:
 * passed over, the claim would no longer tell one person from another.
 */
export function subjectOf({ token = {} }: Principal):
  | {
      readonly iss?: string
      readonly sub?: string
      readonly tenant?: string
    }
  | undefined {
  const claims = (['iss', 'sub', 'tenant'] as const).map(
    (name) => [name, (Object.hasOwn(token, name) ? token[name] : undefined) ?? undefined] as const,
  )
  if (claims.some(([, value]) => value !== undefined && typeof value !== 'string')) return undefined
  return Object.fromEntries(claims.filter(([, value]) => value !== undefined))
}

/**
 * What the labels of a person are kept under, whatever server and agent they come with: issuer, subject and tenant; where no credential
 * names them, the actor that the host has made sure of. Undefined for nobody, and for who cannot be told.
 */
export function sessionKey(principal: Principal): string | undefined {
  const subject = subjectOf(principal)
  if (subject === undefined) return undefined
  const { iss, sub, tenant = null } = subject
  if (iss !== undefined && sub !== undefined) return JSON.stringify(['token', iss, sub, tenant])
  const actor = actorName(principal.actor)
  return actor === null ? undefined : JSON.stringify(['actor', actor, tenant])
}

/**
 * What tells one person from another, whatever acts for them: the actor, and who said so (the claims `iss`, `sub` and `tenant`).
 * Scopes and the like may change from one request to the next.
 */
export function personKey({ actor, token = {} }: Principal): string {
  const claim = (name: string): string | undefined => {
    return canonicalJson((Object.hasOwn(token, name) ? token[name] : undefined) ?? null)
  }
  return JSON.stringify([actorName(actor), claim('iss'), claim('sub'), claim('tenant')])
}

/** What tells one principal from another: the person, and the agents that act for them. */
export function principalKey(principal: Principal): string {
  return JSON.stringify([personKey(principal), principal.agents ?? []])
}

/** Milliseconds since the epoch after which the credentials of a principal are good for nothing. */
export function expiryOf({ expires, token = {} }: Principal): number {
  const { exp } = token
  const known = expires ?? (typeof exp === 'number' ? exp * 1000 : Number.POSITIVE_INFINITY)
  // What is no number is no reason to go on for ever.
  return Number.isNaN(known) ? 0 : known
}
