import type { Diagnostic } from '../../base/diagnostic.ts'
import type { SourceFile } from '../../base/source.ts'
import type { Field, Member, Statement } from '../ast.ts'
import type { IToken } from '../chevrotain.ts'
import type { Attempt } from '../grammar/core.ts'
import type { BlockHead, PolicyParser, ServerMember, TestMember } from '../grammar/policy.ts'
import type { Collector } from '../grammar/types.ts'
import { isA } from '../is-a.ts'
import type { Lexed } from '../lexer.ts'
import { limits } from '../limits.ts'
import { splitEntity } from '../mistakes/entity.ts'
import { failureDiagnostic } from '../mistakes/failure.ts'
import { keywordsIn, meantKeyword } from '../mistakes/keywords.ts'
import { misplacedBlock } from '../mistakes/place.ts'
import * as t from '../tokens.ts'
import { type Block, blockAt, matchBraces } from './blocks.ts'
import { balanceBraces } from './braces.ts'
import { brokenFrom, brokenGrants } from './broken.ts'
import { layoutOf } from './layout.ts'
import { type Remembered, rememberedParse } from './remembered.ts'
import { isJoiner, isStatementWord, type Place, surelyStarts } from './starts.ts'
import { append, attribute, hasProblems, type Item, indexOf, limited, type Recovery, spanOf } from './state.ts'
import { splitByLayout, splitInLine, type Window } from './windows.ts'

/** No statement stands deeper than in a block; one more level is looked into, for a block whose outer one was not closed. */
const deepest = 2

/** How often one member may be parsed again after an entity in it was read as a name and a type. */
const mostSplits = 32

/**
 * Parses a text with mistakes so that each gives one diagnostic. Braces are balanced first, then the text is cut where its
 * layout shows that a statement begins, and each piece is parsed by itself.
 */
export function recoverPolicy(
  source: SourceFile,
  lexed: Lexed,
  parser: PolicyParser,
  memory: Remembered | undefined,
): { readonly statements: readonly Statement[]; readonly diagnostics: readonly Diagnostic[] } {
  const { tokens, diagnostics, problems } = balanceBraces(layoutOf(lexed.tokens, source.text), source.name)
  const recovery: Recovery = {
    source,
    parser,
    docs: lexed.docs,
    memory,
    layout: layoutOf(tokens, source.text),
    match: matchBraces(tokens),
    problems: [...lexed.problems, ...problems].sort((a, b) => a.diagnostic.span.start - b.diagnostic.span.start),
    diagnostics: [...diagnostics],
    attributed: 0,
  }
  const statements = region(recovery, 'file', 0, tokens.length, 0) as readonly Statement[]
  attribute(recovery, tokens.length)
  return { statements, diagnostics: limited(recovery.diagnostics.sort((a, b) => a.span.start - b.span.start)) }
}

/** The items between two tokens, which stand in one place. */
function region(r: Recovery, place: Place, from: number, to: number, depth: number): readonly Item[] {
  const items: Item[] = []
  for (const [start, end] of splitByLayout(r.layout, r.match, place, from, to)) {
    if (r.diagnostics.length > limits.diagnostics) break
    window(r, place, start, end, depth, true, items)
  }
  return items
}

function window(
  r: Recovery,
  place: Place,
  from: number,
  to: number,
  depth: number,
  divisible: boolean,
  items: Item[],
): void {
  const { tokens } = r.layout
  const block = blockAt(tokens, r.match, from, to)
  // What the lexer found is said once for each member, so a block with such problems is taken apart even where it parses.
  const takenApart = block !== undefined && depth < deepest && hasProblems(r, to)
  let at = from
  let attempt: Attempt<void> | undefined
  if (!takenApart) {
    const into: Collector<Item> = { items: [] }
    const part = tokens.slice(from, to)
    const within = { text: r.source.text, docs: r.docs }
    attempt = rememberedParse(r.memory, place, part, within, into, () => parseItems(r, place, part, into))
    if (attempt.failure === undefined && !attempt.refused) {
      attribute(r, to)
      append(r.diagnostics, attempt.found)
      append(items, into.items)
      return
    }
    const failed = failedAt(r, place, [from, to], attempt, into)
    at = failed.at
    attempt = failed.attempt
    append(items, into.items)
  }
  if (divisible) {
    for (const [start, end] of splitInLine(tokens, r.match, place, at, to)) {
      if (r.diagnostics.length > limits.diagnostics) return
      window(r, place, start, end, depth, false, items)
    }
    return
  }
  const inner = blockAt(tokens, r.match, at, to)
  if (inner !== undefined && depth < deepest) blockItem(r, place, at, to, inner, depth, items)
  else brokenItem(r, place, at, to, attempt, items)
}

/** Where the item begins that did not parse, and why; an item before it that it seems to continue is taken back. */
function failedAt(
  r: Recovery,
  place: Place,
  [from, to]: Window,
  attempt: Attempt<void>,
  into: Collector<Item>,
): { readonly at: number; readonly attempt: Attempt<void> } {
  const { tokens } = r.layout
  const last = into.items.at(-1)
  const isRead = last !== undefined && last.span.start === into.start?.startOffset
  const start = isRead ? attempt.failure?.at : into.start
  const failed = start === undefined ? (isRead ? to : from) : indexOf(tokens, start.startOffset, from, to)
  if (last === undefined || hasBlock(last) || looksLikeStart(tokens, failed, place)) return { at: failed, attempt }
  into.items.pop()
  const at = indexOf(tokens, last.span.start, from, to)
  return { at, attempt: { ...attempt, failure: { at: tokens[failed], expected: '' } } }
}

