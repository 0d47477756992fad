import { createHash } from 'node:crypto'
import { canonicalJson } from '../../../base/canonical.ts'
import type { JsonObject } from '../../../base/json.ts'
import { isJsonObject } from '../../../base/json.ts'
import { printableJson } from '../../../base/printable-json.ts'
import type { AuditRecord } from './audit.ts'

export type EventType =
  | 'dev.licet.decision'
  | 'dev.licet.audit.opened'
  | 'dev.licet.audit.closed'
  | 'dev.licet.audit.moved'

/**
 * A line of the log: a CloudEvent (CloudEvents 1.0.2, JSON format) with the extension attributes that make a chain of the events of one
 * process, and tie together the chains in one file.
 */
export interface AuditEvent {
  readonly specversion: '1.0'
  /** Of the chain and the sequence. */
  readonly id: string
  readonly source: string
  readonly type: EventType
  readonly time: string
  readonly subject?: string
  readonly datacontenttype: 'application/json'
  /** A UUID. */
  readonly chain: string
  /** From 1, without a gap, in twelve digits: the texts sort as the numbers do (CloudEvents extension `sequence`). */
  readonly sequence: string
  /** Digest of the event before in the chain. */
  readonly previous?: string
  /** Digest of the last event of another chain that was in the file before this one. */
  readonly after?: string
  /** Digest of the bytes between the line before and this one: a line that was not written to its end. */
  readonly torn?: string
  readonly data: JsonObject
}

export type EventBody = Pick<AuditEvent, 'type' | 'time' | 'source' | 'subject' | 'data'>

/** A decision as an event is about: the time of the record is that of the event. */
export function decisionEvent({ time, ...data }: AuditRecord): EventBody {
  const { server, kind, ...names } = data.resource
  const [name] = Object.values(names)
  return {
    type: 'dev.licet.decision',
    time,
    source: `/licet/servers/${encodeURIComponent(server ?? '')}`,
    subject: name === undefined ? (kind ?? '') : `${kind}/${name}`,
    data: data as unknown as JsonObject,
  }
}

export interface Linked {
  /** The line, without its end. */
  readonly text: string
  /** Of the event, in its canonical form. */
  readonly digest: string
}

/** @throws Error when the event has no canonical form */
export function linkedEvent(
  body: EventBody,
  links: Pick<AuditEvent, 'chain' | 'previous' | 'after' | 'torn'>,
  number: number,
): Linked {
  const sequence = sequenceText(number)
  const canonical = canonicalJson({
    specversion: '1.0',
    id: `${links.chain}/${sequence}`,
    datacontenttype: 'application/json',
    ...body,
    ...links,
    sequence,
  })
  if (canonical === undefined) throw new Error('the record is no JSON')
  return { text: printableJson(canonical), digest: digestOf(canonical) }
}

/**
 * Reads a line as it was written: canonical (RFC 8785), but that characters which do not show are escaped.
 *
 * @returns undefined for what no writer of this log has written
 */
export function readEvent(text: string): { readonly event: AuditEvent; readonly digest: string } | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isEvent(value)) return undefined
  const canonical = canonicalJson(value)
  if (canonical === undefined || printableJson(canonical) !== text) return undefined
  return { event: value, digest: digestOf(canonical) }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** `readEvent` of bytes, which have to be UTF-8. */
export function decodedEvent(bytes: Buffer): ReturnType<typeof readEvent> {
  try {
    return readEvent(utf8.decode(bytes))
  } catch {
    return undefined
  }
}

/** What every event of this log begins with: what is left of a torn one can be told by it. */
export function isBeginning(bytes: Buffer): boolean {
  const begins = (start: string): boolean => {
    const length = Math.min(bytes.length, start.length)
    return bytes.subarray(0, length).toString('latin1') === start.slice(0, length)
  }
  return begins('{"after":"sha256:') || begins('{"chain":"')
}

export function digestOf(content: string | Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}

export function sequenceText(number: number): string {
  return String(number).padStart(12, '0')
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const digest = /^sha256:[0-9a-f]{64}$/
const types: ReadonlySet<unknown> = new Set<EventType>([
  'dev.licet.decision',
  'dev.licet.audit.opened',
  'dev.licet.audit.closed',
  'dev.licet.audit.moved',
])

function isEvent(value: unknown): value is AuditEvent {
  if (!isJsonObject(value)) return false
  const isText = (name: string) => Object.hasOwn(value, name) && typeof value[name] === 'string'
  const isDigest = (name: string) => !Object.hasOwn(value, name) || digest.test(String(value[name]))
  return (
    value.specversion === '1.0' &&
    ['id', 'source', 'time', 'chain'].every(isText) &&
    uuid.test(String(value.chain)) &&
    types.has(value.type) &&
    typeof value.sequence === 'string' &&
    /^\d{12}$/.test(value.sequence) &&
    value.id === `${String(value.chain)}/${value.sequence}` &&
    ['previous', 'after', 'torn'].every(isDigest) &&
    isJsonObject(value.data)
  )
}
