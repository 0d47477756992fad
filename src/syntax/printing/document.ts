/**
 * A text with the places where its lines may break (after Wadler, "A prettier printer", 1998). A tree becomes a document; `render`
 * decides about the lines. Sizes are worked out as documents are put together, so that deciding is linear.
 */
export type Doc = Token | Space | Documentation | Line | Packed | FlatOnly | Inside | Concat | Group | Nest

/** How wide it is on one line, infinite where it has several; and how wide up to the first place where a line may break. */
interface Sized {
  readonly width: number
  readonly lead: number
  readonly breaks: boolean
}

/** A token of the language. INVARIANT: everything that is no space and no comma is one, so that comments find their places. */
export interface Token extends Sized {
  readonly kind: 'token'
  readonly text: string
}

/** A line of documentation, where there is no source that has it among its comments. */
interface Documentation extends Sized {
  readonly kind: 'documentation'
  readonly text: string
}

/** A space or a comma. */
interface Space extends Sized {
  readonly kind: 'space'
  readonly text: string
}

/** A line ends here where the group around it is broken; else it is `flat`. */
export interface Line extends Sized {
  readonly kind: 'line'
  readonly flat: string | undefined
  /** Between two statements or members, or before the first of a block: a blank line in the source is kept after the first. */
  readonly item?: 'first' | 'next'
  /** A blank line stands here where no source says otherwise. */
  readonly apart: boolean
}

/** A space, or the end of a line where what comes next would be too long for it. */
interface Packed extends Sized {
  readonly kind: 'packed'
  readonly next: Doc
}

/** Only where the group around it is on one line: the comma between fields. */
interface FlatOnly extends Sized {
  readonly kind: 'flat-only'
  readonly text: string
}

/** Where comments before a closing token stand: inside what it closes. */
interface Inside extends Sized {
  readonly kind: 'inside'
  readonly closing: Token
  readonly items: boolean
}

interface Concat extends Sized {
  readonly kind: 'concat'
  readonly parts: readonly Doc[]
}

/** On one line where it fits and nothing in it needs more. */
export interface Group extends Sized {
  readonly kind: 'group'
  readonly body: Doc
  /** Stays on several lines where the source has a line end behind this token. */
  readonly opening?: Token
  /** What it is where there is no source. */
  readonly broken: boolean
}

interface Nest extends Sized {
  readonly kind: 'nest'
  readonly by: number
  readonly body: Doc
}

export function token(text: string): Token {
  return { kind: 'token', text, width: text.length, lead: text.length, breaks: false }
}

export function documentation(text: string): Doc {
  return { kind: 'documentation', text, width: 0, lead: 0, breaks: false }
}

function plain(text: string): Space {
  return { kind: 'space', text, width: text.length, lead: text.length, breaks: false }
}

export const space: Doc = plain(' ')
export const comma: Doc = plain(',')
export const nothing: Doc = plain('')

function lineOf(flat: string | undefined, more: Pick<Line, 'item' | 'apart'> = { apart: false }): Line {
  return { kind: 'line', flat, width: flat?.length ?? Number.POSITIVE_INFINITY, lead: 0, breaks: true, ...more }
}

/** A space, or the end of a line. */
export const line: Doc = lineOf(' ')
/** Nothing, or the end of a line. */
export const softline: Doc = lineOf('')
export const lineEnd: Doc = lineOf(undefined)
export const firstItem: Doc = lineOf(' ', { item: 'first', apart: false })
export const hardFirstItem: Doc = lineOf(undefined, { item: 'first', apart: false })
export const nextItem: Doc = lineOf(' ', { item: 'next', apart: false })
/** Between what never stands on one line. */
export const hardItem: Doc = lineOf(undefined, { item: 'next', apart: false })
export const hardItemApart: Doc = lineOf(undefined, { item: 'next', apart: true })
export const flatComma: Doc = { kind: 'flat-only', text: ',', width: 1, lead: 0, breaks: false }

function packed(next: Doc): Doc {
  return { kind: 'packed', next, width: 1, lead: 0, breaks: true }
}

export function inside(closing: Token, items = false): Doc {
  return { kind: 'inside', closing, items, width: 0, lead: 0, breaks: false }
}

/** A string is a token. */
export function concat(...parts: readonly (Doc | string)[]): Doc {
  const docs = parts.flatMap((part) => (part === nothing ? [] : [typeof part === 'string' ? token(part) : part]))
  let width = 0
  let lead = 0
  let breaks = false
  for (const part of docs) {
    width += part.width
    if (!breaks) lead += part.lead
    breaks ||= part.breaks
  }
  return { kind: 'concat', parts: docs, width, lead, breaks }
}

export function group(body: Doc, more: { readonly opening?: Token; readonly broken?: boolean } = {}): Doc {
  const { width, lead, breaks } = body
  return { kind: 'group', body, broken: false, ...more, width, lead, breaks }
}

export function nest(body: Doc, by = 2): Doc {
  const { width, lead, breaks } = body
  return { kind: 'nest', by, body, width, lead, breaks }
}

export function join(parts: readonly (Doc | string)[], ...separator: readonly (Doc | string)[]): Doc {
  return concat(...parts.flatMap((part, i) => (i === 0 ? [part] : [...separator, part])))
}

/** `a, b, c`, as many on a line as fit. */
export function filled(items: readonly Doc[]): Doc {
  return concat(
    ...items.flatMap((item, i) => {
      const piece = i < items.length - 1 ? concat(item, comma) : item
      return i === 0 ? [piece] : [packed(piece), piece]
    }),
  )
}

/** `[a, b]`, an item a line where that is too long. `between` stands at the brackets. */
export function enclosed(
  [open, close]: readonly [string, string],
  items: readonly Doc[],
  between: Doc,
  asWritten = false,
): Doc {
  const [opening, closing] = [token(open), token(close)]
  const at = items.length === 0 ? softline : between
  const body = concat(opening, nest(concat(at, join(items, comma, line), inside(closing))), at, closing)
  return group(body, asWritten && items.length > 0 ? { opening } : {})
}

/** The token with which a document begins. */
export function firstToken(doc: Doc): Token | undefined {
  for (let now: Doc | undefined = doc; now !== undefined; ) {
    if (now.kind === 'token') return now
    if (now.kind === 'group' || now.kind === 'nest') now = now.body
    else if (now.kind === 'concat') now = now.parts[0]
    else return undefined
  }
  return undefined
}
