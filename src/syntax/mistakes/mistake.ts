import type { Diagnostic } from '../../base/diagnostic.ts'
import type { IToken, TokenType } from '../chevrotain.ts'
import type { Failure } from '../grammar/core.ts'
import type { Place } from '../recovery/starts.ts'

/** A statement, member, expression or question that does not parse. */
export interface Unparsed {
  readonly failure: Failure
  /** All of it. */
  readonly tokens: readonly IToken[]
  readonly file: string
  readonly place: Place | 'expression' | 'question'
}

/** The same as those who explain it see it. */
export interface Mistake extends Unparsed {
  /** Index of the token that does not fit; the number of tokens where it is the end that does not. */
  readonly at: number
  /** Index of the word that the statement begins with, after annotations and modifiers. */
  readonly word: number
}

/** What to say about a mistake: about which tokens, which must not be empty, and what. */
export interface Explanation {
  readonly code?: Diagnostic['code']
  readonly from: number
  /** Defaults to the one token. */
  readonly to?: number
  readonly message: string
  readonly help?: string | undefined
  /** What to write instead of these tokens, where only one thing can be meant. */
  readonly instead?: string
}

/** Recognises one kind of mistake. */
export type Explain = (mistake: Mistake) => Explanation | undefined

export function typeAt({ tokens }: Mistake, i: number): TokenType | undefined {
  return tokens[i]?.tokenType
}

/** A token as a message names it. */
export function shown(token: IToken | undefined): string {
  const image = token?.image ?? ''
  return `\`${image.length > 40 ? `${image.slice(0, 40)}…` : image}\``
}
