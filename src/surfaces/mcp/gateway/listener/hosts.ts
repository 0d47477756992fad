import { isIP } from 'node:net'

const loopbackNames = ['localhost', '127.0.0.1', '[::1]']

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/**
 * Against DNS rebinding (MCP, "Streamable HTTP", Security Warning): a page of another site that has made its own name lead here asks for that
 * name in `Host`, and says in `Origin` whose page it is. A page of another port of the same host is another's, too (RFC 6454, section 5).
 *
 * @param more names of proxies before the listener, which may say another name in `Host` than a page has asked for
 * @returns says why a request is not for this listener, if it is not
 */
export function hostCheck(
  host: string,
  more: readonly string[],
): (asked: string | undefined, origin: string | undefined) => string | undefined {
  const own = host.includes(':') ? `[${host}]` : host
  const proxies = more.map((name) => name.toLowerCase())
  const names = new Set([own.toLowerCase(), ...(isLoopback(host) ? loopbackNames : []), ...proxies])
  return (asked = '', origin) => {
    if (!names.has(bareUrl(`http://${asked}`)?.hostname ?? '')) return 'the host of the request is not this one'
    if (origin === undefined) return undefined
    const page = bareUrl(origin)
    const isOwn = page !== undefined && bareUrl(`${page.protocol}//${asked}`)?.host === page.host
    const isOfProxy = page !== undefined && page.port === '' && proxies.includes(page.hostname)
    return isOwn || isOfProxy ? undefined : 'requests from this origin are not answered'
  }
}

function bareUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const { protocol, username, password, pathname, search, hash } = url
  const isBare = username === '' && password === '' && pathname === '/' && search === '' && hash === ''
  return isBare && (protocol === 'http:' || protocol === 'https:') ? url : undefined
}
