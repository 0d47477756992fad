import type { JsonObject } from '../../../base/json.ts'
import { parseJson } from '../../../base/json.ts'
import { locate } from '../../../base/json-locate.ts'
import { idAtEnds, type Line } from './framing.ts'
import type { Id, Message } from './message.ts'
import { isId, readMessage, writeMessage } from './message.ts'
import { visible } from './visible.ts'

/** Bytes of one message. */
export const largestMessage = 4 * 1024 * 1024

export type Incoming =
  | { readonly message: Message; readonly text: string; readonly why?: undefined }
  /** No JSON that everybody reads in the same way; `id` where its place is plain. */
  | { readonly why: string; readonly id: Id | undefined; readonly message?: undefined }

/**
 * Reads one line strictly: I-JSON (RFC 7493), bounded in size, depth and number of values.
 *
 * @param bigints false where the server is JavaScript, and rounds the integers beyond 2^53: they are then refused
 */
export function readLine(line: Line, bigints = true): Incoming {
  if (line.kind === 'refused') return { why: line.why, id: idAtEnds(line.head, line.tail) }
  // Integers beyond 2^53 stay what they are: nothing is judged by a rounded value.
  const { value, error } = parseJson(line.text, { size: largestMessage, bigints })
  if (error === undefined) return { message: readMessage(value), text: line.text }
  return { why: visible(error.message), id: idOf(line.text) }
}

/** The id of a text that is not what it should be, as far as it goes: only its sender is answered under it. */
function idOf(text: string): Id | undefined {
  const range = locate(text, ['id'])
  const { value } = parseJson(range === undefined ? '' : text.slice(range.start, range.end))
  return isId(value) ? value : undefined
}

/**
 * One line to send. What was judged is what is sent: the message is written anew from the value that was looked at, but for a
 * result that nothing was changed in, whose text is copied, so that it arrives as it was sent (but for line ends, which JSON has
 * only between tokens).
 *
 * @param text the line that the message came in, where `verbatim` names a member of it to copy
 */
export function writeLine(message: JsonObject, text?: string, verbatim?: 'result'): string {
  if (text !== undefined && verbatim !== undefined) {
    const range = locate(text, [verbatim])
    if (range !== undefined) {
      const head = writeMessage({ jsonrpc: '2.0', id: message.id ?? null })
      // What ends a line is space to JSON; to readers of lines or events, what stands between two of them is a message.
      const copy = text.slice(range.start, range.end).replace(/[\r\n]/g, ' ')
      return `${head.slice(0, -1)},"${verbatim}":${copy}}\n`
    }
  }
  return `${writeMessage(message)}\n`
}
