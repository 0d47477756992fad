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
}

/** Who the credential says it is (RFC 7519, sections 4.1.1 and 4.1.2), as far as it does. */
export function subjectOf({ token = {} }: Principal): {
  readonly iss?: string
  readonly sub?: string
  readonly tenant?: string
} {
  const claim = (name: 'iss' | 'sub' | 'tenant') => {
    const value = Object.hasOwn(token, name) ? token[name] : undefined
    return typeof value === 'string' ? { [name]: value } : {}
  }
  return { ...claim('iss'), ...claim('sub'), ...claim('tenant') }
}

/**
 * What the labels of a person are kept under, whatever server and agent they come with: issuer, subject and tenant; where no credential
 * names them, the actor that the host has made sure of. Undefined for nobody.
 */
export function sessionKey(principal: Principal): string | undefined {
  const { iss, sub, tenant = null } = subjectOf(principal)
  if (iss !== undefined && sub !== undefined) return JSON.stringify(['token', iss, sub, tenant])
  const actor = actorName(principal.actor)
  return actor === null ? undefined : JSON.stringify(['actor', actor, tenant])
}
