import { type Diagnostic, diagnostic } from '../base/diagnostic.ts'
import type { SourceFile } from '../base/source.ts'
import type { Expr, Policy, Question, Statement } from './ast.ts'
import type { ISyntacticContentAssistPath, IToken } from './chevrotain.ts'
import { PolicyParser } from './grammar/policy.ts'
import { QuestionParser } from './grammar/questions.ts'
import { type Lexed, lex } from './lexer.ts'
import { exceedsBytes, limits } from './limits.ts'
import { failureDiagnostic } from './mistakes/failure.ts'
import { matchBraces } from './recovery/blocks.ts'
import { balanceBraces } from './recovery/braces.ts'
import { layoutOf } from './recovery/layout.ts'
import { recoverPolicy } from './recovery/recover.ts'
import { beginText, type Remembered, rememberedParse } from './recovery/remembered.ts'
import { append, type Item } from './recovery/state.ts'
import { splitByLayout } from './recovery/windows.ts'
import * as t from './tokens.ts'

/**
 * Parses a policy file. Never throws: what does not parse is `broken` in the tree and has a diagnostic. Correct text parses
 * whatever its layout; layout only tells where a mistake ends. `memory` is of the text as it was before: the result is the same.
 */
export function parse(
  source: SourceFile,
  memory?: Remembered,
): { readonly policy: Policy; readonly diagnostics: readonly Diagnostic[] } {
  const whole = (statements: readonly Statement[], diagnostics: readonly Diagnostic[]) => ({
    policy: { kind: 'policy', file: source.name, statements } as const,
    diagnostics,
  })
  const large = tooLarge(source)
  if (large !== undefined) return whole([], [large])
  const lexed = lex(source)
  if (memory !== undefined) {
    beginText(memory)
    const parts = parseByParts(source, lexed, memory)
    if (parts === 'mistaken') {
      const { statements, diagnostics } = recoverPolicy(source, lexed, sharedParser(), memory)
      return whole(statements, diagnostics)
    }
    if (parts !== undefined) return whole(parts.statements, parts.found)
  }
  if (lexed.problems.length === 0) {
    const into = { items: [] as Statement[] }
    const parser = sharedParser()
    const { failure, refused, found } = parser.attempt(lexed.tokens, source.name, lexed.docs, () =>
      parser.statements(into),
    )
    if (failure === undefined && !refused) return whole(into.items, found)
  }
  const { statements, diagnostics } = recoverPolicy(source, lexed, sharedParser(), memory)
  return whole(statements, diagnostics)
}

/**
 * Parses a text without mistakes as the statements that its layout shows, each by itself: no statement goes on with what begins
 * another. `mistaken`: the text does not parse as a whole either. Undefined: its layout does not tell.
 */
function parseByParts(
  source: SourceFile,
  { tokens, docs, problems }: Lexed,
  memory: Remembered,
): { readonly statements: readonly Statement[]; readonly found: readonly Diagnostic[] } | 'mistaken' | undefined {
  if (problems.length > 0) return 'mistaken'
  const layout = layoutOf(tokens, source.text)
  const balanced = balanceBraces(layout, source.name)
  if (balanced.tokens.length !== tokens.length || balanced.diagnostics.length + balanced.problems.length > 0)
    return undefined
  const parser = sharedParser()
  const statements: Statement[] = []
  const found: Diagnostic[] = []
  const attempt = (part: IToken[], into: { items: Statement[] }) =>
    parser.attempt(part, source.name, docs, () => parser.statements(into))
  let before = 0
  for (const [from, to] of splitByLayout(layout, matchBraces(tokens), 'file', 0, tokens.length)) {
    const part = tokens.slice(from, to)
    const into = { items: [] as Statement[] }
    const one = rememberedParse(memory, 'file', part, { text: source.text, docs }, into as { items: Item[] }, () =>
      attempt(part, into),
    )
    if (one.failure !== undefined || one.refused) {
      // It may go on in what looks like the next statement, or be what the one before goes on with.
      const rest = attempt(tokens.slice(before), { items: [] })
      return rest.failure !== undefined || rest.refused ? 'mistaken' : undefined
    }
    before = from
    append(statements, into.items)
    append(found, one.found)
  }
  return { statements, found }
}

