import type { Decision, MissingFact } from '../../../index.ts'

/** What a caller has to authenticate with to be allowed: an `insufficient_scope` challenge (RFC 6750, RFC 9470). */
export interface Challenge {
  /** All scopes that the operation takes, those that the caller holds included: a token with the others only would not do. */
  readonly scopes: readonly string[]
  /** The one level of authentication that would do, if any. */
  readonly acr: readonly string[]
  /** Seconds. */
  readonly maxAge?: number
}

/**
 * The challenge about a denial, out of the first set of missing facts that another token alone supplies. Undefined where there is none:
 * then a challenge would send the caller in a circle.
 *
 * @param withoutScopes the decision on the same request with a token without scopes, of which more can be missing
 */
export function challengeOfDenial(decision: Decision, withoutScopes: () => Decision): Challenge | undefined {
  const { found, challenge } = firstChallenge(decision)
  if (challenge === undefined || challenge.scopes.length === 0) return challenge
  const isWider = (set: readonly MissingFact[]) => found.every((fact) => set.some((other) => isSame(fact, other)))
  const wider = withoutScopes().missing.sets.find((set) => isWider(set) && challengeOf(set) !== undefined)
  return wider === undefined ? challenge : challengeOf(wider)
}

function firstChallenge({ missing: { sets } }: Decision): {
  readonly found: readonly MissingFact[]
  readonly challenge: Challenge | undefined
} {
  const found = sets.find((set) => challengeOf(set) !== undefined) ?? []
  return { found, challenge: challengeOf(found) }
}

function isSame(a: MissingFact, b: MissingFact): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** A set of missing facts as a challenge; undefined where it takes anything but another token, or what no token can be asked for. */
export function challengeOf(facts: readonly MissingFact[]): Challenge | undefined {
  const scopes: string[] = []
  const acr: string[] = []
  const ages: number[] = []
  for (const fact of facts) {
    switch (fact.kind) {
      case 'scope':
        scopes.push(fact.scope)
        break
      case 'acr':
        acr.push(fact.acr)
        break
      case 'auth-age':
        ages.push(fact.strict ? Math.ceil(fact.atMost / 1000) - 1 : Math.floor(fact.atMost / 1000))
        break
      default:
        return undefined
    }
  }
  // `acr_values` are alternatives: a token has one.
  if (facts.length === 0 || acr.length > 1 || ![...scopes, ...acr].every(isToken)) return undefined
  const maxAge = Math.min(...ages)
  if (maxAge < 0) return undefined
  return { scopes, acr, ...(ages.length === 0 ? {} : { maxAge }) }
}

/** RFC 6749, section 3.3: what may be asked for as a scope; the same holds for a value in `acr_values`. */
export function isToken(value: string): boolean {
  return /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value)
}
