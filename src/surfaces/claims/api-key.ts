import * as z from 'zod'
import { adapter, name, names } from './adapter.ts'

/**
 * The record of an API key, found by the hash of the key, and not expired. `iss` is the name of whoever keeps the keys, `sub` whom the key
 * stands for, `agent` who was given it to act for them.
 */
export const apiKey = adapter(
  {
    kind: z.enum(['user', 'service', 'agent']),
    agent: name.optional(),
    tenant: name.optional(),
    scopes: names,
    roles: names.optional(),
    groups: names.optional(),
    permissions: names.optional(),
  },
  (record) => record,
)
