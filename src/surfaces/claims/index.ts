/**
 * From the verified claims of a token to what `authorize` takes: one adapter for each issuer, pure and without network. Verification is
 * `licet/claims/verify`. The subpath `licet/claims`.
 */
export type { AgentMode } from './acting.ts'
export type { ClaimsAdapter, IssuerOptions } from './adapter.ts'
export { apiKey } from './api-key.ts'
export { auth0 } from './auth0.ts'
export { clerk } from './clerk.ts'
export { type AgentRecord, agentRecord, type RegistrationOptions } from './client-registration.ts'
export { cognito } from './cognito.ts'
export { descope } from './descope.ts'
export { type EntraOptions, entra } from './entra.ts'
export { fromIssuers, type RequestReading } from './from-issuers.ts'
export { google } from './google.ts'
export { introspection } from './introspection.ts'
export { type KeycloakOptions, keycloak } from './keycloak.ts'
export { okta } from './okta.ts'
export type { Assurance, Claims, ClaimsProblem, Party, PartyKind, Reading, TokenPrincipal } from './principal.ts'
export {
  type ProtectedResource,
  type ProtectedResourceMetadata,
  protectedResourceMetadata,
  type ResourceDocument,
} from './resource-metadata.ts'
export { rfc9068 } from './rfc9068.ts'
export { stytch } from './stytch.ts'
export { supabase } from './supabase.ts'
export { type EntityTypes, type TokenRequest, toRequest } from './to-request.ts'
export { workos } from './workos.ts'
