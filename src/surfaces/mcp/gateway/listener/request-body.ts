import type { IncomingMessage } from 'node:http'
import { mediaType } from '../../http/media-type.ts'
import { invalidRequest, parseError } from '../../protocol/denial.ts'
import { decodeLine } from '../../protocol/framing.ts'
import type { Message } from '../../protocol/message.ts'
import { largestMessage, readLine } from '../../protocol/wire.ts'
import { type Refusal, refusal } from './refusal.ts'

export type Body =
  | { readonly message: Message; readonly text: string; readonly refusal?: undefined }
  | { readonly refusal: Refusal; readonly message?: undefined }

/** Reads the one message that a request carries, strictly; undefined when the client leaves meanwhile. */
export async function readBody(request: IncomingMessage): Promise<Body | undefined> {
  const { headers } = request
  if (mediaType(headers['content-type']) !== 'application/json') {
    return { refusal: refusal(415, 'the content type of a message is application/json') }
  }
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    return { refusal: refusal(415, 'the body of a request is not encoded', { 'accept-encoding': 'identity' }) }
  }
  const tooLarge = { refusal: refusal(413, `a message is at most ${largestMessage / 1024 / 1024} MiB`) }
  if (Number(headers['content-length'] ?? 0) > largestMessage) return tooLarge
  const bytes = await bytesOf(request)
  if (bytes === undefined) return undefined
  if (bytes === 'too many') return tooLarge
  const incoming = readLine(decodeLine(bytes))
  if (incoming.message === undefined) {
    const { id, why } = incoming
    const error = { code: parseError, message: `the message cannot be read: ${why}` }
    return { refusal: { status: 400, error, ...(id === undefined ? {} : { id }) } }
  }
  const { message } = incoming
  // An answer that is none still answers: the server waits for it.
  if (message.kind !== 'invalid' || (message.isAnswer && message.id !== undefined)) return incoming
  const error = { code: invalidRequest, message: `invalid message: ${message.why}` }
  return { refusal: { status: 400, error, ...(message.id === undefined ? {} : { id: message.id }) } }
}

/** What is too much is read on, so that the client hears why it is refused, but not kept. */
function bytesOf(request: IncomingMessage): Promise<Buffer | 'too many' | undefined> {
  return new Promise((resolve) => {
    let pieces: Buffer[] = []
    let length = 0
    request.on('data', (piece: Buffer) => {
      length += piece.length
      if (length <= largestMessage) pieces.push(piece)
      else {
        pieces = []
        resolve('too many')
      }
    })
    request.once('end', () => resolve(Buffer.concat(pieces)))
    request.on('error', () => {})
    request.once('close', () => resolve(undefined))
  })
}
