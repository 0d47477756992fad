/**
 * The one spelling that every URI has here, so that two URIs that a server may treat alike never get two decisions:
 *
 * - a lowercase scheme, then `//` and an authority (which may be empty), or an opaque path such as `isbn:123`; not `file:/x`,
 *   which is another spelling of `file:///x`, nor `file://localhost/`
 * - `http` and `https`: a lowercase host, no user information, no default port
 * - no segment `.` or `..`, no empty segment but the last
 * - ASCII only, no space, control character, backslash, or other character that RFC 3986 does not allow
 * - percent escapes in capitals, of well-formed UTF-8, and only for characters that cannot stand in a path segment as they are
 *   (RFC 3986, `pchar`), so never for letters, `.` or `:`, and never for `/`, `\` or a control character; in a query also for
 *   sub-delimiters. No escape of an escape (`%252F`): some servers decode twice
 * - no empty query or fragment
 *
 * Linear in the length of the URI.
 */
export function canonicalUri(uri: string): boolean {
  const match = structure.exec(uri)
  if (match === null) return false
  const [, scheme = '', authority, path = '', query = '', fragment = ''] = match
  if (!escapes.test(path) || !escapes.test(authority ?? '') || !queryEscapes.test(query + fragment)) return false
  if (twiceEscaped.test(uri) || !isUtf8(uri)) return false
  if (authority === undefined ? path === '' || path.startsWith('/') : !plainAuthority(scheme, authority)) return false
  // The first segment is empty before a leading slash, the last after a trailing one.
  return path.split('/').every((segment, i, { length }) => {
    return segment === '' ? i === 0 || i === length - 1 : segment !== '.' && segment !== '..'
  })
}

const structure =
  /^([a-z][a-z0-9+.-]*):(?:\/\/([\w.~!$&'()*+,;=:@%-]*)(?![^/?#]))?([\w.~!$&'()*+,;=:@%/-]*)(?:\?([\w.~!$&'()*+,;=:@%/?-]+))?(?:#([\w.~!$&'()*+,;=:@%/?-]+))?$/

// Space, `"`, `#`, `%`, `<`, `>`, `?`, `[`, `]`, `^`, `` ` ``, `{`, `|`, `}`, and everything beyond ASCII.
const escapes = /^[^%]*(?:%(?:2[0235]|3[CEF]|5[BDE]|60|7[BCD]|[89A-F][0-9A-F])[^%]*)*$/
const queryEscapes = /^[^%]*(?:%(?:2[0-9ABC]|3[ABCDEF]|40|5[BDE]|60|7[BCD]|[89A-F][0-9A-F])[^%]*)*$/
const twiceEscaped = /%25[0-9A-Fa-f]{2}/
const defaultPort = { http: ':80', https: ':443' } as const

function plainAuthority(scheme: string, authority: string): boolean {
  if (authority === '.' || authority === '..') return false
  if (scheme === 'file') return authority !== 'localhost'
  if (scheme !== 'http' && scheme !== 'https') return true
  return /^[a-z0-9.-]+(?::[0-9]+)?$/.test(authority) && !authority.endsWith(defaultPort[scheme])
}

function isUtf8(uri: string): boolean {
  const text = decodePercent(uri)
  // U+0080 to U+009F are control characters too, and the two separators end lines.
  return text !== undefined && !/[\u0080-\u009f\u2028\u2029]/.test(text)
}

/** The text that percent escapes stand for, or undefined where they are malformed. */
export function decodePercent(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** The canonical spelling of a text inside a path segment; slashes stay. The text has no lone surrogate. */
export function encodePath(text: string): string {
  return text.replace(/[^\w.~!$&'()*+,;=:@/-]+/g, (run) => encodeURIComponent(run))
}