/** Parses a text that is one expression, as the command line and the prompt take it. `expr` is absent where it does not parse. */
export function parseExpression(source: SourceFile): {
  readonly expr?: Expr
  readonly diagnostics: readonly Diagnostic[]
} {
  const large = tooLarge(source)
  if (large !== undefined) return { diagnostics: [large] }
  const lexed = lex(source)
  const parser = sharedParser()
  const { value, failure, found } = parser.attempt(lexed.tokens, source.name, lexed.docs, () => parser.expression())
  const lexical = withoutRepeatedHabits(lexed)
  if (failure === undefined)
    return { ...(value === undefined ? {} : { expr: value }), diagnostics: [...lexical, ...found] }
  if (lexical.length > 0) return { diagnostics: lexical }
  return { diagnostics: [failureDiagnostic({ failure, tokens: lexed.tokens, file: source.name, place: 'expression' })] }
}

/** Parses a text that is one question. `question` is absent where it does not parse; it is then `unfinished` if a bracket is still open. */
export function parseQuestion(source: SourceFile): {
  readonly question?: Question
  readonly unfinished: boolean
  readonly diagnostics: readonly Diagnostic[]
} {
  const large = tooLarge(source)
  if (large !== undefined) return { unfinished: false, diagnostics: [large] }
  const lexed = lex(source)
  const { tokens } = lexed
  // A question mark at the end is good manners, and never the operator.
  if (tokens.at(-1)?.tokenType === t.Question) tokens.pop()
  const parser = sharedQuestionParser()
  const { value, failure, found } = parser.attempt(tokens, source.name, lexed.docs, () => parser.question())
  const lexical = withoutRepeatedHabits(lexed)
  if (failure === undefined)
    return {
      ...(value === undefined ? {} : { question: value }),
      unfinished: false,
      diagnostics: [...lexical, ...found],
    }
  const unfinished = lexical.length === 0 && failure.at === undefined && openBrackets(tokens) > 0
  if (lexical.length > 0) return { unfinished, diagnostics: lexical }
  return { unfinished, diagnostics: [failureDiagnostic({ failure, tokens, file: source.name, place: 'question' })] }
}

function openBrackets(tokens: Lexed['tokens']): number {
  let open = 0
  for (const { tokenType } of tokens) {
    if (tokenType === t.LCurly || tokenType === t.LSquare || tokenType === t.LParen) open += 1
    if (tokenType === t.RCurly || tokenType === t.RSquare || tokenType === t.RParen) open -= 1
  }
  return open
}

function withoutRepeatedHabits({ problems }: Lexed): readonly Diagnostic[] {
  const firstHabit = problems.find(({ habit }) => habit)
  return problems.filter((problem) => !problem.habit || problem === firstHabit).map((problem) => problem.diagnostic)
}

function tooLarge({ name, text }: SourceFile): Diagnostic | undefined {
  if (!exceedsBytes(text, limits.textBytes)) return undefined
  return diagnostic('too-large', { file: name, start: 0, end: 0 }, 'this file is larger than 16 MiB', {
    help: 'load large sets of facts through the store',
  })
}

/** What a rule of the grammar would take after these tokens. */
export function expectedBy(rule: string, tokens: IToken[]): readonly ISyntacticContentAssistPath[] {
  const parser = rule === 'question' ? sharedQuestionParser() : sharedParser()
  return parser.computeContentAssist(rule, tokens)
}

let parser: PolicyParser | undefined

/**
 * Building the parser takes tens of milliseconds, so it is built where the first text is parsed, once. A parse leaves no
 * trace in it that another could see.
 */
function sharedParser(): PolicyParser {
  parser ??= new PolicyParser()
  return parser
}

let questionParser: QuestionParser | undefined

function sharedQuestionParser(): QuestionParser {
  questionParser ??= new QuestionParser()
  return questionParser
}
