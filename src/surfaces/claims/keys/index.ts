/**
 * API keys: 256 random bits, hashed at rest, with scopes and an end. A store is what `createVerifier` of `licet/claims/verify` takes
 * as `apiKeys.store`. The subpath `licet/claims/keys`; Node only.
 */
export { fileKeys } from './file-store.ts'
export type { NewKey } from './new-key.ts'
export type { KeyEntry, KeyGrant, KeyLookup, KeyRecord } from './record.ts'
export { type SqliteDatabase, sqliteKeys } from './sqlite-store.ts'
export type { KeyStore } from './store.ts'
