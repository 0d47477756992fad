/** Who a token is about, or who acts: known by issuer and id together. */
export interface Party {
  readonly id: string
  /** The issuer that the id is of; where it is left out, that of the token. */
  readonly iss?: string
  readonly kind?: PartyKind
}

export type PartyKind = 'user' | 'service' | 'agent'

/** What a token says, in the same words whoever issued it. */
export interface TokenPrincipal {
  /** The principal's key is `iss` and `id` together. */
  readonly subject: Party & { readonly iss: string; readonly kind: PartyKind }
  /** Who acts for the subject now, outermost first. Empty where nobody does. */
  readonly agents: readonly Party[]
  /** Prior actors of a delegation chain (RFC 8693, section 4.1): for the audit log, never for a decision. */
  readonly history: readonly Party[]
  readonly clientId?: string
  readonly tenant?: string
  readonly scopes: ReadonlySet<string>
  readonly roles: readonly string[]
  readonly groups: readonly string[]
  readonly permissions: readonly string[]
  readonly assurance: Assurance
  /** The key that the token is bound to (RFC 9449, section 6.1); its proof has to be verified before anything is decided. */
  readonly binding?: { readonly jkt: string }
  /** All claims but those that users edit themselves. */
  readonly claims: Claims
}

/** How the subject was authenticated. */
export interface Assurance {
  readonly acr?: string
  readonly amr?: readonly string[]
  /** Milliseconds since the epoch. */
  readonly authTime?: number
}

export type Claims = Readonly<Record<string, unknown>>

/** Why claims are no principal. The message is for the operator: it names claims, never their values. */
export interface ClaimsProblem {
  readonly code: /** A claim that the adapter reads has another shape than the issuer gives it. */
    | 'malformed'
    /** `act` is there, and does not say who acts. */
    | 'unreadable-act'
    /** `act` is there, and the adapter was told that this issuer has no agents. */
    | 'unexpected-act'
    /** The client is the agent, and the token names no client. */
    | 'no-client'
    /** There are more groups than the token holds: it is not known which. */
    | 'group-overage'
    /** An ID token, or another token that is none for access. */
    | 'not-an-access-token'
    /** Introspection says that the token is not, or no longer, one. */
    | 'inactive'
    /** No adapter is for this issuer. */
    | 'unknown-issuer'
  readonly message: string
}

export type Reading =
  | { readonly principal: TokenPrincipal; readonly problem?: undefined }
  | { readonly problem: ClaimsProblem; readonly principal?: undefined }
