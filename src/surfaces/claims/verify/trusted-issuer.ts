import type { JsonObject } from '../../../base/json.ts'
import type { ClaimsAdapter } from '../adapter.ts'
import { type Algorithm, algorithms } from '../algorithms.ts'
import { looksLikeIdToken } from '../claims.ts'
import { type CompactJws, typeOf, verifySignature } from './compact-jws.ts'
import { isSecure } from './fetch-json.ts'
import { type Introspection, introspect } from './introspect.ts'
import { issuerKeys } from './issuer-keys.ts'
import { metadataOf } from './metadata.ts'
import { Refused } from './refusal.ts'
import { bindingOf, checkAudience, checkTimes, type Moment } from './validity.ts'

/** An issuer whose tokens are accepted. */
export interface Issuer {
  readonly adapter: ClaimsAdapter
  /** What the issuer calls this resource server, or these names of it: one has to be in `aud`. */
  readonly audience: string | readonly string[]
  /** All asymmetric ones of JWS when left out. */
  readonly algorithms?: readonly Algorithm[]
  /**
   * `at+jwt`: only tokens that say so (RFC 9068, section 4). `JWT`: also those that say nothing, or only that they are a JWT. What the adapter's
   * issuer does when left out.
   */
  readonly typ?: 'at+jwt' | 'JWT'
  /** Where the keys are; when left out, as the issuer's metadata says (RFC 8414, OpenID Connect Discovery). */
  readonly jwksUri?: string
  /** For opaque tokens. */
  readonly introspection?: Introspection
}

/** Claims that are true as far as the issuer is to be believed. */
export interface TrueClaims {
  readonly claims: JsonObject
  /** Milliseconds since the epoch. */
  readonly expires: number | undefined
  /** The thumbprint of the key that has to be proven. */
  readonly binding: string | undefined
}

/** An issuer, and how its tokens are verified. All of it throws `Refused`. */
export interface TrustedIssuer {
  readonly algorithms: readonly string[]
  readonly introspects: boolean
  /** Fetches what will be needed of it. */
  prepare(): Promise<void>
  verify(token: CompactJws, moment: Moment): Promise<TrueClaims>
  introspect(token: string, moment: Moment): Promise<TrueClaims>
}

/** @throws TypeError when what is said of the issuer cannot be meant */
export function trustedIssuer(options: Issuer, now: () => number): TrustedIssuer {
  const { adapter, audience, algorithms: allowed = algorithms, typ = adapter.typ ?? 'JWT', jwksUri } = options
  const { issuer } = adapter
  const own = typeof audience === 'string' ? [audience] : audience
  for (const url of [issuer, jwksUri, options.introspection?.endpoint])
    if (url !== undefined && !isSecure(url)) throw new TypeError(`\`${url}\` is no https URL`)
  if (own.length === 0 || own.includes('')) throw new TypeError(`no \`audience\` is given for the tokens of ${issuer}`)
  const unknown = allowed.find((one) => !(algorithms as readonly string[]).includes(one))
  if (unknown !== undefined || allowed.length === 0)
    throw new TypeError(`\`algorithms\` are of ${algorithms.join(', ')}, and not ${unknown ?? 'none of them'}`)
  const metadata = metadataOf(issuer, now)
  const keys = issuerKeys(issuer, jwksUri, metadata, now)
  return {
    algorithms: allowed,
    introspects: options.introspection !== undefined,
    prepare: async () => {
      // An issuer of opaque tokens may have no keys.
      if (options.introspection === undefined) await keys.prepare()
      else if (options.introspection.endpoint === undefined) await metadata.get()
    },
    verify: async (token, moment) => {
      checkType(token, typ)
      await verifySignature(token, await keys.for({ ...token.header, alg: token.algorithm }))
      const { payload } = token
      const expires = checkTimes(payload, moment)
      if (expires === undefined) throw new Refused('no-expiry', 'the token does not say when it ends (`exp`)')
      return checked(payload, expires, own)
    },
    introspect: async (token, moment) => {
      if (options.introspection === undefined) throw new Refused('malformed-token', 'the token is no JWT')
      const claims = await introspect(token, issuer, options.introspection, metadata)
      return checked(claims, checkTimes(claims, moment), own)
    },
  }
}

function checked(claims: JsonObject, expires: number | undefined, own: readonly string[]): TrueClaims {
  if (looksLikeIdToken(claims))
    throw new Refused('id-token', 'an ID token says who has logged in; it gives access to nothing')
  checkAudience(claims, own)
  return { claims, expires, binding: bindingOf(claims) }
}

function checkType(token: CompactJws, typ: 'at+jwt' | 'JWT'): void {
  const type = typeOf(token)
  if (type === 'oauth-id-jag+jwt')
    throw new Refused(
      'id-jag',
      'an identity assertion (ID-JAG) is for the authorization server, which gives a token for it',
    )
  const saysNothing = type === undefined || type === 'jwt'
  if (type === 'at+jwt' || (typ === 'JWT' && saysNothing)) return
  if (saysNothing)
    throw new Refused(
      'wrong-type',
      'the token does not say `typ: at+jwt` (RFC 9068): is there an adapter for its issuer?',
    )
  throw new Refused('wrong-type', '`typ` is that of another kind of token')
}
