import * as z from 'zod'
import { adapter, name, names, scopeList } from './adapter.ts'

/** Stytch B2B: sessions of members, and tokens of connected apps. */
export const stytch = adapter(
  {
    client_id: name.optional(),
    scope: scopeList.optional(),
    'https://stytch.com/organization': z.looseObject({ organization_id: name }).optional(),
    'https://stytch.com/session': z.looseObject({ roles: names.optional() }).optional(),
  },
  ({ client_id, scope, 'https://stytch.com/organization': organisation, 'https://stytch.com/session': session }) => ({
    clientId: client_id,
    tenant: organisation?.organization_id,
    scopes: scope,
    roles: session?.roles,
  }),
)
