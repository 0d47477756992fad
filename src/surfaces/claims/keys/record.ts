import * as z from 'zod'
import { name, names } from '../adapter.ts'

const time = z.iso.datetime({ offset: true })

/** What is kept of a key: whom it stands for, and its hash. */
export const keyRecord = z.strictObject({
  id: z.string().regex(/^[0-9A-Za-z]{12}$/),
  /** SHA-256 of the key, in hexadecimal: 256 random bits need no slow hash. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** What it is for, in somebody's words. */
  label: z.string().max(200).optional(),
  kind: z.enum(['user', 'service', 'agent']),
  subject: name,
  /** Who was given it, to act for the subject. */
  agent: name.optional(),
  tenant: name.optional(),
  scopes: names,
  roles: names.optional(),
  groups: names.optional(),
  permissions: names.optional(),
  created: time,
  expires: time,
  revoked: time.optional(),
})

export type KeyRecord = Readonly<z.output<typeof keyRecord>>

/** What a key is made for. */
export type KeyGrant = Omit<KeyRecord, 'id' | 'hash' | 'created' | 'revoked' | 'expires'> & {
  /** RFC 3339; every key ends. */
  readonly expires: string
}

/** A record without its hash: what may be shown. */
export type KeyEntry = Omit<KeyRecord, 'hash'>

export type KeyLookup =
  | { readonly kind: 'found'; readonly record: KeyRecord }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'expired' | 'revoked'; readonly id: string }
