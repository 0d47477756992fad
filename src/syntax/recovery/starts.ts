import type { IToken, TokenType } from '../chevrotain.ts'
import { isA } from '../is-a.ts'
import * as t from '../tokens.ts'

/** Where a statement or member may stand. */
export type Place = 'file' | 'entity' | 'server' | 'test' | 'fields'

function isOneOf(token: IToken | undefined, types: ReadonlySet<TokenType>): boolean {
  return token !== undefined && types.has(token.tokenType)
}

const statementWords: ReadonlySet<TokenType> = new Set([
  t.Edition,
  t.Import,
  t.Open,
  t.Virtual,
  t.Dynamic,
  t.Contextual,
  t.Actor,
  t.Resource,
  t.Role,
  t.Allow,
  t.Deny,
  t.Delegate,
  t.Limit,
  t.Label,
  t.Always,
  t.Never,
  t.Action,
  t.Scope,
  t.Let,
  t.Server,
  t.FunctionWord,
  t.Context,
  t.Token,
  t.Test,
  t.Given,
  t.Expect,
])

/** Words after which a name belongs to the same statement. */
const joiners: ReadonlySet<TokenType> = new Set([
  t.On,
  t.To,
  t.Per,
  t.By,
  t.As,
  t.When,
  t.Until,
  t.Can,
  t.Cannot,
  t.Via,
  t.From,
  t.Includes,
  t.Missing,
])

/** What may follow these words and still belong to the statement that they begin, though it begins others. */
const modified: ReadonlyMap<TokenType, ReadonlySet<TokenType>> = new Map([
  [t.Given, new Set([t.Role, t.Context, t.Token])],
  [t.Open, new Set([t.Open, t.Virtual, t.Dynamic, t.Actor, t.Resource])],
  [t.Virtual, new Set([t.Open, t.Virtual, t.Dynamic, t.Actor, t.Resource])],
  [t.Dynamic, new Set([t.Open, t.Virtual, t.Dynamic, t.Actor, t.Resource])],
  [t.Contextual, new Set([t.Role])],
])

function isModified(before: IToken | undefined, word: IToken): boolean {
  return before !== undefined && modified.get(before.tokenType)?.has(word.tokenType) === true
}

/** `open`, `virtual` or `dynamic`, before `actor` or `resource`. */
export function isModifier(token: IToken | undefined): boolean {
  return isOneOf(token, modifiers)
}

const modifiers: ReadonlySet<TokenType> = new Set([t.Open, t.Virtual, t.Dynamic])

export function isStatementWord(token: IToken | undefined): boolean {
  return isOneOf(token, statementWords)
}

export function isJoiner(token: IToken | undefined): boolean {
  return isOneOf(token, joiners)
}

/** Whether a statement can end with this token. */
export function canEnd(token: IToken | undefined): boolean {
  if (token === undefined) return true
  return isA(token, t.Name) || isOneOf(token, closers)
}

const closers: ReadonlySet<TokenType> = new Set([
  t.True,
  t.False,
  t.Str,
  t.Int,
  t.Num,
  t.Duration,
  t.Regex,
  t.Entity,
  t.RCurly,
  t.RParen,
  t.RSquare,
  t.Star,
])

/**
 * Whether the tokens at `i` can only begin a statement or member: two names never stand side by side inside an expression,
 * so that most keywords give themselves away by what follows them.
 */
