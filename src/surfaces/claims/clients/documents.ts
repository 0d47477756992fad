import { isJsonObject, type JsonObject, parseJson } from '../../../base/json.ts'
import { cacheLifetime } from '../cache-lifetime.ts'
import { type AgentRecord, agentRecord, type RegistrationOptions } from '../client-registration.ts'
import { type Download, download } from './download.ts'
import { isPublic } from './public-address.ts'

export interface ClientDocumentOptions extends Omit<RegistrationOptions, 'publisher'> {
  /** Lets documents be on this machine, over HTTP besides: for development. */
  readonly loopback?: boolean
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

/** Why a client ID is that of nobody. The message is for the log. */
export interface ClientProblem {
  readonly code: /** No URL that may be a client ID. */
    | 'malformed-client-id'
    /** The document is on a private network, or on this machine. */
    | 'private-address'
    /** It cannot be had: no answer in time, another status than 200, a redirect. */
    | 'unavailable'
    | 'too-large'
    /** It is no JSON object, or its members are not as RFC 7591 has them. */
    | 'malformed-document'
    /** It is about another client. */
    | 'client-mismatch'
    /** It says what a document that everybody can read must not: a secret, or an authentication with one. */
    | 'shared-secret'
  readonly message: string
}

export type ClientDocument =
  | { readonly agent: AgentRecord; readonly metadata: JsonObject; readonly problem?: undefined }
  | { readonly problem: ClientProblem; readonly agent?: undefined; readonly metadata?: undefined }

export interface ClientDocuments {
  /** The client with this ID, as its document has it. Never throws. */
  get(clientId: string): Promise<ClientDocument>
}

const mostDocuments = 1_000
/** Milliseconds: what is asked for by anybody must not be asked for as often as anybody likes. */
const failedFor = 30_000

/**
 * Fetches client ID metadata documents (draft-ietf-oauth-client-id-metadata-document): a client's ID is the URL of what is to be known of it. The URL
 * comes from anybody, so that nothing is fetched but over https and from public addresses, without redirects, within bounds of size and time.
 */
export function clientDocuments(options: ClientDocumentOptions = {}): ClientDocuments {
  const { loopback = false, now = Date.now, ...registration } = options
  const held = new Map<string, { readonly found: Promise<ClientDocument>; until: number }>()

  const look = async (clientId: string, entry: { until: number }): Promise<ClientDocument> => {
    const url = documentUrl(clientId, loopback)
    if (url === undefined)
      return problem(
        'malformed-client-id',
        'the client ID is no https URL with a path, without fragment and dot segments',
      )
    const loaded = await download(url, (address) => isPublic(address, loopback))
    const found = read(clientId, loaded, registration)
    entry.until = now() + (found.problem === undefined ? cacheLifetime(loaded.cacheControl) : failedFor)
    return found
  }
  return {
    get: async (clientId) => {
      const known = held.get(clientId)
      if (known !== undefined && now() < known.until) return await known.found
      held.delete(clientId)
      for (const oldest of held.keys()) {
        if (held.size < mostDocuments) break
        held.delete(oldest)
      }
      const entry = { found: Promise.resolve<ClientDocument>(problem('unavailable', '')), until: now() + failedFor }
      entry.found = look(clientId, entry)
      held.set(clientId, entry)
      return await entry.found
    },
  }
}

/** Section 3: a simple URL, compared as it is. */
function documentUrl(clientId: string, loopback: boolean): URL | undefined {
  if (clientId.length > 2048 || !URL.canParse(clientId)) return undefined
  const url = new URL(clientId)
  const isOwn = /^(?:127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/.test(url.hostname)
  const secure = url.protocol === 'https:' || (loopback && isOwn && url.protocol === 'http:')
  // What a parser would have to set right is another text than the ID.
  const simple = url.href === clientId && url.hash === '' && url.username === '' && url.password === ''
  return secure && simple && url.pathname !== '/' ? url : undefined
}

function read(clientId: string, loaded: Download, registration: RegistrationOptions): ClientDocument {
  if (loaded.problem !== undefined) return { problem: loaded.problem }
  const { value, error } = parseJson(loaded.text)
  if (error !== undefined)
    return problem('malformed-document', `the document of the client is no JSON that all read alike: ${error.reason}`)
  if (!isJsonObject(value)) return problem('malformed-document', 'the document of the client is no object')
  if (!Object.hasOwn(value, 'client_id') || value.client_id !== clientId)
    return problem('client-mismatch', 'the document is about another client (`client_id`)')
  // Section 4.1.
  const { token_endpoint_auth_method: method } = value
  if (Object.hasOwn(value, 'client_secret') || Object.hasOwn(value, 'client_secret_expires_at') || isSecret(method))
    return problem('shared-secret', 'the document, which everybody can read, speaks of a secret')
  const made = agentRecord(value, registration)
  return made.problem === undefined
    ? { agent: made.agent, metadata: value }
    : problem('malformed-document', made.problem.message)
}

function isSecret(method: unknown): boolean {
  return typeof method === 'string' && /^client_secret_/.test(method)
}

function problem(code: ClientProblem['code'], message: string): { readonly problem: ClientProblem } {
  return { problem: { code, message } }
}
