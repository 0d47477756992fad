import type { Code } from '../../base/codes.ts'
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import type { Span } from '../../base/source.ts'
import type { Name, Text } from '../ast.ts'
import {
  EmbeddedActionsParser,
  EOF,
  type IParserErrorMessageProvider,
  type IToken,
  type ParserMethod,
} from '../chevrotain.ts'
import { limits } from '../limits.ts'
import { textOf } from '../strings.ts'
import { vocabulary } from '../tokens.ts'

/**
 * A message of the parser is only what it expected, in words that follow "expected"; the rest is written in `mistakes/`,
 * which sees more of the text.
 */
const onlyWhatWasExpected: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => expected.LABEL ?? expected.name,
  buildNoViableAltMessage: ({ customUserDescription }) => customUserDescription ?? '',
  buildEarlyExitMessage: ({ customUserDescription }) => customUserDescription ?? '',
  buildNotAllInputParsedMessage: () => '',
}

/** Thrown where parsing must stop although the grammar could go on: a limit is passed. */
class Refusal extends Error {
  readonly diagnostic: Diagnostic

  constructor(refused: Diagnostic) {
    super(refused.message)
    this.diagnostic = refused
  }
}

/** Where a rule could not go on. */
export interface Failure {
  /** The first token that does not fit; undefined at the end of the tokens. */
  readonly at: IToken | undefined
  /** What would have fitted, in words that follow "expected"; empty where there is no short way to say it. */
  readonly expected: string
}

export interface Attempt<T> {
  readonly value?: T
  readonly failure?: Failure
  /** What is wrong although the grammar could read on, or the limit that stopped it. */
  readonly found: readonly Diagnostic[]
  /** A limit stopped it, which `found` says. */
  readonly refused: boolean
}

/**
 * What stands for a place while chevrotain records the grammar, with tokens whose offsets are no numbers.
 * INVARIANT: no span has such an offset. One is enough for the JavaScript engine to keep the offsets of all in boxes.
 */
const nowhere: Span = { file: '', start: 0, end: 0 }

const noDocs: ReadonlyMap<IToken, string> = new Map()

/** What the rules of all grammar files share: positions, documentation, limits, and mistakes that need no recovery. */
export class ParserCore extends EmbeddedActionsParser {
  protected file = ''
  /** Mistakes that the grammar reads over: it knows what was meant. */
  protected found: Diagnostic[] = []
  protected docs: ReadonlyMap<IToken, string> = noDocs
  /** How many expressions or types are open around the current token. */
  protected nesting = 0
  /** Height of the expression that was read last. */
  protected height = 0
  /** Primaries read since the outermost expression began. */
  protected size = 0

  /**
   * One token of lookahead: where the grammar needs a second, a GATE looks at it. So a choice fails at the token that does
   * not fit and not before it, and finding out what was expected costs little however many mistakes there are.
   */
  constructor(validate: boolean) {
    super(vocabulary, { maxLookahead: 1, errorMessageProvider: onlyWhatWasExpected, skipValidations: !validate })
  }

  /** `RULE`, typed so that what a rule returns is checked against its declared type. */
  protected rule<A extends unknown[], R>(name: string, body: (...args: A) => R): ParserMethod<A, R> {
    return this.RULE<(...args: A) => R>(name, body)
  }

  /** Runs a rule over tokens that it must read to their end. */
  attempt<T>(tokens: IToken[], file: string, docs: ReadonlyMap<IToken, string>, rule: () => T): Attempt<T> {
    this.input = tokens
    this.file = file
    this.docs = docs
    this.found = []
    this.nesting = 0
    try {
      const value = rule()
      const error = this.errors[0]
      const found = this.found
      if (error === undefined) return { value, found, refused: false }
      const at = tokens.length > 0 && error.token.tokenType !== EOF ? error.token : undefined
      return { failure: { at, expected: error.message }, found, refused: false }
    } catch (error) {
      if (error instanceof Refusal) return { found: [...this.found, error.diagnostic], refused: true }
      throw error
    } finally {
      // The tokens of a large text weigh more than its tree.
      this.input = []
      this.docs = noDocs
    }
  }

  protected spanOf(token: IToken): Span {
    return this.RECORDING_PHASE ? nowhere : { file: this.file, start: token.startOffset, end: endOf(token) }
  }

  /** From a token to the last one consumed. */
  protected spanFrom(start: IToken): Span {
    return this.RECORDING_PHASE ? nowhere : { file: this.file, start: start.startOffset, end: endOf(this.LA(0)) }
  }

  protected nameOf(token: IToken): Name {
    return { text: token.image, span: this.spanOf(token) }
  }

  /** A string where nothing interpolates. */
  protected plainText(token: IToken): Text {
    return { value: textOf(token.image.slice(1, -1)), span: this.spanOf(token) }
  }

  protected report(code: Code, span: Span, message: string, help?: string): void {
    this.found.push(diagnostic(code, span, message, { help }))
  }

  protected refuse(span: Span, message: string, help?: string): never {
    throw new Refusal(diagnostic('too-large', span, message, { help }))
  }

  /** Called where an expression or a type begins inside another, so that no text can exhaust the stack. */
  protected enter(at: IToken, more = 1): void {
    if (this.nesting === 0) this.size = 0
    this.nesting += more
    if (this.nesting > limits.nesting) this.refuseNesting(at.tokenType === EOF ? this.LA(0) : at)
  }

  protected refuseNesting(at: IToken): never {
    this.refuse(this.spanOf(at), `nested more than ${limits.nesting} levels deep`, 'name an inner part with `let`')
  }

  protected leave(more = 1): void {
    this.nesting -= more
  }
}

/** Tokens that the lexer put in the place of others know where those ended. */
export function endOf(token: IToken): number {
  return token.endOffset === undefined ? token.startOffset + token.image.length : token.endOffset + 1
}