export function surelyStarts(tokens: readonly IToken[], i: number): boolean {
  const [word, next, third] = [tokens[i], tokens[i + 1], tokens[i + 2]]
  if (word === undefined || isModified(tokens[i - 1], word)) return false
  switch (word.tokenType) {
    case t.At:
      return true
    case t.Edition:
      return isA(next, t.Int)
    case t.Import:
    case t.Scope:
    case t.Test:
    case t.Always:
    case t.Never:
      return isA(next, t.Str)
    case t.Open:
    case t.Virtual:
    case t.Dynamic:
      return isOneOf(next, entityWords)
    case t.Contextual:
      return isA(next, t.Name) || isA(next, t.Str)
    case t.Role:
      if (isA(next, t.Reserved)) return isA(third, t.Colon)
      return isA(next, t.Name) && !isJoiner(next)
    case t.Actor:
    case t.Resource:
      return isA(next, t.Name) && !isJoiner(next)
    case t.Allow:
    case t.Deny:
    case t.Delegate:
    case t.Limit:
    case t.Label:
      if (isA(next, t.Star))
        return canEnd(tokens[i - 1]) || isA(third, t.On) || isA(third, t.If) || isA(third, t.Unless)
      return isA(next, t.Name) && !isJoiner(next)
    case t.Let:
      if (isA(next, t.Assign)) return true
      return isA(next, t.Word) && (isA(third, t.Assign) || isA(third, t.LParen) || isA(third, t.Equal))
    case t.Action:
      return isA(next, t.Name) && isA(third, t.Assign)
    case t.FunctionWord:
      return isA(next, t.Name) && isA(third, t.LParen)
    case t.Context:
    case t.Token:
      return isA(next, t.LCurly)
    case t.Server:
      return (isA(next, t.Name) || isA(next, t.Star)) && (isA(third, t.From) || isA(third, t.LCurly))
    case t.Given:
      return isA(next, t.Entity) || isA(next, t.Name)
    case t.Expect:
      return isA(next, t.Entity) || isA(next, t.Name) || isA(next, t.Not)
    default:
      return false
  }
}

const entityWords: ReadonlySet<TokenType> = new Set([t.Open, t.Virtual, t.Dynamic, t.Actor, t.Resource])

/** Whether the tokens at `i` begin a statement that can only stand at the top level of a file. */
export function surelyStartsAtTop(tokens: readonly IToken[], i: number): boolean {
  const token = tokens[i]
  if (!surelyStarts(tokens, i) || token === undefined) return false
  return !memberWords.has(token.tokenType)
}

const memberWords: ReadonlySet<TokenType> = new Set([
  t.At,
  t.Role,
  t.Contextual,
  t.Allow,
  t.Deny,
  t.Delegate,
  t.Limit,
  t.Label,
  t.Always,
  t.Never,
  t.Let,
  t.Given,
  t.Expect,
])

/**
 * Whether a statement or member probably begins at `i`, the first token on its line. `outdented` says that the line does not
 * stand further right than the one on which the statement before it began.
 */
export function probablyStarts(tokens: readonly IToken[], i: number, place: Place, outdented: boolean): boolean {
  const [before, token, next] = [tokens[i - 1], tokens[i], tokens[i + 1]]
  if (token === undefined || isModified(before, token)) return false
  const named = isA(token, t.Name)
  if ((place === 'entity' || place === 'fields') && (canEnd(before) || outdented)) {
    if ((isA(token, t.Word) || isA(token, t.Str)) && (isA(next, t.Colon) || isA(next, t.Question))) return true
  }
  if (!canEnd(before)) return false
  if (isStatementWord(token) && !continues(next)) return true
  if (!outdented) return false
  // Two operands never stand side by side, so that a name here does not continue what the line above ended with.
  if (named) return !isJoiner(token)
  return !isA(token, t.Reserved) && !continues(token) && !isA(token, t.LCurly)
}

/** Whether an expression or a field goes on with this token. */
function continues(token: IToken | undefined): boolean {
  if (token === undefined) return false
  return isA(token, t.BinaryOperator) || isA(token, t.Access) || isOneOf(token, marks)
}

const marks: ReadonlySet<TokenType> = new Set([
  t.Has,
  t.Is,
  t.Comma,
  t.Colon,
  t.Question,
  t.Pipe,
  t.Arrow,
  t.Assign,
  t.LParen,
  t.RParen,
  t.LSquare,
  t.RSquare,
  t.RCurly,
])

/** The first token after the annotations that begin at `i`. */
export function afterAnnotations(tokens: readonly IToken[], i: number): number {
  let at = i
  while (isA(tokens[at], t.At) && isA(tokens[at + 1], t.Word)) {
    at += 2
    if (isA(tokens[at], t.LParen) && isA(tokens[at + 1], t.Str) && isA(tokens[at + 2], t.RParen)) at += 3
  }
  return at
}
