import * as z from 'zod'
import { adapter, name, names, scopeList } from './adapter.ts'

const tenant = z.looseObject({ roles: names.optional(), permissions: names.optional() })

/** Descope. Of the tenants only the current one (`dct`) counts: what somebody may do in another is not what they may do here. */
export const descope = adapter(
  {
    azp: name.optional(),
    client_id: name.optional(),
    scope: scopeList.optional(),
    roles: names.optional(),
    permissions: names.optional(),
    dct: name.optional(),
    tenants: z.record(z.string(), tenant).optional(),
  },
  ({ azp, client_id, scope, roles = [], permissions = [], dct, tenants = {} }) => {
    const current = dct !== undefined && Object.hasOwn(tenants, dct) ? tenants[dct] : undefined
    return {
      clientId: client_id ?? azp,
      tenant: dct,
      scopes: scope,
      roles: [...roles, ...(current?.roles ?? [])],
      permissions: [...permissions, ...(current?.permissions ?? [])],
    }
  },
)
