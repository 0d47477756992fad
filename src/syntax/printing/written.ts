import type { IToken } from '../chevrotain.ts'
import { endOf } from '../grammar/core.ts'
import { Comma, Entity, LCurly, LParen, RCurly, RParen } from '../tokens.ts'
import type { Doc, Token } from './document.ts'

/** A comment or a line of documentation, without space at its end. */
export interface Comment {
  readonly text: string
  /** On the line of the token before it. Documentation never is: it belongs to what comes after. */
  readonly trailing: boolean
  /** A blank line before it. */
  readonly blank: boolean
}

/** What a source has around a token. */
export interface Written {
  /** Those before it. */
  readonly comments: readonly Comment[]
  /** A blank line before it, after the comments. */
  readonly blank: boolean
  /** The source goes on in another line. */
  readonly opens: boolean
}

/**
 * What the source had around each token of a document that was made of its tree. Both have the same tokens, but for parentheses,
 * commas and empty braces, which a printer adds or leaves out: what stood before one of these stands before the next that both have.
 * `end` is the last of the document, and stands for the end of the text.
 */
export function writtenAround(
  doc: Doc,
  end: Token,
  text: string,
  tokens: readonly IToken[],
): ReadonlyMap<Token, Written> {
  const written = new Map<Token, Written>()
  let last: Token | undefined
  let gathered: Gap = { comments: [], blank: false }
  let at = 0
  const gapBefore = (i: number): Gap => {
    const before = tokens[i - 1]
    return gapOf(
      text,
      before === undefined ? 0 : endOf(before),
      tokens[i]?.startOffset ?? text.length,
      before !== undefined,
    )
  }
  const take = (): void => {
    const { comments, blank } = gapBefore(at)
    const before = gathered.comments.length > 0
    const after = before ? comments.map((one) => ({ ...one, trailing: false })) : comments
    gathered = { comments: before ? [...gathered.comments, ...after] : after, blank }
    at += 1
  }
  /** Documentation that stands before a comma belongs to nothing; behind it, it would belong to the next field. */
  const keepFromDocumenting = (): void => {
    const around = last === undefined ? undefined : written.get(last)
    const docs = gathered.comments.filter(({ text }) => text.startsWith('///'))
    if (last === undefined || around === undefined || docs.length === 0) return
    const moved = gathered.comments.map((one) => ({ ...one, trailing: false }))
    written.set(last, { ...around, comments: [...around.comments, ...moved] })
    gathered = { comments: [], blank: gathered.blank }
  }
  for (const token of tokensOf(doc)) {
    const isEnd = token === end
    while (at < tokens.length && !same(tokens[at], token) && (isEnd || mayLack(tokens[at], token))) {
      take()
      keepFromDocumenting()
    }
    // One that the printer added.
    if (!isEnd && !same(tokens[at], token)) continue
    take()
    last = token
    written.set(token, { ...gathered, opens: !isEnd && hasLineEnd(text, tokens, at) })
    gathered = { comments: [], blank: false }
  }
  return written
}

interface Gap {
  readonly comments: readonly Comment[]
  readonly blank: boolean
}

function gapOf(text: string, start: number, end: number, follows: boolean): Gap {
  const gap = text.slice(start, end)
  const comments: Comment[] = []
  let lineEnds = 0
  for (const line of gap.split(/\r\n|\n|\r/)) {
    const from = line.indexOf('//')
    if (from !== -1) {
      const comment = line.slice(from).trimEnd()
      const isDoc = comment.startsWith('///')
      comments.push({
        text: comment,
        trailing: follows && lineEnds === 0 && comments.length === 0 && !isDoc,
        blank: lineEnds > 1,
      })
      lineEnds = 0
    }
    lineEnds += 1
  }
  return { comments, blank: lineEnds > 2 }
}

function hasLineEnd(text: string, tokens: readonly IToken[], next: number): boolean {
  const before = tokens[next - 1]
  return before !== undefined && /[\r\n]/.test(text.slice(endOf(before), tokens[next]?.startOffset ?? text.length))
}

/** Whether a token of the source may have been left out where the document has another. */
function mayLack(token: IToken | undefined, { text }: Token): boolean {
  const type = token?.tokenType
  if (type === RParen || type === Comma) return true
  return text !== '(' && text !== ')' && (type === LParen || type === LCurly || type === RCurly)
}

/** The same token, perhaps spelled otherwise: a string with other escapes, a number with other digits. */
function same(written: IToken | undefined, { text }: Token): boolean {
  if (written === undefined) return false
  const { image } = written
  if (image === text) return true
  const class_ = classOf(image)
  if (class_ === undefined) return false
  return written.tokenType === Entity ? image.split(':', 1)[0] === text.split(':', 1)[0] : class_ === classOf(text)
}

function classOf(text: string): string | undefined {
  if (text.startsWith('"')) return 'string'
  if (/^\d/.test(text)) return 'number'
  return /^[A-Z]\w*:/.test(text) ? 'entity' : undefined
}

function* tokensOf(doc: Doc): Iterable<Token> {
  const stack: Doc[] = [doc]
  for (let now = stack.pop(); now !== undefined; now = stack.pop()) {
    if (now.kind === 'token') yield now
    else if (now.kind === 'group' || now.kind === 'nest') stack.push(now.body)
    else if (now.kind === 'concat') for (const part of now.parts.toReversed()) stack.push(part)
  }
}
