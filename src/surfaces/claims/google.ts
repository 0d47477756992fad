import { adapter, name, scopeList } from './adapter.ts'

/**
 * Google: its access tokens are opaque, and this reads what the token information endpoint says of one, with the issuer added
 * (`https://accounts.google.com`). `hd` is the organisation, and absent for anyone with an address of their own.
 */
export const google = adapter(
  { azp: name.optional(), scope: scopeList.optional(), hd: name.optional() },
  ({ azp, scope, hd }) => ({ clientId: azp, tenant: hd, scopes: scope }),
)
