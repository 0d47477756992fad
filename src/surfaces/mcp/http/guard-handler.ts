import type { GuardEngine } from '../sdk/guard-point.ts'
import type { Caller } from './caller.ts'
import { createHttpGuard, type HttpGuardOptions } from './http-guard.ts'

export interface GuardHandlerOptions<Context> extends HttpGuardOptions {
  /**
   * On whose behalf a request is made, from credentials that were verified: by this function, or by whoever passes `context` on.
   * What it may be, and how that is answered, see `Caller`.
   */
  authenticate(request: Request, context: Context | undefined): Caller | Promise<Caller>
}

/**
 * Guards an MCP endpoint: `createMcpHandler(factory).fetch` of the SDK 2.x, and whatever else answers a `Request`. What a policy does
 * not permit is refused, in HTTP where HTTP has a word for it: 401, and 403 with the scopes that it takes.
 *
 * @param handler called with what was judged, written anew; and with the context, but for `parsedBody`
 */
export function guardHandler<Context extends object = { parsedBody?: unknown }>(
  handler: (request: Request, context?: Context) => Promise<Response>,
  engine: GuardEngine,
  options: GuardHandlerOptions<Context>,
): (request: Request, context?: Context) => Promise<Response> {
  const { authenticate, ...guard } = options
  const guarded = createHttpGuard(engine, guard)
  return (request, context) => {
    const { parsedBody, ...others } = (context ?? {}) as { readonly parsedBody?: unknown }
    return guarded({
      request,
      ...(parsedBody === undefined ? {} : { parsedBody }),
      principal: () => authenticate(request, context),
      serve: (judged) => handler(judged, context === undefined ? undefined : (others as Context)),
    })
  }
}
