import { largestMessage } from '../protocol/wire.ts'

export type Body =
  | { readonly text: string; readonly refused?: undefined }
  | { readonly refused: 'too large' | 'too slow' | 'not UTF-8' | 'cut off'; readonly text?: undefined }

const mostPieces = 1024

/**
 * Reads the body of a request or a response, as strict UTF-8; what is past the limits is not read on.
 *
 * @param milliseconds for all of it; without end when left out
 */
export async function readBody(
  { body, headers }: Request | Response,
  milliseconds?: number,
  limit = largestMessage,
): Promise<Body> {
  if (body === null) return { text: '' }
  if (Number(headers.get('content-length') ?? 0) > limit) {
    await body.cancel().catch(() => {})
    return { refused: 'too large' }
  }
  const reader = body.getReader()
  let refused: Body['refused']
  const stop = (why: NonNullable<Body['refused']>): void => {
    refused = why
    // What is still waited for is then at its end.
    reader.cancel().catch(() => {})
  }
  const timer = milliseconds === undefined ? undefined : setTimeout(() => stop('too slow'), milliseconds)
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let text = ''
  let size = 0
  // A sender chooses how small the pieces are: many of them are one.
  let pieces: string[] = []
  const join = (): void => {
    text += pieces.join('')
    pieces = []
  }
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      size += piece.value.byteLength
      if (size > limit) {
        stop('too large')
        break
      }
      pieces.push(decoder.decode(piece.value, { stream: true }))
      if (pieces.length === mostPieces) join()
    }
    if (refused !== undefined) return { refused }
    pieces.push(decoder.decode())
    join()
    return { text }
  } catch (thrown) {
    stop(thrown instanceof TypeError && size > 0 ? 'not UTF-8' : 'cut off')
    return { refused: refused ?? 'cut off' }
  } finally {
    clearTimeout(timer)
  }
}
