import type { Span } from '../../base/source.ts'
import { type Expected, expectedAfter } from '../../syntax/expected.ts'
import * as t from '../../syntax/tokens.ts'
import type { Analysis } from '../analysis.ts'
import { type Cursor, cursorAt } from '../cursor.ts'
import { keywordDocs } from '../keywords.ts'
import { type Completion, ranks } from './completion.ts'
import { declaredAt } from './declared.ts'
import { membersAfter } from './members.ts'
import { namesIn } from './names.ts'
import { openBrace, probe } from './probe.ts'
import { snippetsAt } from './snippets.ts'
import { textsAt } from './texts.ts'

export interface Completions {
  /** What each of them replaces. */
  readonly span: Span
  readonly items: readonly Completion[]
}

/**
 * What may be written at an offset, in texts with mistakes, too: what the grammar takes there, and what the names are that it takes.
 * `analyse` says what is known of other texts.
 */
export function complete(
  analysis: Analysis,
  file: string,
  offset: number,
  analyse: (files: ReadonlyMap<string, string>) => Analysis,
): Completions {
  const text = analysis.files.get(file) ?? ''
  const cursor = cursorAt(text, offset)
  if (cursor.isComment) return { span: { file, start: offset, end: offset }, items: [] }
  if (cursor.string !== undefined) return inText(analysis, file, cursor, analyse)
  const span = { file, start: cursor.start, end: cursor.end }
  const expected = expectedAt(cursor)
  const isName = expected.some(({ rule, type }) => rule === 'postfix' && type === t.Name)
  const isMember = expected.some(({ rule, type }) => rule === 'access' && type === t.Word)
  const isKey = expected.some(({ rule, within }) => rule === 'key' && within.at(-1) === 'expression')
  const found = isName || isMember || isKey ? probe(analysis, file, cursor, analyse) : undefined
  const items = [
    ...(isMember ? members(analysis, found) : []),
    ...(isKey ? members(analysis, found).filter(({ kind }) => kind === 'field' || kind === 'argument') : []),
    ...(isName && found !== undefined ? namesIn(analysis, found.at.scope) : []),
    ...expected.flatMap((one) => declaredAt(analysis, cursor, one, found?.at.scope)),
    ...(cursor.before.length === 0 || cursor.isFirstOnLine ? snippetsFor(cursor, expected) : []),
    ...keywords(expected),
  ]
  // Behind a type and a colon nothing but an entity goes on.
  const isEntity = cursor.word.includes(':')
  return { span, items: distinct(isEntity ? items.filter(({ kind }) => kind === 'entity' || kind === 'type') : items) }
}

/** What the grammar takes at a cursor; on the line of a whole statement nothing that begins another one. */
function expectedAt(cursor: Cursor): readonly Expected[] {
  const { place, before, isFirstOnLine } = cursor
  const expected = expectedAfter(place, before)
  if (isFirstOnLine || before.length === 0) return expected
  const beginning = new Set(expectedAfter(place, []).map(keyOf))
  return expected.filter((one) => !beginning.has(keyOf(one)))
}

function keyOf({ type, rule, within }: Expected): string {
  return `${type.name} ${[...within, rule].join(' ')}`
}

function snippetsFor({ place }: Cursor, expected: readonly Expected[]): readonly Completion[] {
  const words = new Set(expected.flatMap((one) => one.words))
  return snippetsAt(place).filter(({ label }) => words.has(label))
}

function keywords(expected: readonly Expected[]): readonly Completion[] {
  return [...new Set(expected.flatMap(({ words }) => words))].flatMap((label): readonly Completion[] =>
    /^[a-z]/.test(label) && Object.hasOwn(keywordDocs, label)
      ? [{ label, kind: 'keyword', doc: keywordDocs[label], rank: ranks.keyword }]
      : [],
  )
}

function members(analysis: Analysis, found: ReturnType<typeof probe>): readonly Completion[] {
  if (found?.of === undefined) return []
  const { checked, scope } = found.of
  const isArgs = checked.ir.kind === 'variable' && checked.ir.name === 'args'
  return membersAfter(analysis, checked.shape, isArgs ? scope.server?.name : undefined)
}

/** Within quotes: a path that is put in, or what the text names. */
function inText(
  analysis: Analysis,
  file: string,
  cursor: Cursor,
  analyse: Parameters<typeof complete>[3],
): Completions {
  const { text, offset, string } = cursor
  const expected = expectedAt(cursor)
  const isExpression = expected.some(({ rule, type }) => rule === 'postfix' && type === t.Str)
  if (isExpression && openBrace(cursor) !== undefined) {
    const found = probe(analysis, file, cursor, analyse)
    const start = offset - (/\w*$/.exec(text.slice(0, offset))?.[0].length ?? 0)
    const end = offset + (/^\w*/.exec(text.slice(offset))?.[0].length ?? 0)
    const items =
      found === undefined ? [] : found.of === undefined ? namesIn(analysis, found.at.scope) : members(analysis, found)
    const plain = items.filter(({ kind }) => kind !== 'function' && kind !== 'method' && kind !== 'type')
    return { span: { file, start, end }, items: plain }
  }
  const body = (string?.startOffset ?? offset) + 1
  const close = /^[^"\n\r]*/.exec(text.slice(body))?.[0].length ?? 0
  return {
    span: { file, start: body, end: body + close },
    items: expected.flatMap((one) => textsAt(analysis, file, cursor, one)),
  }
}

function distinct(items: readonly Completion[]): readonly Completion[] {
  const seen = new Set<string>()
  return items.filter(({ label, kind }) => {
    const key = kind === 'snippet' ? `snippet ${label}` : label
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
