import type { Name, StringPart } from './ast.ts'

/**
 * Escapes: `\"` `\\` `\n` `\t` `\{` `\u{…}` (an existing code point, no surrogate). `\*` stays as its two characters in the
 * value of every string: there it is the pattern's escape, which whoever reads the value as a pattern undoes.
 */
const simpleEscapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', n: '\n', t: '\t', '{': '{', '*': '\\*' }

const unicodeEscape = /u\{([0-9A-Fa-f]{1,6})\}/y

interface Escape {
  readonly value: string
  readonly end: number
}

/** The escape at the backslash `i` of a literal's body; undefined where there is no such escape. */
export function escapeAt(body: string, i: number): Escape | undefined {
  const simple = simpleEscapes[body.charAt(i + 1)]
  if (simple !== undefined) return { value: simple, end: i + 2 }
  unicodeEscape.lastIndex = i + 1
  const digits = unicodeEscape.exec(body)?.[1]
  if (digits === undefined) return undefined
  const code = Number.parseInt(digits, 16)
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined
  return { value: String.fromCodePoint(code), end: unicodeEscape.lastIndex }
}

const brokenUnicode = /\\u(?:\{[^}"]{0,16}\}?|[0-9A-Fa-f]{4})?/y

/** Where an escape ends that does not exist: after what was probably meant as one. */
export function brokenEscapeEnd(body: string, i: number): number {
  brokenUnicode.lastIndex = i
  if (brokenUnicode.test(body)) return brokenUnicode.lastIndex
  return Math.min(body.length, i + 1 + String.fromCodePoint(body.codePointAt(i + 1) ?? 0).length)
}

/** The value of a literal's body where nothing interpolates. An escape that does not exist stands for itself. */
export function textOf(body: string): string {
  let from = 0
  let value = ''
  for (let i = body.indexOf('\\'); i !== -1; i = body.indexOf('\\', from)) {
    const read = escapeAt(body, i)
    value += body.slice(from, i) + (read?.value ?? body.slice(i, brokenEscapeEnd(body, i)))
    from = read?.end ?? brokenEscapeEnd(body, i)
  }
  return from === 0 ? body : value + body.slice(from)
}

const dottedPath = /\{([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\}/y

/**
 * Text and `{a.b}` paths of a literal's body in turn, without empty texts. `at` is the offset of the body in its file;
 * `bad` is told of each `{` that starts no dotted path, which then stands for itself.
 */
export function partsOf(body: string, file: string, at: number, bad: (offset: number) => void): readonly StringPart[] {
  if (body === '') return []
  if (!body.includes('\\') && !body.includes('{')) return [{ kind: 'text', value: body }]
  const parts: StringPart[] = []
  let text = ''
  for (let i = 0; i < body.length; ) {
    const c = body.charAt(i)
    if (c === '\\') {
      const read = escapeAt(body, i)
      const end = read?.end ?? brokenEscapeEnd(body, i)
      text += read?.value ?? body.slice(i, end)
      i = end
    } else if (c === '{') {
      dottedPath.lastIndex = i
      const path = dottedPath.exec(body)?.[1]
      if (path === undefined) {
        bad(at + i)
        text += c
        i++
      } else {
        if (text !== '') parts.push({ kind: 'text', value: text })
        text = ''
        const end = dottedPath.lastIndex
        parts.push({
          kind: 'path',
          names: namesOf(path, file, at + i + 1),
          span: { file, start: at + i, end: at + end },
        })
        i = end
      }
    } else {
      const next = nextSpecial(body, i)
      text += body.slice(i, next)
      i = next
    }
  }
  if (text !== '') parts.push({ kind: 'text', value: text })
  return parts
}

function nextSpecial(body: string, from: number): number {
  for (let i = from; i < body.length; i++) if (body[i] === '\\' || body[i] === '{') return i
  return body.length
}

function namesOf(path: string, file: string, at: number): readonly Name[] {
  let start = at
  return path.split('.').map((text) => {
    const name = { text, span: { file, start, end: start + text.length } }
    start += text.length + 1
    return name
  })
}

/** What cannot stand for itself: the literal's own marks, control characters, and separators that editors break lines at. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const special = /\\(?!\*)|["{\u0000-\u001f\u007f\u2028\u2029]/g

/** The body of a literal that has this value. `interpolates` where a bare `{` would start a path. */
export function bodyFor(value: string, interpolates: boolean): string {
  return value.replace(special, (c) => {
    if (c === '{') return interpolates ? '\\{' : c
    if (c === '"' || c === '\\') return `\\${c}`
    if (c === '\n') return '\\n'
    return c === '\t' ? '\\t' : `\\u{${c.charCodeAt(0).toString(16)}}`
  })
}
