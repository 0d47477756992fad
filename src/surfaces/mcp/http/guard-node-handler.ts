import type { ServerResponse } from 'node:http'
import type { GuardEngine } from '../sdk/guard-point.ts'
import type { Caller } from './caller.ts'
import { createHttpGuard, type HttpGuardOptions } from './http-guard.ts'
import { fromRequest, type NodeRequest, toRequest } from './node-request.ts'
import { send, written } from './node-response.ts'

export interface GuardNodeOptions<Incoming> extends HttpGuardOptions {
  /**
   * On whose behalf a request is made, from credentials that were verified: by this function, or by what ran before, which left them on
   * the request. What it may be, and how that is answered, see `Caller`.
   */
  authenticate(request: Incoming): Caller | Promise<Caller>
}

/** As Express calls it; `next` for a handler that is the rest of the application. */
export type NodeHandler<Incoming, Outgoing> = (
  request: Incoming,
  response: Outgoing,
  next: (error?: unknown) => void,
) => unknown

/**
 * `guardHandler` for `node:http` and Express: around what calls `transport.handleRequest(req, res, req.body)` of the SDK 1.x. Stands
 * after the body parser, if there is one.
 *
 * @param handler called with what was judged, as `req.body` and as a stream; also for what the guard itself asks the server. What it
 *   writes is judged
 */
export function guardNodeHandler<Incoming extends NodeRequest, Outgoing extends ServerResponse>(
  handler: NodeHandler<Incoming, Outgoing>,
  engine: GuardEngine,
  options: GuardNodeOptions<Incoming>,
): (request: Incoming, response: Outgoing, next?: (error?: unknown) => void) => Promise<void> {
  const { authenticate, ...guard } = options
  const guarded = createHttpGuard(engine, guard)
  const answer = async (incoming: Incoming, outgoing: Outgoing): Promise<void> => {
    const gone = new AbortController()
    outgoing.once('close', () => gone.abort())
    const { body } = incoming
    const response = await guarded({
      request: toRequest(incoming, gone.signal),
      // The parser of Express 4 leaves an empty object where there is no body.
      ...(body === undefined || incoming.method !== 'POST' ? {} : { parsedBody: body }),
      principal: () => authenticate(incoming),
      serve: async (request) => {
        const { outgoing: own, response: answered } = written(outgoing)
        const judged = (await fromRequest(incoming, request)) as Incoming
        const failed = new Promise<never>((_, reject) => {
          const fail = (error: unknown): void => {
            reject(error instanceof Error ? error : new Error('nothing answers'))
            own.end()
          }
          Promise.resolve(handler(judged, own as Outgoing, fail)).catch(fail)
        })
        request.signal.addEventListener('abort', () => own.emit('close'), { once: true })
        return await Promise.race([answered, failed])
      },
    })
    // What has not come in by now is not waited for.
    if (!incoming.complete) outgoing.setHeader('connection', 'close')
    await send(response, outgoing)
  }
  return async (incoming, outgoing) => {
    await answer(incoming, outgoing).catch(() => {
      // What Node takes for a request, and the Fetch standard does not.
      if (!outgoing.headersSent) outgoing.writeHead(400)
      outgoing.end()
    })
  }
}
