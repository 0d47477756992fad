import type { Code } from '../base/codes.ts'
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import type { SourceFile, Span } from '../base/source.ts'
import { type IToken, Lexer, type TokenType } from './chevrotain.ts'
import { habits } from './habits.ts'
import { entityOf, idTooLong, type Numeral, numeralOf } from './literals.ts'
import { brokenEscapeEnd, escapeAt } from './strings.ts'
import * as t from './tokens.ts'

/** Tokens that the parser can read whatever the text, and what is wrong with the text below the level of its grammar. */
export interface Lexed {
  readonly tokens: IToken[]
  /** Documentation by the token that it stands before, lines joined by a newline. */
  readonly docs: ReadonlyMap<IToken, string>
  /** In the order of the text. */
  readonly problems: readonly Problem[]
}

export interface Problem {
  readonly diagnostic: Diagnostic
  /** Something that people repeat all over a statement, so that saying it once for each is enough. */
  readonly habit: boolean
}

type Report = (
  code: Code,
  start: number,
  end: number,
  message: string,
  help?: string,
  habit?: boolean,
  instead?: string,
) => void

let lexer: Lexer | undefined

/** Built where the first text is read, as the parser is. That the definition is sound is held by a test, not at each start. */
function sharedLexer(): Lexer {
  const config = { positionTracking: 'onlyOffset', ensureOptimizations: true, skipValidations: true } as const
  lexer ??= new Lexer([...t.lexedTypes], config)
  return lexer
}

export function lex(source: SourceFile): Lexed {
  const { tokens: found, groups, errors } = sharedLexer().tokenize(source.text)
  const problems: Problem[] = []
  const report: Report = (code, start, end, message, help, habit = false, instead = undefined) => {
    const span: Span = { file: source.name, start, end }
    const fix = instead === undefined ? undefined : { edits: [{ span, text: spaced(source.text, span, instead) }] }
    problems.push({ diagnostic: diagnostic(code, span, message, { help, fix }), habit })
  }
  for (const { offset, length } of errors) reportStray(source.text.slice(offset, offset + length), offset, report)
  const words = new Map<string, string>()
  let kept = 0
  for (const token of found) {
    const read = readable(token, words, report)
    if (read !== undefined) found[kept++] = read
  }
  found.length = kept
  problems.sort((a, b) => a.diagnostic.span.start - b.diagnostic.span.start)
  return { tokens: found, docs: docsByToken(found, groups.docs ?? []), problems }
}

/**
 * The token as the parser is to see it; undefined where it is to see none. What is wrong with it is reported. `words` are those
 * read before: a long text has few, and has them often.
 */
function readable(token: IToken, words: Map<string, string>, report: Report): IToken | undefined {
  const { tokenType: type, image, startOffset: start } = token
  const end = start + image.length
  switch (type) {
    case t.Name:
      return retyped(named(token, words), t.keywordOf(image) ?? t.Name)
    case t.Numeric:
      return numeric(token, report)
    case t.Str:
      checkText(image.slice(1, -1), start + 1, report)
      return token
    case t.Entity:
      checkEntity(token, report)
      return token
    case t.UnquotedEntity: {
      const { type, id } = entityOf(image)
      const quoted = `${type}:"${id}"`
      const mark = id.includes('/') ? '/' : '@'
      report('bad-entity', start, end, `an id with \`${mark}\` stands in quotes`, `write \`${quoted}\``, false, quoted)
      return replaced(token, t.Entity, quoted)
    }
    case t.UnterminatedString:
      report('unterminated-string', start, end, 'this string does not end on its line', 'close it with `"`')
      return replaced(token, t.Str, `${image}"`)
    case t.UnterminatedSingleQuoted:
      report(
        'unterminated-string',
        start,
        end,
        'this string does not end on its line',
        'strings stand in double quotes',
      )
      return replaced(token, t.Str, `"${image.slice(1)}"`)
    case t.UnterminatedRegex:
      report(
        'unexpected-character',
        start,
        start + 1,
        '`/` begins a regular expression, which must end on its line',
        'there is no division; write a comment after `//`',
      )
      return replaced(token, t.Regex, `${image}/`)
    default:
      return withoutHabit(token, report)
  }
}

