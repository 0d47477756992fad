import { lookup as resolve } from 'node:dns'
import { get as getOverHttp, type IncomingMessage } from 'node:http'
import { get as getOverHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { ClientProblem } from './documents.ts'

export type Download =
  | { readonly text: string; readonly cacheControl?: string; readonly problem?: undefined }
  | { readonly problem: ClientProblem; readonly text?: undefined; readonly cacheControl?: undefined }

const mostBytes = 16 * 1024
const timeout = 5_000

/**
 * Fetches a document from an address that may be connected to. The address that was looked at is the one that is connected to: a name
 * that means something else a moment later gains nothing. Never throws.
 */
export function download(url: URL, mayConnect: (address: string) => boolean): Promise<Download> {
  return new Promise((done) => {
    const fail = (code: ClientProblem['code'], message: string): void => done({ problem: { code, message } })
    const host = url.hostname.replace(/^\[|\]$/g, '')
    if (isIP(host) !== 0 && !mayConnect(host)) return fail('private-address', privately)
    const signal = AbortSignal.timeout(timeout)
    const headers = { accept: 'application/json', 'accept-encoding': 'identity' }
    const get = url.protocol === 'https:' ? getOverHttps : getOverHttp
    const request = get(url, { headers, signal, agent: false, lookup: publicOnly(mayConnect) }, (response) => {
      if (response.statusCode !== 200) {
        response.destroy()
        return fail('unavailable', `the document of the client: status ${response.statusCode}`)
      }
      void read(response).then(done)
    })
    request.on('error', (error) =>
      error.message === privately
        ? fail('private-address', privately)
        : fail(
            'unavailable',
            `the document of the client cannot be fetched: ${signal.aborted ? 'too slow' : error.message}`,
          ),
    )
  })
}

const privately = 'the document of the client is not on a public address'

/** Every address that the name has must do: whoever mixes them tries something. */
function publicOnly(mayConnect: (address: string) => boolean): LookupFunction {
  return (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, '')
      const [first] = addresses
      if (first === undefined || !addresses.every(({ address }) => mayConnect(address)))
        return done(new Error(privately), '')
      if (options.all === true) done(null, addresses)
      else done(null, first.address, first.family)
    })
  }
}

async function read(response: IncomingMessage): Promise<Download> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of response as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength
      if (bytes > mostBytes)
        return { problem: { code: 'too-large', message: 'the document of the client has more than 16 KiB' } }
      chunks.push(chunk)
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
    const { 'cache-control': cacheControl } = response.headers
    return { text, ...(cacheControl === undefined ? {} : { cacheControl }) }
  } catch (error) {
    if (error instanceof TypeError)
      return { problem: { code: 'malformed-document', message: 'the document of the client is no UTF-8' } }
    return { problem: { code: 'unavailable', message: 'the document of the client broke off' } }
  }
}
