import { adapter, name, names, scopeList } from './adapter.ts'

/** Okta, custom authorization servers. `sub` is the login, `uid` the user that it is of; a client by itself has no `uid`. */
export const okta = adapter(
  { sub: name, cid: name.optional(), uid: name.optional(), scp: scopeList.optional(), groups: names.optional() },
  ({ sub, cid, scp, groups }) => ({ kind: sub === cid ? 'service' : 'user', clientId: cid, scopes: scp, groups }),
)
