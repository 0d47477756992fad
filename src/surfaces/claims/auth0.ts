import { adapter, name, names, scopeList } from './adapter.ts'

/** Auth0, also with the RFC 9068 profile. Without an audience Auth0 gives an opaque token, which is not read here. */
export const auth0 = adapter(
  {
    sub: name,
    azp: name.optional(),
    client_id: name.optional(),
    gty: name.optional(),
    org_id: name.optional(),
    scope: scopeList.optional(),
    permissions: names.optional(),
  },
  ({ sub, azp, client_id, gty, org_id, scope, permissions }) => {
    const clientId = client_id ?? azp
    return {
      kind:
        gty === 'client-credentials' || (clientId !== undefined && sub === `${clientId}@clients`) ? 'service' : 'user',
      clientId,
      tenant: org_id,
      scopes: scope,
      permissions,
    }
  },
)