function looksLikeStart(tokens: readonly IToken[], i: number, place: Place): boolean {
  const token = tokens[i]
  if (token === undefined || isStatementWord(token) || surelyStarts(tokens, i)) return true
  if (place === 'entity' || place === 'fields') {
    if (isA(tokens[i - 1], t.Comma) || isA(tokens[i + 1], t.Colon) || isA(tokens[i + 1], t.Question)) return true
  }
  if (!isA(token, t.Name) || isJoiner(token) || !isA(tokens[i + 1], t.Name)) return false
  return meantKeyword(token.image, keywordsIn[place]) !== undefined
}

function hasBlock(item: Item): boolean {
  return (
    (item.kind === 'entity' && item.block) || item.kind === 'server' || item.kind === 'test' || item.kind === 'inputs'
  )
}

/** A statement with a block, of which the head or some members do not parse. */
function blockItem(
  r: Recovery,
  place: Place,
  from: number,
  to: number,
  block: Block,
  depth: number,
  items: Item[],
): void {
  const { tokens } = r.layout
  const file = r.source.name
  const headTokens = tokens.slice(from, block.open)
  const head = r.parser.attempt(headTokens, file, r.docs, () => r.parser.blockHead())
  const headProblems = attribute(r, block.open)
  const misplaced = place !== 'file'
  if (head.failure !== undefined && !headProblems) {
    r.diagnostics.push(failureDiagnostic({ failure: head.failure, tokens: headTokens, file, place }))
  } else if (misplaced) {
    r.diagnostics.push(misplacedBlock(block.keyword, place, spanOf(r, from, block.open)))
  }
  append(r.diagnostics, head.found)
  // Fields where nothing of the kind may stand were probably meant as something else, such as `given token { … }`.
  const isLeftOut = misplaced && block.place === 'fields'
  const members = isLeftOut ? [] : region(r, block.place, block.open + 1, block.close, depth + 1)
  attribute(r, block.close + 1)
  const { end } = spanOf(r, from, block.close + 1)
  const node = misplaced ? undefined : closed(head.value, block, members, end)
  if (node !== undefined) items.push(node)
  else {
    append(items, brokenFrom(headTokens, spanOf(r, from, block.close + 1), place, block.keyword))
    append(items, brokenGrants(members))
  }
  if (block.close + 1 < to) window(r, place, block.close + 1, to, depth, false, items)
}

function closed(
  head: BlockHead | undefined,
  block: Block,
  members: readonly Item[],
  end: number,
): Statement | undefined {
  if (head === undefined || head.place !== block.place) return undefined
  switch (head.place) {
    // The members were parsed for this very place.
    case 'entity':
      return head.close(members as readonly Member[], true, end)
    case 'server':
      return head.close(members as readonly ServerMember[], true, end)
    case 'test':
      return head.close(members as readonly TestMember[], true, end)
    case 'fields':
      return head.close(members.filter((member) => member.kind === 'field') as readonly Field[], true, end)
  }
}

function brokenItem(
  r: Recovery,
  place: Place,
  from: number,
  to: number,
  attempt: Attempt<void> | undefined,
  items: Item[],
): void {
  const tokens = r.layout.tokens.slice(from, to)
  const file = r.source.name
  const lexical = attribute(r, to)
  let failed = attempt
  let silent = lexical
  for (let splits = 0; splits < mostSplits && failed !== undefined; splits++) {
    const split = splitEntity(failed.failure, tokens, file, place === 'test')
    if (split === undefined) break
    r.diagnostics.push(split.diagnostic)
    silent = true
    tokens.splice(split.at, 1, ...split.tokens)
    const into: Collector<Item> = { items: [] }
    failed = parseItems(r, place, tokens, into)
    if (failed.failure === undefined && !failed.refused) {
      append(r.diagnostics, failed.found)
      append(items, into.items)
      return
    }
  }
  if (failed?.refused === true) append(r.diagnostics, failed.found)
  else if (failed?.failure !== undefined && !silent) {
    r.diagnostics.push(failureDiagnostic({ failure: failed.failure, tokens, file, place }))
  }
  append(items, brokenFrom(tokens, spanOf(r, from, to), place))
}

function parseItems(r: Recovery, place: Place, tokens: IToken[], into: Collector<Item>): Attempt<void> {
  const { parser } = r
  return parser.attempt(tokens, r.source.name, r.docs, () => {
    switch (place) {
      // What each rule collects is one kind of item.
      case 'file':
        return parser.statements(into as Collector<Statement>)
      case 'entity':
        return parser.entityMembers(into as Collector<Member>)
      case 'server':
        return parser.serverMembers(into as Collector<ServerMember>)
      case 'test':
        return parser.testMembers(into as Collector<TestMember>)
      case 'fields':
        return parser.fields(into as Collector<Field>)
    }
  })
}
