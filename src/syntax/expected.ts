import type { IToken, TokenType } from './chevrotain.ts'
import { expectedBy } from './parse.ts'
import type { Place } from './recovery/starts.ts'
import * as t from './tokens.ts'

/** What the grammar would take next: a token, in a rule, of which there may be several there. */
export interface Expected {
  /** The words or marks that the token can be; none where it is a name, a text or a number. */
  readonly words: readonly string[]
  readonly type: TokenType
  /** The innermost rule that would take it, and which of the tokens of that type in the rule it would be. */
  readonly rule: string
  readonly occurrence: number
  /** The rules around that one, outermost first. */
  readonly within: readonly string[]
}

const ruleOf: Readonly<Record<Place | 'question', string>> = {
  file: 'statements',
  entity: 'entityMembers',
  server: 'serverMembers',
  test: 'testMembers',
  fields: 'fields',
  question: 'question',
}

/**
 * What may follow tokens that begin a statement, a member or a question; nothing where they do not. Choices that a second token of lookahead would
 * decide are all there.
 */
export function expectedAfter(place: Place | 'question', tokens: readonly IToken[]): readonly Expected[] {
  return expectedBy(ruleOf[place], [...tokens]).map(({ nextTokenType: type, nextTokenOccurrence, ruleStack }) => ({
    words: wordsOf(type),
    type,
    rule: ruleStack.at(-1) ?? '',
    occurrence: nextTokenOccurrence,
    within: ruleStack.slice(0, -1),
  }))
}

function wordsOf(type: TokenType): readonly string[] {
  const [, own] = /^`(.+)`$/.exec(type.LABEL ?? '') ?? []
  if (own !== undefined) return [own]
  if (type !== t.Verb && type !== t.BinaryOperator && type !== t.Prefix) return []
  return t.keywordNames.filter((word) => type.categoryMatchesMap?.[t.keywordOf(word)?.tokenTypeIdx ?? -1] === true)
}
