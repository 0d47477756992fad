import type { Principal } from '../enforcement/principal.ts'
import { createGuardPoint, type GuardEngine, type GuardPolicy } from './guard-point.ts'
import { guardTransport, type PrincipalOf, type Wire } from './guard-transport.ts'
import type { SdkServer, SdkTransport } from './types.ts'

export interface GuardOptions extends GuardPolicy {
  /**
   * On whose behalf the client speaks: the same for all messages, as over stdio, or found out from what the transport tells of each.
   * Undefined: the caller is not authenticated, and refused.
   */
  readonly principal: Principal | PrincipalOf
}

/** Guards the servers that a factory makes, one for each request or connection: labels, limits and tasks outlive them. */
export interface Guard {
  /**
   * Every message of the server's next connection is judged, in both directions, whatever is registered before or after.
   *
   * @returns the server
   * @throws TypeError when it is connected already
   */
  <Server extends SdkServer>(server: Server): Server
  /** The same for a transport that nobody is connected to yet: under `serveStdio`, which answers some requests itself. */
  transport<Transport extends SdkTransport>(transport: Transport): Transport
}

/**
 * Guards a server of either SDK, in its own process.
 *
 * @returns the server
 * @throws TypeError when it is connected already
 */
export function guard<Server extends SdkServer>(server: Server, engine: GuardEngine, options: GuardOptions): Server {
  return createGuard(engine, options)(server)
}

/** A guard for many servers, which share what outlives a connection. */
export function createGuard(engine: GuardEngine, { principal, ...policy }: GuardOptions): Guard {
  const point = createGuardPoint(engine, policy)
  const principalOf: PrincipalOf = typeof principal === 'function' ? principal : () => principal
  const guardServer = <Server extends SdkServer>(server: Server): Server => {
    const { low, connect } = connectionOf(server)
    low.connect = (transport) => {
      guardTransport(transport, point, principalOf)
      return connect.call(low, transport)
    }
    return server
  }
  return Object.assign(guardServer, {
    transport: <Transport extends SdkTransport>(transport: Transport): Transport => {
      guardTransport(transport as unknown as Wire, point, principalOf)
      return transport
    },
  })
}

interface LowLevel {
  connect(transport: Wire): Promise<void>
  readonly transport?: unknown
}

/** An `McpServer` connects through the `Server` that it holds, which others may connect themselves. */
function connectionOf(server: SdkServer): { readonly low: LowLevel; readonly connect: LowLevel['connect'] } {
  const { server: inner } = server as { readonly server?: SdkServer }
  const low = (inner ?? server) as unknown as LowLevel
  if (low.transport !== undefined) throw new TypeError('a server is guarded before it is connected')
  return { low, connect: low.connect }
}
