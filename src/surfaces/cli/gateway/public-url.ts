import { Misuse } from '../misuse.ts'

/**
 * The address by which clients know a listener, which is what tokens are for: without a path of a server.
 *
 * @throws Misuse when it is not said, and cannot be told from where it listens
 */
export function publicUrlOf(
  given: string | undefined,
  { host, port }: { readonly host: string; readonly port: number },
): string {
  if (given !== undefined) {
    const url = URL.canParse(given) ? new URL(given) : undefined
    const isBare = url?.search === '' && url.hash === '' && url.username === '' && url.password === ''
    if (
      url === undefined ||
      !isBare ||
      !(url.protocol === 'https:' || (url.protocol === 'http:' && isOwn(url.hostname)))
    )
      throw new Misuse(`\`${given}\` cannot be the address that clients know`, 'such as `https://mcp.example.com`')
    return url.href
  }
  if (!isOwn(host))
    throw new Misuse(
      'the address that clients know, which tokens are for, is not said',
      'say it with `--public-url https://…`: TLS ends in a proxy before the listener',
    )
  if (port === 0)
    throw new Misuse(
      'tokens are for an address, and it is not known which port is free',
      'say the port, or `--public-url`',
    )
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** Nobody else hears what is sent there. */
function isOwn(host: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/.test(host)
}
