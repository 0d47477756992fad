import { canonicalUri, decodePercent, encodePath } from './canonical-uri.ts'

/**
 * A URI template of the subset of RFC 6570 that can be matched back without ambiguity. `segment` is `{x}`, one non-empty
 * path segment or what a prefix and a suffix leave of it; `rest` is `{+x}`, the non-empty remainder of the path; `segments`
 * is `{/x*}`, one or more whole segments. The last two stand only at the end.
 */
export interface UriTemplate {
  readonly text: string
  readonly parts: readonly TemplatePart[]
  /** In order of appearance. */
  readonly variables: readonly string[]
}

export type TemplatePart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'segment' | 'rest' | 'segments'; readonly name: string }

export type TemplateResult =
  | { readonly template: UriTemplate; readonly reason?: undefined }
  /** Lowercase, without a final period, for a diagnostic. */
  | { readonly reason: string; readonly template?: undefined }

const variable = /^(?:([A-Za-z_][A-Za-z0-9_]*)|\+([A-Za-z_][A-Za-z0-9_]*)|\/([A-Za-z_][A-Za-z0-9_]*)\*)$/

/** Reads a URI template, or says why it is outside the subset. Literal characters beyond ASCII are percent-encoded (RFC 6570, 3.1). */
export function parseUriTemplate(text: string): TemplateResult {
  if (/\p{Surrogate}/u.test(text)) return { reason: 'half of a surrogate pair in the template' }
  const parts: TemplatePart[] = []
  const variables: string[] = []
  let at = 0
  while (at < text.length) {
    const open = text.indexOf('{', at)
    const literal = text.slice(at, open === -1 ? text.length : open)
    if (literal.includes('}')) return { reason: 'a `}` without a `{`' }
    if (/%(?![0-9A-F]{2})/.test(literal)) return { reason: 'a `%` without two hexadecimal digits in capitals' }
    if (literal !== '') parts.push({ kind: 'literal', text: literal.replace(/\P{ASCII}+/gu, encodeURIComponent) })
    if (open === -1) break
    const close = text.indexOf('}', open)
    if (close === -1) return { reason: 'a `{` that is never closed' }
    const inside = text.slice(open + 1, close)
    const [matched, segment, rest, segments] = variable.exec(inside) ?? []
    if (matched === undefined) return { reason: badExpression(inside) }
    const name = segment ?? rest ?? segments ?? ''
    if (variables.includes(name)) return { reason: `the variable \`${name}\` twice` }
    variables.push(name)
    parts.push({ kind: segment !== undefined ? 'segment' : rest !== undefined ? 'rest' : 'segments', name })
    at = close + 1
  }
  const reason = misplaced(parts)
  return reason === undefined ? { template: { text, parts, variables } } : { reason }
}

function badExpression(inside: string): string {
  if (/^[?&#.;]/.test(inside)) return `\`{${inside}}\` cannot be matched back: only \`{x}\`, \`{+x}\` and \`{/x*}\` can`
  return `\`{${inside}}\` is not \`{x}\`, \`{+x}\` or \`{/x*}\` with a name of letters, digits and \`_\``
}

function misplaced(parts: readonly TemplatePart[]): string | undefined {
  const [first] = parts
  if (first?.kind !== 'literal' || !/^[a-z][a-z0-9+.-]*:/.test(first.text)) {
    return 'a URI template begins with a scheme in lowercase, such as `file:`'
  }
  let segmentHasVariable = false
  for (const [i, part] of parts.entries()) {
    const isLast = i === parts.length - 1
    if (part.kind === 'literal') {
      if (/[?#]/.test(part.text) && !isLast) return 'a variable in a query or fragment cannot be matched back'
      if (part.text.includes('/')) segmentHasVariable = false
      continue
    }
    if (part.kind !== 'segment' && !isLast) return `\`${part.name}\` takes the rest of the path and has to be last`
    if (parts[i - 1]?.kind !== 'literal') return 'two variables side by side cannot be told apart'
    if (segmentHasVariable && part.kind !== 'segments') return 'two variables in one path segment cannot be told apart'
    segmentHasVariable = true
  }
  // Digits fit wherever a variable may stand, a port included.
  const sample = parts
    .map((part) => (part.kind === 'literal' ? part.text : part.kind === 'segments' ? '/1' : '1'))
    .join('')
  return canonicalUri(sample) ? undefined : 'no canonical URI has this form, so that it could never match'
}

/**
 * The variables of a URI under a template, or undefined when it does not match. Values are percent-decoded; none is empty, holds
 * `?` or `#` spelled as such, or has a segment `.` or `..`. A URI that is not canonical never matches. Linear time.
 *
 * A match re-expands to exactly the URI, and two URIs never give the same variables.
 */
export function matchUri(template: UriTemplate, uri: string): Map<string, string> | undefined {
  return canonicalUri(uri) ? matchCanonical(template, uri) : undefined
}

function matchCanonical({ parts }: UriTemplate, uri: string): Map<string, string> | undefined {
  const values = new Map<string, string>()
  const pathEnd = endOf(uri, /[?#]/g, 0)
  let at = 0
  for (const [i, part] of parts.entries()) {
    if (part.kind === 'literal') {
      if (!uri.startsWith(part.text, at)) return undefined
      at += part.text.length
      continue
    }
    let end = pathEnd
    if (part.kind === 'segment') {
      const next = parts[i + 1]
      const suffix = next?.kind === 'literal' ? next.text.slice(0, endOf(next.text, /[/?#]/g, 0)) : ''
      end = endOf(uri, /[/?#]/g, at) - suffix.length
    } else if (part.kind === 'segments') {
      if (uri[at] !== '/' || uri.endsWith('/')) return undefined
      at++
    }
    const value = end > at ? decodePercent(uri.slice(at, end)) : undefined
    if (value === undefined || /(?:^|\/)\.\.?(?:\/|$)/.test(value)) return undefined
    values.set(part.name, value)
    at = end
  }
  return at === uri.length && parts.length > 0 ? values : undefined
}

function endOf(text: string, delimiter: RegExp, from: number): number {
  delimiter.lastIndex = from
  return delimiter.exec(text)?.index ?? text.length
}

/** The URI that matches with exactly these variables, or undefined when there is none: one missing, empty, or with a separator. */
export function expandTemplate(template: UriTemplate, values: ReadonlyMap<string, string>): string | undefined {
  let uri = ''
  for (const part of template.parts) {
    if (part.kind === 'literal') {
      uri += part.text
      continue
    }
    const value = values.get(part.name)
    if (value === undefined || /\p{Surrogate}/u.test(value)) return undefined
    uri += (part.kind === 'segments' ? '/' : '') + encodePath(value)
  }
  const matched = matchUri(template, uri)
  return matched && template.variables.every((name) => matched.get(name) === values.get(name)) ? uri : undefined
}

/** Whether two templates differ at most in the names of their variables. */
export function sameShape(a: UriTemplate, b: UriTemplate): boolean {
  return a.parts.length === b.parts.length && a.parts.every((part, i) => samePart(part, b.parts[i]))
}

function samePart(a: TemplatePart, b: TemplatePart | undefined): boolean {
  return a.kind === b?.kind && (a.kind !== 'literal' || b.kind !== 'literal' || a.text === b.text)
}