/** A word needs a space between it and another one. */
function spaced(text: string, { start, end }: Span, instead: string): string {
  if (!/^\w/.test(instead)) return instead
  const before = /[^\s([]/.test(text.charAt(start - 1)) ? ' ' : ''
  return `${before}${instead}${/\S/.test(text.charAt(end)) ? ' ' : ''}`
}

function withoutHabit(token: IToken, report: Report): IToken | undefined {
  const habit = habits.get(token.tokenType)
  if (habit === undefined) return token
  const { image, startOffset: start } = token
  report('syntax', start, start + image.length, habit.message, habit.help, true, habit.instead?.(image))
  if (habit.readAs === undefined) return undefined
  return replaced(token, habit.readAs, habit.readAs === t.Str ? `"${image.slice(1, -1)}"` : image)
}

function named(token: IToken, words: Map<string, string>): IToken {
  const known = words.get(token.image)
  if (known === undefined) words.set(token.image, token.image)
  else token.image = known
  return token
}

function retyped(token: IToken, type: TokenType): IToken {
  token.tokenType = type
  token.tokenTypeIdx = type.tokenTypeIdx ?? token.tokenTypeIdx
  return token
}

/** Another token in the place of one; it still ends where that one did. */
function replaced(token: IToken, type: TokenType, image: string): IToken {
  return retyped({ ...token, image, endOffset: token.startOffset + token.image.length - 1 }, type)
}

function numeric(token: IToken, report: Report): IToken {
  const { image, startOffset: start } = token
  const numeral = numeralOf(image)
  const type = numericTypes[numeral]
  if (type !== undefined) return retyped(token, type)
  const shown = image.length > 40 ? `${image.slice(0, 40)}…` : image
  if (numeral === 'out-of-range') report('bad-number', start, start + image.length, `\`${shown}\` is out of range`)
  else {
    const help = /^\d+[eE]\d+$/.test(image)
      ? 'an exponent needs a fraction before it, as in `1.0e5`'
      : 'durations are written `500ms`, `5m`, `1h30m`, `7d`'
    report('bad-number', start, start + image.length, `\`${shown}\` is not a number`, help)
  }
  return replaced(token, t.Int, '0')
}

const numericTypes: Partial<Record<Numeral, TokenType>> = { int: t.Int, number: t.Num, duration: t.Duration }

function checkEntity({ image, startOffset: start }: IToken, report: Report): void {
  const { type, id } = entityOf(image)
  const end = start + image.length
  if (image.endsWith('"')) checkText(image.slice(type.length + 2, -1), start + type.length + 2, report)
  if (id === '') report('bad-entity', start, end, `the id of this \`${type}\` is empty`)
  else if (idTooLong(id)) report('too-large', start, end, 'this id is longer than 1 KiB')
}

const loneSurrogate = /\p{Surrogate}/u

function checkText(body: string, start: number, report: Report): void {
  for (let i = body.indexOf('\\'); i !== -1; ) {
    const read = escapeAt(body, i)
    const end = read?.end ?? brokenEscapeEnd(body, i)
    if (read === undefined) reportEscape(body.slice(i, end), start + i, report)
    i = body.indexOf('\\', end)
  }
  const lone = loneSurrogate.exec(body)
  if (lone !== null) {
    const at = start + lone.index
    report('unexpected-character', at, at + 1, 'half of a surrogate pair, which is no character')
  }
}

function reportEscape(written: string, at: number, report: Report): void {
  const isUnicode = written.startsWith('\\u') && written.length > 2
  const help = isUnicode
    ? 'write the hexadecimal number of a code point, as in `\\u{1f600}`'
    : 'the escapes are `\\"`, `\\\\`, `\\n`, `\\t`, `\\{`, `\\*` and `\\u{…}`'
  report(
    'bad-escape',
    at,
    at + written.length,
    `\`${written}\` is not ${isUnicode ? 'a character' : 'an escape'}`,
    help,
  )
}

const hasNoGlyph = /[\p{C}\p{Z}]/u

function reportStray(dropped: string, start: number, report: Report): void {
  const first = String.fromCodePoint(dropped.codePointAt(0) ?? 0)
  const shown = hasNoGlyph.test(first)
    ? `U+${(first.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
    : `\`${first}\``
  const isQuote = typographicQuote.test(first)
  const help = isQuote ? 'strings stand in straight double quotes' : strayHelp(first)
  report('unexpected-character', start, start + dropped.length, `unexpected character ${shown}`, help, isQuote)
}

const typographicQuote = /[“”„«»‘’`]/

function strayHelp(character: string): string | undefined {
  if (character === '&') return 'write `and`'
  if (/\p{L}/u.test(character)) {
    return 'names are made of ASCII letters, digits and `_`; anything else stands in a string, as in `User:"josé"`'
  }
  return undefined
}

function docsByToken(tokens: readonly IToken[], docs: readonly IToken[]): ReadonlyMap<IToken, string> {
  const byToken = new Map<IToken, string>()
  let next = 0
  for (const doc of docs) {
    while (next < tokens.length && (tokens[next]?.startOffset ?? 0) < doc.startOffset) next++
    const token = tokens[next]
    if (token === undefined) break
    const line = doc.image.slice(3).replace(/^ /, '').trimEnd()
    const before = byToken.get(token)
    byToken.set(token, before === undefined ? line : `${before}\n${line}`)
  }
  return byToken
}
