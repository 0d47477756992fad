/**
 * The parts of the SDKs that a guard touches, in the form that both majors have: `@modelcontextprotocol/sdk` 1.x and
 * `@modelcontextprotocol/server` 2.x. Neither is imported.
 */

/** `McpServer` or `Server`. */
export interface SdkServer {
  connect(transport: never): Promise<void>
}

export interface SdkTransport {
  start(): Promise<void>
  close(): Promise<void>
  send(message: never, options?: never): Promise<void>
}

/** What a verifier has found out about an access token. */
export interface AuthInfo {
  readonly token: string
  readonly clientId: string
  readonly scopes: readonly string[]
  /** Seconds since the epoch. */
  readonly expiresAt?: number
  /** The resource server that the token was issued for (RFC 8707). */
  readonly resource?: URL
  readonly extra?: Readonly<Record<string, unknown>>
}

/** What a transport tells of where a message comes from. Empty over stdio. */
export interface MessageOrigin {
  readonly authInfo?: AuthInfo
  /** The HTTP request, as 1.x tells it. */
  readonly requestInfo?: { readonly headers: Readonly<Record<string, string | readonly string[] | undefined>> }
  /** The HTTP request, as 2.x tells it. */
  readonly request?: Request
}
