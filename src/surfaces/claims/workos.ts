import { adapter, name, names, scopeList } from './adapter.ts'

/** WorkOS AuthKit. */
export const workos = adapter(
  {
    client_id: name.optional(),
    org_id: name.optional(),
    role: name.optional(),
    roles: names.optional(),
    permissions: names.optional(),
    scope: scopeList.optional(),
  },
  ({ client_id, org_id, role, roles, permissions, scope }) => ({
    clientId: client_id,
    tenant: org_id,
    scopes: scope,
    roles: roles ?? (role === undefined ? undefined : [role]),
    permissions,
  }),
)
