import type { Broken, Member, Node } from '../ast.ts'
import type { IToken } from '../chevrotain.ts'
import { isA } from '../is-a.ts'
import { keywordsIn, meantKeyword } from '../mistakes/keywords.ts'
import * as t from '../tokens.ts'
import { afterAnnotations, isModifier, isStatementWord, type Place } from './starts.ts'

/**
 * What stands for a statement or member that did not parse: one node for each name that it probably declares, so that the
 * checker does not miss those names elsewhere.
 */
export function brokenFrom(
  tokens: readonly IToken[],
  span: Node['span'],
  place: Place,
  keyword?: string,
): readonly Broken[] {
  let at = afterAnnotations(tokens, 0)
  while (isModifier(tokens[at]) || isContextual(tokens, at)) at++
  const word = tokens[at]
  const broken = (name?: string, of = keyword): Broken => ({
    kind: 'broken',
    annotations: [],
    span,
    ...(of === undefined ? {} : { keyword: of }),
    ...(name === undefined ? {} : { name }),
  })
  if (word === undefined) return [broken()]
  if (isField(tokens, at)) return [broken(word.image.replace(/^"(.*)"$/s, '$1'), undefined)]
  const of = keyword ?? (isStatementWord(word) ? word.image : meantKeyword(word.image, keywordsIn[place]))
  if (of === undefined && (place === 'entity' || place === 'fields') && isA(word, t.Name)) return [broken(word.image)]
  const names = isA(word, t.Verb) || of === 'allow' ? actionsAt(tokens, at + 1) : nameAt(tokens, at + 1)
  return names.length === 0 ? [broken(undefined, of)] : names.map((name) => broken(name, of))
}

/** The actions that the rules of a block grant: they stay granted where the block as a whole is broken. */
export function brokenGrants(members: readonly { readonly kind: string }[]): readonly Broken[] {
  return (members as readonly Member[]).flatMap((member) => {
    if (member.kind === 'broken') return member.keyword === 'allow' ? [member] : []
    if (member.kind !== 'rule' || member.verb !== 'allow') return []
    const { span, verb: keyword } = member
    return member.actions.map(({ text: name }) => ({ kind: 'broken', annotations: [], span, keyword, name }) as const)
  })
}

function isContextual(tokens: readonly IToken[], at: number): boolean {
  return isA(tokens[at], t.Contextual) && !isA(tokens[at + 1], t.Colon) && !isA(tokens[at + 1], t.Question)
}

function isField(tokens: readonly IToken[], at: number): boolean {
  return isA(tokens[at + 1], t.Colon) || (isA(tokens[at + 1], t.Question) && isA(tokens[at + 2], t.Colon))
}

function nameAt(tokens: readonly IToken[], at: number): readonly string[] {
  const name = tokens[at]
  return name !== undefined && isA(name, t.Name) ? [name.image] : []
}

function actionsAt(tokens: readonly IToken[], at: number): readonly string[] {
  const actions: string[] = []
  for (let i = at; ; i += 2) {
    const name = tokens[i]
    if (name === undefined || !isA(name, t.Name)) return actions
    actions.push(name.image)
    if (!isA(tokens[i + 1], t.Comma)) return actions
  }
}
