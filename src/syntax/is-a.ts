import type { IToken, TokenType } from './chevrotain.ts'

/** Whether a token is of a type or of a type in that category. */
export function isA(token: IToken | undefined, type: TokenType): boolean {
  if (token === undefined) return false
  return token.tokenType === type || type.categoryMatchesMap?.[token.tokenTypeIdx] === true
}
