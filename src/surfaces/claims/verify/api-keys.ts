import type { ClaimsAdapter } from '../adapter.ts'
import type { KeyLookup, KeyRecord } from '../keys/record.ts'
import { Refused } from './refusal.ts'

/** API keys that are accepted beside tokens. */
export interface ApiKeys {
  /** `apiKey({ issuer, agents })`. Where `issuer` is also that of tokens, a key stands for the same people as they do. */
  readonly adapter: ClaimsAdapter
  /** A store of `licet/claims/keys`. */
  readonly store: { find(key: string): KeyLookup | Promise<KeyLookup> }
}

/**
 * The claims that the record of a key stands for.
 *
 * @throws Refused
 */
export async function claimsOfKey(key: string, { adapter, store }: ApiKeys): Promise<Record<string, unknown>> {
  let found: KeyLookup
  try {
    found = await store.find(key)
  } catch {
    throw new Refused('api-keys-unavailable', 'the store of API keys cannot be read')
  }
  switch (found.kind) {
    case 'found':
      return claimsOf(found.record, adapter.issuer)
    case 'unknown':
      throw new Refused('api-key-unknown', 'there is no such API key')
    case 'expired':
      throw new Refused('api-key-expired', `the API key \`${found.id}\` has expired`)
    case 'revoked':
      throw new Refused('api-key-revoked', `the API key \`${found.id}\` has been revoked`)
  }
}

function claimsOf(record: KeyRecord, iss: string): Record<string, unknown> {
  const { id, kind, subject, agent, tenant, scopes, roles, groups, permissions, expires } = record
  const given = Object.entries({ agent, tenant, roles, groups, permissions }).filter(([, value]) => value !== undefined)
  // What is opened with a key ends with it, as with a token.
  const exp = Math.floor(Date.parse(expires) / 1000)
  return { iss, sub: subject, exp, kind, key_id: id, scopes, ...Object.fromEntries(given) }
}
