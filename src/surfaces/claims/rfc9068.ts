import { adapter, name, names, scopeList } from './adapter.ts'

/** JWT access tokens as RFC 9068 has them: what to use for an issuer that has no adapter of its own. */
export const rfc9068 = adapter(
  {
    sub: name,
    client_id: name.optional(),
    azp: name.optional(),
    scope: scopeList.optional(),
    roles: names.optional(),
    groups: names.optional(),
    entitlements: names.optional(),
  },
  ({ sub, client_id, azp, scope, roles, groups, entitlements }) => ({
    // Section 2.2: for a client by itself, `sub` is the client.
    kind: sub === client_id ? 'service' : 'user',
    clientId: client_id ?? azp,
    scopes: scope,
    roles,
    groups,
    permissions: entitlements,
  }),
  { typ: 'at+jwt' },
)
