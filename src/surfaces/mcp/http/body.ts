import { largestMessage } from '../protocol/wire.ts'

export type Body =
  | { readonly text: string; readonly refused?: undefined }
  | { readonly refused: 'too large' | 'too slow' | 'not UTF-8' | 'cut off'; readonly text?: undefined }

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
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<'late'>((resolve) => {
    if (milliseconds !== undefined) timer = setTimeout(() => resolve('late'), milliseconds)
  })
  const stop = (refused: NonNullable<Body['refused']>): Body => {
    reader.cancel().catch(() => {})
    return { refused }
  }
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let text = ''
  let size = 0
  try {
    for (;;) {
      const piece = await Promise.race([reader.read(), late])
      if (piece === 'late') return stop('too slow')
      if (piece.done) break
      size += piece.value.byteLength
      if (size > limit) return stop('too large')
      text += decoder.decode(piece.value, { stream: true })
    }
    return { text: text + decoder.decode() }
  } catch (thrown) {
    return stop(thrown instanceof TypeError && size > 0 ? 'not UTF-8' : 'cut off')
  } finally {
    clearTimeout(timer)
  }
}
