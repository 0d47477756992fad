import type { Referent } from '../model/notes.ts'
import type { IToken } from '../syntax/chevrotain.ts'
import { endOf } from '../syntax/grammar/core.ts'
import { isA } from '../syntax/is-a.ts'
import { lex } from '../syntax/lexer.ts'
import * as t from '../syntax/tokens.ts'
import type { Analysis } from './analysis.ts'

/** What a part of a text is: a word of the language, a literal, or a name and what it stands for. */
export type Class =
  | 'keyword'
  | 'comment'
  | 'string'
  | 'number'
  | 'regexp'
  | 'operator'
  | 'type'
  | 'namespace'
  | 'property'
  | 'enumMember'
  | 'variable'
  | 'parameter'
  | 'function'
  | 'method'
  | 'event'
  | 'decorator'

export interface Classified {
  readonly start: number
  readonly end: number
  readonly class: Class
  readonly isDeclaration: boolean
  /** The language's own, or the protocol's. */
  readonly isBuiltin: boolean
}

/** The parts of a text in their order, without white space and brackets; no part goes over the end of a line. */
export function classesIn({ files, occurrences }: Analysis, file: string): readonly Classified[] {
  const text = files.get(file) ?? ''
  const { tokens } = lex({ name: file, text })
  const named = new Map(occurrences.in(file).map((one) => [`${one.span.start} ${one.span.end}`, one]))
  const found: Classified[] = []
  const plain = (start: number, end: number, what: Class): void => {
    if (end > start) found.push({ start, end, class: what, isDeclaration: false, isBuiltin: false })
  }
  let last = 0
  for (const [i, token] of tokens.entries()) {
    const start = token.startOffset
    const end = endOf(token)
    comments(text, last, start, plain)
    last = Math.max(last, end)
    const occurrence = named.get(`${start} ${end}`)
    if (token.tokenType === t.Entity) {
      const colon = text.indexOf(':', start)
      plain(start, colon, 'type')
      plain(colon + 1, end, 'string')
    } else if (occurrence !== undefined && isA(token, t.Word)) {
      const { referent, declaration } = occurrence
      const { [referent.kind]: of } = classOf
      found.push({
        start,
        end,
        class: of,
        isDeclaration: declaration !== undefined,
        isBuiltin: builtinKinds.has(referent.kind),
      })
    } else {
      const what = lexicalClass(tokens, i)
      if (what !== undefined) plain(start, end, what)
    }
  }
  comments(text, last, text.length, plain)
  return found
}

/** What lies between tokens: comments, each to the end of its line. */
function comments(
  text: string,
  from: number,
  to: number,
  add: (start: number, end: number, what: Class) => void,
): void {
  for (let at = text.indexOf('//', from); at !== -1 && at < to; ) {
    const end = /[\r\n]/.exec(text.slice(at))
    const stop = end === null ? text.length : at + end.index
    add(at, Math.min(stop, to), 'comment')
    at = text.indexOf('//', stop)
  }
}

/** What a token is by itself: a word of the language is a name behind a dot or `@`, and before a colon. */
export function lexicalClass(tokens: readonly IToken[], i: number): Class | undefined {
  const [before, token, next] = [tokens[i - 1], tokens[i], tokens[i + 1]]
  if (token === undefined) return undefined
  const type = token.tokenType
  if (type === t.Str) return 'string'
  if (type === t.Regex) return 'regexp'
  if (type === t.Int || type === t.Num || type === t.Duration) return 'number'
  if (isA(token, t.Word)) {
    if (before?.tokenType === t.At) return 'decorator'
    if (isA(before, t.Access)) return 'property'
    if (isA(token, t.Reserved)) return 'keyword'
    const isKey =
      next?.tokenType === t.Colon || (next?.tokenType === t.Question && tokens[i + 2]?.tokenType === t.Colon)
    if (isKey && /^[a-z_]/.test(token.image)) return 'property'
    return words.has(token.image) ? 'keyword' : 'variable'
  }
  return isA(token, t.BinaryOperator) || type === t.Assign || type === t.Arrow || type === t.Question
    ? 'operator'
    : undefined
}

const words: ReadonlySet<string> = new Set(t.keywordNames)

const builtinKinds: ReadonlySet<Referent['kind']> = new Set([
  'builtin',
  'builtin-type',
  'variable',
  'claim',
  'mcp-action',
])

const classOf: Readonly<Record<Referent['kind'], Class>> = {
  type: 'type',
  'builtin-type': 'type',
  field: 'property',
  key: 'property',
  claim: 'property',
  argument: 'property',
  role: 'enumMember',
  label: 'enumMember',
  action: 'event',
  group: 'event',
  'mcp-action': 'event',
  let: 'variable',
  variable: 'variable',
  parameter: 'parameter',
  local: 'parameter',
  function: 'function',
  builtin: 'method',
  server: 'namespace',
  tool: 'function',
  prompt: 'function',
  resource: 'function',
  entity: 'string',
  scope: 'string',
  file: 'string',
}
