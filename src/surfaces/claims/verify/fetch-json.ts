import { type JsonValue, parseJson } from '../../../base/json.ts'
import { cacheLifetime } from '../cache-lifetime.ts'
import { type FetchedThing, Refused } from './refusal.ts'

export interface Fetched {
  readonly status: number
  /** Only with status 200. */
  readonly body?: JsonValue
  /** Milliseconds for which it may be kept. */
  readonly lifetime: number
}

const mostBytes = 256 * 1024
const timeout = 5_000

/** HTTPS, and HTTP with a server on this machine. */
export function isSecure(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, username, password } = new URL(url)
  if (username !== '' || password !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && /^(?:127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/.test(hostname))
}

/**
 * Whether the metadata of an issuer may send us to a URL: to the issuer's own host, or over HTTPS to a name. An address, or a name of this machine,
 * that is not the issuer's own could make us ask something that nobody outside reaches; what answers to a name over HTTPS has shown that it is its.
 */
function mayName(issuer: string, url: string): boolean {
  if (!isSecure(url)) return false
  const { protocol, hostname } = new URL(url)
  if (hostname === new URL(issuer).hostname) return true
  const isAddress = /^\[|^\d+\.\d+\.\d+\.\d+$/.test(hostname)
  return protocol === 'https:' && !isAddress && !/(?:^|\.)localhost\.?$/.test(hostname)
}

/**
 * Asks for a JSON document: no redirects, at most 256 KiB, at most five seconds for all of it.
 *
 * @param namedBy the issuer whose metadata names the URL, where not the host does
 * @throws Refused
 */
export async function fetchJson(
  what: FetchedThing,
  url: string,
  namedBy: string | undefined,
  init: RequestInit = {},
): Promise<Fetched> {
  if (!isSecure(url)) throw new Refused(`${what}-unusable`, `${shown(url)} is no https URL`)
  if (namedBy !== undefined && !mayName(namedBy, url))
    throw new Refused(`${what}-unusable`, `${shown(url)} is where the metadata of \`${namedBy}\` may not send us`)
  try {
    const headers = { accept: 'application/json', ...init.headers }
    const response = await fetch(url, { ...init, headers, redirect: 'manual', signal: AbortSignal.timeout(timeout) })
    const { status } = response
    const lifetime = cacheLifetime(response.headers.get('cache-control'))
    if (status !== 200) {
      await response.body?.cancel()
      return { status, lifetime }
    }
    const read = parseJson(await textOf(what, url, response))
    if (read.error !== undefined)
      throw new Refused(
        `${what}-unusable`,
        `${shown(url)} answers with no JSON that all read alike: ${read.error.reason}`,
      )
    return { status, lifetime, body: read.value }
  } catch (thrown) {
    if (thrown instanceof Refused) throw thrown
    throw new Refused(`${what}-unavailable`, `${shown(url)} cannot be reached: ${why(thrown)}`)
  }
}

async function textOf(what: FetchedThing, url: string, { body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength
    // Leaving the loop cancels the rest.
    if (bytes > mostBytes) throw new Refused(`${what}-too-large`, `${shown(url)} answers with more than 256 KiB`)
    chunks.push(chunk)
  }
  const all = new Uint8Array(bytes)
  for (let at = 0; chunks.length > 0; ) {
    const chunk = chunks.shift() ?? new Uint8Array()
    all.set(chunk, at)
    at += chunk.byteLength
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(all)
  } catch {
    throw new Refused(`${what}-unusable`, `${shown(url)} answers with no UTF-8`)
  }
}

function why(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'the connection failed'
  if (thrown.name === 'TimeoutError') return 'it takes too long'
  return thrown.cause instanceof Error ? thrown.cause.message : thrown.message
}

/** Without what may be secret in it, or is no name. */
function shown(url: string): string {
  if (!URL.canParse(url)) return 'what the metadata names'
  const { origin, pathname } = new URL(url)
  return `\`${origin}${pathname}\``
}
