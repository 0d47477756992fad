import { canonicalJson } from '../../../base/canonical.ts'
import { actorName } from '../audit/audit.ts'
import type { Principal } from './judge.ts'

/**
 * What tells one principal from another: the actor, its agents, and who said so (the claims `iss`, `sub` and `tenant`). Scopes and
 * the like may change from one request to the next.
 */
export function principalKey({ actor, agents = [], token = {} }: Principal): string {
  const claim = (name: string): string | undefined => {
    return canonicalJson((Object.hasOwn(token, name) ? token[name] : undefined) ?? null)
  }
  return JSON.stringify([actorName(actor), agents, claim('iss'), claim('sub'), claim('tenant')])
}
