import * as z from 'zod'
import { adapter, type IssuerOptions, name, names, scopeList } from './adapter.ts'

export interface KeycloakOptions extends IssuerOptions {
  /** The client whose roles are read, in place of those of the realm: two clients may mean different things by one name. */
  readonly rolesOf?: string
}

const roles = z.looseObject({ roles: names.optional() })

/** Keycloak. Groups are paths (`/staff/night`), as it sends them. */
export const keycloak = adapter(
  {
    azp: name.optional(),
    client_id: name.optional(),
    preferred_username: name.optional(),
    scope: scopeList.optional(),
    realm_access: roles.optional(),
    resource_access: z.record(z.string(), roles).optional(),
    groups: names.optional(),
  },
  (
    { azp, client_id, preferred_username, scope, realm_access, resource_access, groups },
    { rolesOf }: KeycloakOptions,
  ) => ({
    // Both are only in the token of a service account: a user may choose a name, but not the client's id.
    kind: client_id !== undefined && preferred_username === `service-account-${client_id}` ? 'service' : 'user',
    clientId: azp ?? client_id,
    scopes: scope,
    roles: rolesOf === undefined ? realm_access?.roles : rolesIn(resource_access, rolesOf),
    groups,
  }),
)

function rolesIn(
  access: Readonly<Record<string, { readonly roles?: string[] | undefined }>> | undefined,
  client: string,
) {
  return access !== undefined && Object.hasOwn(access, client) ? access[client]?.roles : undefined
}
