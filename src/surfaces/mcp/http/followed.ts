import type { JsonObject } from '../../../base/json.ts'
import { writeEvent } from '../protocol/event-stream.ts'
import { writeLine } from '../protocol/wire.ts'

/**
 * A stream of events that begins with a message, and goes on with what a later response has: a question about a request, and
 * then the answer to it. By then its status and headers cannot be told any more.
 *
 * @param failed says what to send where there is no later response, or it breaks off
 */
export function followed(
  message: JsonObject,
  later: Promise<Response>,
  failed: (thrown: unknown) => JsonObject,
): Response {
  const encoder = new TextEncoder()
  const event = (text: string): Uint8Array => encoder.encode(writeEvent({ data: text.trimEnd() }))
  let rest: ReadableStreamDefaultReader<Uint8Array> | undefined
  let isCancelled = false
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(event(writeLine(message))),
    pull: async (controller) => {
      try {
        if (rest === undefined) {
          const response = await later
          if (isCancelled) return await response.body?.cancel()
          if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) {
            const text = await response.text()
            if (text !== '') controller.enqueue(event(text))
            return controller.close()
          }
          rest = response.body?.getReader()
        }
        const next = await rest?.read()
        if (next === undefined || next.done) controller.close()
        else controller.enqueue(next.value)
      } catch (thrown) {
        if (isCancelled) return
        controller.enqueue(event(writeLine(failed(thrown))))
        controller.close()
      }
    },
    cancel: async (reason) => {
      isCancelled = true
      await rest?.cancel(reason).catch(() => {})
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } })
}
