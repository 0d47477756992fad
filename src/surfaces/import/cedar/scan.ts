/** The text of Cedar policies, as far as it has to be known beside what the parser says: where things stand, comments, exact integers. */

export interface Token {
  readonly kind: 'comment' | 'string' | 'int' | 'word' | 'mark'
  readonly start: number
  readonly end: number
}

const token = /(\/\/[^\n]*)|("[^"\\]*(?:\\[\s\S][^"\\]*)*")|(\d+)|([A-Za-z_]\w*)|\S/g

export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  for (const match of text.matchAll(token)) {
    const [all, comment, string, int, word] = match
    const kind = comment ? 'comment' : string ? 'string' : int ? 'int' : word ? 'word' : 'mark'
    tokens.push({ kind, start: match.index, end: match.index + all.length })
  }
  return tokens
}

/** One policy of a text, with what stands before it. */
export interface PolicyText {
  /** What the parser is given: every integer is its number in `ints`, since the parser's own are rounded. */
  readonly text: string
  /** Integers in their order, the first being number 1. */
  readonly ints: readonly bigint[]
  /** Comments before the policy and inside it, without slashes. */
  readonly comments: readonly string[]
  /** Where the policy begins: its first annotation or its effect. */
  readonly at: number
  readonly end: number
}

export interface Split {
  readonly policies: readonly PolicyText[]
  /** After the last policy. */
  readonly comments: readonly string[]
}

/** A text that the parser has accepted, policy by policy. */
export function splitPolicies(text: string): Split {
  const policies: PolicyText[] = []
  let comments: string[] = []
  let ints: bigint[] = []
  let own = ''
  let start: number | undefined
  let from = 0
  for (const { kind, start: at, end } of tokensOf(text)) {
    if (kind === 'comment') {
      comments.push(commentText(text.slice(at, end)))
      own += `${text.slice(from, at)} `
      from = end
      continue
    }
    start ??= at
    if (kind === 'int') {
      ints.push(BigInt(text.slice(at, end)))
      own += `${text.slice(from, at)}${ints.length}`
      from = end
    }
    if (kind === 'mark' && text[at] === ';') {
      own += text.slice(from, end)
      policies.push({ text: own.trim(), ints, comments, at: start, end })
      ;[comments, ints, own, start, from] = [[], [], '', undefined, end]
    }
  }
  return { policies, comments }
}

function commentText(comment: string): string {
  return comment.replace(/^\/+ ?/, '').trimEnd()
}

/** How deeply an expression may nest, and how many operators and choices one policy may have. */
const mostNesting = 64
const mostOperators = 3_000
const mostChoices = 200

/**
 * Where a text goes past what can be read: Cedar's parser ends the whole process on a text that is nested too deeply, so it is not
 * given one.
 */
export function tooDeepAt(text: string, opening = '([{', closing = ')]}'): number | undefined {
  let depth = 0
  let prefixes = 0
  let operators = 0
  let choices = 0
  for (const { kind, start, end } of tokensOf(text)) {
    const mark = kind === 'mark' ? text.charAt(start) : ''
    if (kind === 'comment') continue
    prefixes = mark === '!' || mark === '-' ? prefixes + 1 : 0
    if (kind === 'word' && text.slice(start, end) === 'if') choices += 1
    if (opening.includes(mark) && mark !== '') depth += 1
    if (closing.includes(mark) && mark !== '') depth -= 1
    if ('&|=<>+*.'.includes(mark) && mark !== '') operators += 1
    if (mark === ';') [operators, choices] = [0, 0]
    if (depth > mostNesting || prefixes > mostNesting || operators > mostOperators || choices > mostChoices)
      return start
  }
  return undefined
}
