import { assertNever } from '../../base/assert-never.ts'
import { type Doc, firstToken, type Group, type Line, type Token } from './document.ts'
import type { Comment, Written } from './written.ts'

/** Lines are broken where they would be longer than this and the text has a place for it; comments do not count. */
const width = 120

interface Frame {
  readonly indent: number
  readonly flat: boolean
  readonly doc: Doc
}

/** A line end that is due before the next token or comment, at which there may be a blank line. */
interface Pending {
  readonly indent: number
  readonly item?: Line['item']
  readonly apart: boolean
}

/**
 * The text of a document. `written` is what the source had around its tokens, documentation included.
 */
export function render(doc: Doc, written?: ReadonlyMap<Token, Written>): string {
  const out: string[] = []
  let column = 0
  let spaces = ''
  let pending: Pending | undefined = { indent: 0, item: 'first', apart: false }
  const told = new Set<Token>()
  const forced = forcedGroups(written)
  const stack: Frame[] = [{ indent: 0, flat: false, doc }]

  const write = (text: string): void => {
    if (text === '') return
    out.push(spaces, text)
    column += spaces.length + text.length
    spaces = ''
  }
  const flush = (blank: boolean): void => {
    if (pending === undefined) return
    if (out.length > 0) out.push(pending.item === 'next' && blank ? '\n\n' : '\n')
    out.push(' '.repeat(pending.indent))
    column = pending.indent
    spaces = ''
    pending = undefined
  }
  const tell = (token: Token, indent: number): void => {
    if (told.has(token)) return
    told.add(token)
    for (const { text, trailing, blank } of commentsOf(token, written)) {
      // In the middle of a construct the rest of it goes on further to the right.
      if (trailing) {
        spaces = ' '
        write(text)
        pending ??= { indent: indent + 2, item: undefined, apart: false }
        continue
      }
      const due: Pending = pending ?? { indent: indent + 2, item: undefined, apart: false }
      pending = due
      flush(blank)
      write(text)
      pending = { ...due, item: due.item === undefined ? undefined : 'next' }
    }
  }
  const startLine = (indent: number, { item, apart }: Pick<Pending, 'item' | 'apart'>): void => {
    pending = { indent, item, apart }
    spaces = ''
  }

  for (let frame = stack.pop(); frame !== undefined; frame = stack.pop()) {
    const { indent, flat, doc: now } = frame
    switch (now.kind) {
      case 'token':
        tell(now, indent)
        flush(written === undefined ? (pending?.apart ?? false) : (written.get(now)?.blank ?? false))
        write(now.text)
        break
      case 'documentation':
        if (written !== undefined) break
        flush(pending?.apart ?? false)
        write(now.text)
        startLine(indent, { item: undefined, apart: false })
        break
      case 'space':
        if (now.text !== ' ') write(now.text)
        else if (pending === undefined) spaces = ' '
        break
      case 'flat-only':
        if (flat) write(now.text)
        break
      case 'line':
        if (!flat) startLine(indent, now)
        else if (pending === undefined && now.flat === ' ') spaces = ' '
        break
      case 'packed':
        if (pending !== undefined) break
        if (!isCommented(now.next, written) && (flat || column + 1 + now.next.width <= width)) spaces = ' '
        else startLine(indent, { item: undefined, apart: false })
        break
      case 'inside':
        if (commentsOf(now.closing, written).length === 0) break
        pending ??= { indent, item: now.items ? 'next' : undefined, apart: false }
        tell(now.closing, indent)
        break
      case 'concat':
        for (let i = now.parts.length - 1; i >= 0; i--) {
          const part = now.parts[i]
          if (part !== undefined) stack.push({ indent, flat, doc: part })
        }
        break
      case 'nest':
        stack.push({ indent: indent + now.by, flat, doc: now.body })
        break
      case 'group': {
        const first = firstToken(now)
        if (first !== undefined) tell(first, indent)
        const at = pending === undefined ? column + spaces.length : pending.indent
        const isFlat = flat || (!forced(now) && at + now.width + restOfLine(stack, width - at - now.width) <= width)
        stack.push({ indent, flat: isFlat, doc: now.body })
        break
      }
      default:
        assertNever(now)
    }
  }
  const text = out.join('').trimEnd()
  return text === '' ? '' : `${text}\n`
}

/** Of a document without lines of its own. */
export function renderFlat(doc: Doc): string {
  let text = ''
  const stack: Doc[] = [doc]
  for (let now = stack.pop(); now !== undefined; now = stack.pop()) {
    if (now.kind === 'token' || now.kind === 'space' || now.kind === 'flat-only') text += now.text
    else if (now.kind === 'line') text += now.flat ?? ''
    else if (now.kind === 'packed') text += ' '
    else if (now.kind === 'group' || now.kind === 'nest') stack.push(now.body)
    else if (now.kind === 'concat') for (const part of now.parts.toReversed()) stack.push(part)
  }
  return text
}

const noComments: readonly Comment[] = []

function commentsOf(token: Token, written: ReadonlyMap<Token, Written> | undefined): readonly Comment[] {
  return written?.get(token)?.comments ?? noComments
}

function isCommented(doc: Doc, written: ReadonlyMap<Token, Written> | undefined): boolean {
  const first = firstToken(doc)
  return first !== undefined && commentsOf(first, written).length > 0
}

/** How wide what follows is, up to the next place where its line may end; no further than what would be too much. */
function restOfLine(stack: readonly Frame[], enough: number): number {
  let rest = 0
  for (let i = stack.length - 1; i >= 0 && rest <= enough; i--) {
    const frame = stack[i]
    if (frame === undefined) break
    const { flat, doc } = frame
    rest += flat ? doc.width : doc.lead
    if (!flat && doc.breaks) break
  }
  return rest
}

/** Whether a group needs several lines however short it is: for a comment inside, or because the source has them. */
function forcedGroups(written: ReadonlyMap<Token, Written> | undefined): (group: Group) => boolean {
  if (written === undefined) return ({ broken }) => broken
  const commented = new Map<Doc, boolean>()
  const isCommented = (doc: Doc): boolean => {
    const known = commented.get(doc)
    if (known !== undefined) return known
    const found = whetherCommented(doc)
    commented.set(doc, found)
    return found
  }
  const whetherCommented = (doc: Doc): boolean => {
    switch (doc.kind) {
      case 'token':
        return (written.get(doc)?.comments.length ?? 0) > 0
      case 'group':
      case 'nest':
        return isCommented(doc.body)
      case 'concat':
        return doc.parts.some(isCommented)
      default:
        return false
    }
  }
  /** A comment before the first token stands before the whole. */
  const isCommentedInside = (doc: Doc): boolean => {
    if (doc.kind === 'group' || doc.kind === 'nest') return isCommentedInside(doc.body)
    if (doc.kind !== 'concat') return false
    const [first, ...rest] = doc.parts
    return (first !== undefined && isCommentedInside(first)) || rest.some(isCommented)
  }
  return ({ body, opening }) =>
    (opening !== undefined && written.get(opening)?.opens === true) || isCommentedInside(body)
}
