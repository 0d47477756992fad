import type { Url } from './value.ts'

/** Scheme, `//`, and an authority that no two URL parsers read differently. */
const unambiguous =
  /^[A-Za-z][A-Za-z0-9+.-]*:\/\/(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)(?::\d{1,5})?(?:[/?#]|$)/

/**
 * An absolute URL with a host, as the WHATWG URL Standard parses it: host in lower case, a number as an IPv4 address,
 * dot segments of the path resolved. Refused, since other parsers read them otherwise: credentials, backslashes, white
 * space and control characters, a host with percent signs, a trailing dot or characters outside ASCII (write `xn--…`).
 * The fragment is dropped: it is never sent.
 */
export function parseUrl(text: string): Url | undefined {
  if (!unambiguous.test(text) || /[\\\s\p{Cc}\p{Surrogate}]/u.test(text)) return undefined
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return undefined
  }
  if (url.hostname === '') return undefined
  return {
    kind: 'url',
    scheme: url.protocol.slice(0, -1),
    // The standard leaves the case of hosts alone where it does not know the scheme.
    host: url.hostname.toLowerCase(),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    path: url.pathname,
    ...(url.search === '' ? {} : { query: url.search.slice(1) }),
  }
}

export function formatUrl(url: Url): string {
  const port = url.port === undefined ? '' : `:${url.port}`
  const query = url.query === undefined ? '' : `?${url.query}`
  return `${url.scheme}://${url.host}${port}${url.path}${query}`
}
