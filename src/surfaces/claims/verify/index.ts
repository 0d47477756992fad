/**
 * From a request's credentials to a request under a policy: signature, issuer, audience, times, DPoP, introspection, API keys. Takes `jose`,
 * a peer dependency. The subpath `licet/claims/verify`.
 */
export type { Algorithm } from '../algorithms.ts'
export type { ApiKeys } from './api-keys.ts'
export type { Credentials } from './credentials.ts'
export type { Introspection } from './introspect.ts'
export type { Refusal, RefusalReason, Unauthenticated } from './refusal.ts'
export type { ReplayStore } from './replay.ts'
export type { Issuer } from './trusted-issuer.ts'
export { createVerifier, type DpopOptions, type Verified, type Verifier, type VerifierOptions } from './verifier.ts'
