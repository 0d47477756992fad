import type { Diagnostic } from './base/diagnostic.ts'
import type { EntityInput, FactInput } from './facts/fact.ts'
import { factSchema } from './facts/schema.ts'
import type { Policy } from './language.ts'
import { givenFacts } from './lower/given-facts.ts'
import { collect } from './model/analysis/predicates.ts'
import { check } from './model/check.ts'
import { resolveFiles } from './model/files.ts'
import { checkQuestion } from './model/questions/check-question.ts'
import type { CheckedQuestion } from './model/questions/question.ts'
import { report as newReport } from './model/report.ts'
import { parseQuestion } from './syntax/parse.ts'

export { functionNames } from './model/expression/function-names.ts'
export { claims } from './model/expression/variables.ts'
export { itemActions } from './model/schema.ts'

export interface QuestionOptions {
  /** What diagnostics call the text. */
  readonly name?: string
  /** Who asks where a question does not say, as `Type:id`; null is the anonymous actor. Without it nobody does. */
  readonly asker?: string | null | undefined
}

export interface ParsedQuestion {
  /** Undefined where any diagnostic is an error. */
  readonly question?: PolicyQuestion
  /** The text breaks off within brackets: more may make a question of it. */
  readonly unfinished: boolean
  readonly diagnostics: readonly Diagnostic[]
}

/** A question with its names checked, in data that engines take; without `by`, it is about the one who asks at the time. */
export type PolicyQuestion =
  | Exclude<CheckedQuestion, { readonly kind: 'givens' }>
  | {
      readonly kind: 'givens'
      readonly facts: readonly (FactInput | EntityInput)[]
      /** `token`, `context`, `now` … of the questions to come. */
      readonly inputs: ReadonlyMap<string, unknown>
    }

/** Reads a question about a policy. Never throws. */
export type QuestionReader = (text: string, options?: QuestionOptions) => ParsedQuestion

/**
 * What reads questions about a policy, as `licet repl` takes them. What the checker knows of a policy is no part of it, since most are
 * never asked in words: it is worked out here, from its texts.
 */
export function questionsAbout({ program, sources }: Policy): QuestionReader {
  const files = new Map(sources.map(({ name, text }) => [name, text]))
  const { schema, roles, rules, conditions } = check(resolveFiles(files), newReport()).policy
  const predicates = collect(schema, roles, rules, conditions)
  const admitted = factSchema(program)
  return (text, { name = 'question', asker } = {}) => {
    const { question: parsed, unfinished, diagnostics: syntax } = parseQuestion({ name, text })
    const report = newReport()
    const isRead = parsed !== undefined && syntax.length === 0
    const checked = isRead ? checkQuestion(parsed, { schema, predicates, asker, report }) : undefined
    const question =
      checked?.kind === 'givens'
        ? { kind: checked.kind, inputs: checked.inputs, facts: givenFacts(checked.givens, admitted, report) }
        : checked
    const diagnostics = [...syntax, ...report.diagnostics].sort((a, b) => a.span.start - b.span.start)
    const isWrong = diagnostics.some(({ severity }) => severity === 'error')
    return { ...(question === undefined || isWrong ? {} : { question }), unfinished, diagnostics }
  }
}
