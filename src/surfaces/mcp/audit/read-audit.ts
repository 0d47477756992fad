import { type AuditEvent, decodedEvent } from './event.ts'
import { linesOf } from './read-lines.ts'

/**
 * The events of a log, as they are written, without verification of their chains.
 *
 * @returns with each line its event; undefined for a line that is none
 * @throws Error when the file cannot be read
 */
export function* auditEvents(
  path: string,
): Generator<{ readonly line: number; readonly event: AuditEvent | undefined }> {
  for (const { number, bytes } of linesOf(path)) yield { line: number, event: decodedEvent(bytes)?.event }
}
