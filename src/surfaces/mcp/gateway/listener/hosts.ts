import { isIP } from 'node:net'

const loopbackNames = ['localhost', '127.0.0.1', '[::1]']

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/** The names under which requests may ask for this listener, as they stand in URLs. */
export function hostNames(host: string, more: readonly string[]): ReadonlySet<string> {
  const own = host.includes(':') ? `[${host}]` : host
  return new Set([own, ...(isLoopback(host) ? loopbackNames : []), ...more].map((name) => name.toLowerCase()))
}

/**
 * Against DNS rebinding (MCP, "Streamable HTTP", Security Warning): a page of another site that has made its own name lead here asks for that
 * name in `Host`, and says in `Origin` whose page it is.
 *
 * @returns why a request is not for this listener, if it is not
 */
export function hostProblem(
  names: ReadonlySet<string>,
  host: string | undefined,
  origin: string | undefined,
): string | undefined {
  if (!names.has(nameIn(`http://${host ?? ''}`) ?? '')) return 'the host of the request is not this one'
  if (origin !== undefined && !names.has(nameIn(origin) ?? '')) return 'requests from this origin are not answered'
  return undefined
}

function nameIn(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, hostname, username, password, pathname, search, hash } = new URL(url)
  const isBare = username === '' && password === '' && pathname === '/' && search === '' && hash === ''
  return isBare && (protocol === 'http:' || protocol === 'https:') ? hostname : undefined
}
