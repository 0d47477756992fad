import type { UriTemplate } from './uri-template.ts'
import { parseUriTemplate } from './uri-template.ts'

/**
 * A server's own template, for the one question whether a URI is locked. Templates outside the subset (`{?q}`, `{a}{b}`)
 * match nothing: what cannot be matched for certain is not locked.
 */
export function lockedTemplate(text: string): UriTemplate {
  return parseUriTemplate(text).template ?? { text, parts: [], variables: [] }
}

/**
 * Whether some URI may match both templates. False only when none can; a locked template outside the subset may meet any.
 */
export function mayMeet(a: UriTemplate, b: UriTemplate): boolean {
  if (a.parts.length === 0 || b.parts.length === 0) return true
  const left = segmentsOf(a)
  const right = segmentsOf(b)
  for (let i = 0; ; i++) {
    const l = left[i]
    const r = right[i]
    if (l === undefined || r === undefined) return l === r
    if (!segmentsMeet(l, r)) return false
    if (l.open || r.open) return true
  }
}

/** One path segment with the separator before it. `open`: whatever follows is part of it. */
interface Segment {
  prefix: string
  hasVariable: boolean
  suffix: string
  open: boolean
}

function segmentsOf({ parts }: UriTemplate): readonly Segment[] {
  let last: Segment = { prefix: '', hasVariable: false, suffix: '', open: false }
  const segments = [last]
  const begin = (prefix: string) => {
    last = { prefix, hasVariable: false, suffix: '', open: false }
    segments.push(last)
  }
  for (const part of parts) {
    if (part.kind === 'literal') {
      const [head = '', ...more] = part.text.split(/(?=[/?#])/)
      if (/^[/?#]/.test(head)) begin(head)
      else if (last.hasVariable) last.suffix = head
      else last.prefix += head
      for (const text of more) begin(text)
    } else {
      if (part.kind === 'segments') begin('/')
      last.hasVariable = true
      last.open = part.kind !== 'segment'
    }
  }
  return segments
}

function segmentsMeet(a: Segment, b: Segment): boolean {
  if (!a.hasVariable && !b.hasVariable) return a.prefix === b.prefix
  if (!a.hasVariable) return fits(a.prefix, b)
  if (!b.hasVariable) return fits(b.prefix, a)
  if (!a.prefix.startsWith(b.prefix) && !b.prefix.startsWith(a.prefix)) return false
  return a.open || b.open || a.suffix.endsWith(b.suffix) || b.suffix.endsWith(a.suffix)
}

function fits(text: string, { prefix, suffix, open }: Segment): boolean {
  if (!text.startsWith(prefix)) return false
  // The rest of the path may begin in a later segment.
  return open || (text.endsWith(suffix) && text.length > prefix.length + suffix.length)
}
