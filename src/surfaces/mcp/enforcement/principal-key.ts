import { canonicalJson } from '../../../base/canonical.ts'
import { actorName } from '../audit/audit.ts'
import type { Principal } from './principal.ts'

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
