import type { Diagnostic } from './base/diagnostic.ts'
import type { SourceFile } from './base/source.ts'
import type { EntityInput, FactInput } from './facts/fact.ts'
import type { Program } from './ir/program.ts'
import type { Lock } from './lock/format.ts'
import type { WrittenFact } from './lower/given.ts'
import { byEntity, givenFacts } from './lower/given-facts.ts'
import { lower } from './lower/lower.ts'
import { collect } from './model/analysis/predicates.ts'
import { check } from './model/check.ts'
import { resolveFiles } from './model/files.ts'
import { type Asking, checkQuestion } from './model/questions/check-question.ts'
import type { CheckedQuestion } from './model/questions/question.ts'
import { report as newReport } from './model/report.ts'
import type { Schema } from './model/schema.ts'
import { silence } from './model/silence.ts'
import type { TestCase } from './model/tests/test-case.ts'
import type { Given } from './syntax/ast.ts'
import { parse, parseQuestion } from './syntax/parse.ts'

/** A policy without errors: what engines, guards and tools work with. */
export interface Policy {
  readonly program: Program
  /** The file-level `given` statements. */
  readonly facts: readonly (FactInput | EntityInput)[]
  /** The `test` blocks, each with the facts that exist only in it. */
  readonly tests: readonly (TestCase & { readonly facts: readonly (FactInput | EntityInput)[] })[]
  /** The lock of each server that has one. */
  readonly locks: ReadonlyMap<string, Lock>
  /** What it was compiled from, for digests and messages. */
  readonly sources: readonly SourceFile[]
  /** Reads `given` statements against this policy; without facts where any diagnostic is an error. */
  readonly parseFacts: (text: string, name?: string) => ParsedFacts
  /** Reads a question as `licet repl` takes it: what is asked, or told, in data that engines take. */
  readonly parseQuestion: (text: string, options?: QuestionOptions) => ParsedQuestion
}

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

/** A question with its names checked; without `by`, it is about the one who asks at the time. */
export type PolicyQuestion =
  | Exclude<CheckedQuestion, { readonly kind: 'givens' }>
  | {
      readonly kind: 'givens'
      readonly facts: readonly (FactInput | EntityInput)[]
      /** `token`, `context`, `now` … of the questions to come. */
      readonly inputs: ReadonlyMap<string, unknown>
    }

export interface ParsedFacts {
  readonly facts: readonly (FactInput | EntityInput)[]
  readonly diagnostics: readonly Diagnostic[]
}

export interface Compiled {
  /** Undefined where any diagnostic is an error. */
  readonly policy?: Policy
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Compiles policy text: one text, or several files by name, which form one program. `import` and `from` are resolved among
 * the names given, relative to the file that says them; locks are files like the others. Reads nothing else and never throws.
 */
export function compile(source: string | Readonly<Record<string, string>>): Compiled {
  const report = newReport()
  const files = typeof source === 'string' ? new Map([['policy.licet', source]]) : new Map(Object.entries(source))
  const resolved = resolveFiles(files)
  const { policy: checked, tests } = check(resolved, report)
  const program = lower(checked)
  const excused = excuse(checked.schema)
  const facts = givenFacts(checked.schema.givens, program, report, { excused })
  const among = byEntity(facts)
  const testFacts = checked.schema.tests.map((test) =>
    givenFacts(
      test.members.filter((member): member is Given => member.kind === 'given'),
      program,
      report,
      { among, excused },
    ),
  )
  const diagnostics = sorted(silence([...resolved.diagnostics, ...report.diagnostics], files, resolved.policies))
  if (diagnostics.some(({ severity }) => severity === 'error')) return { diagnostics }
  const locks = [...checked.schema.servers.values()].flatMap(({ name, lock }) =>
    name === undefined || lock === undefined ? [] : [[name, lock] as const],
  )
  return {
    policy: {
      program,
      facts,
      tests: tests.map((test, i) => ({ ...test, facts: testFacts[i] ?? [] })),
      locks: new Map(locks),
      sources: [...files].map(([name, text]) => ({ name, text })),
      parseFacts: (text, name = 'facts.licet') => parseFacts(program, { name, text }),
      parseQuestion: questionsAbout(files, program),
    },
    diagnostics,
  }
}

/** Facts about what a broken declaration would have declared are not complained about. */
function excuse({ types, broken, lenient }: Schema): (fact: WrittenFact, attribute: string | undefined) => boolean {
  return ({ type, relation }, attribute) => {
    const about = type === undefined ? undefined : types.get(type)
    return (
      lenient || broken.size > 0 || about?.lenient === true || about?.broken.has(relation ?? attribute ?? '') === true
    )
  }
}

function parseFacts(program: Program, source: SourceFile): ParsedFacts {
  const report = newReport()
  const parsed = parse(source)
  const givens: Given[] = []
  for (const statement of parsed.policy.statements) {
    if (statement.kind === 'given' && statement.of !== 'input') givens.push(statement)
    else if (statement.kind !== 'broken' && statement.kind !== 'edition')
      report.add('bad-fact', statement.span, 'a file of facts has only `given` statements', {
        help: 'rules and tests belong into the policy',
      })
  }
  const facts = givenFacts(givens, program, report)
  const diagnostics = sorted([...parsed.diagnostics, ...report.diagnostics])
  return { facts: diagnostics.some(({ severity }) => severity === 'error') ? [] : facts, diagnostics }
}

/**
 * What the checker knows of a policy is not kept by engines that nobody asks in words: it is worked out anew from the files when the
 * first question comes.
 */
function questionsAbout(files: ReadonlyMap<string, string>, program: Program): Policy['parseQuestion'] {
  let known: Pick<Asking, 'schema' | 'predicates'> | undefined
  return (text, { name = 'question', asker } = {}) => {
    if (known === undefined) {
      const { schema, roles, rules, conditions } = check(resolveFiles(files), newReport()).policy
      known = { schema, predicates: collect(schema, roles, rules, conditions) }
    }
    const { question: parsed, unfinished, diagnostics: syntax } = parseQuestion({ name, text })
    const report = newReport()
    const mayBeAsked = !syntax.some(({ severity }) => severity === 'error')
    const checked = parsed === undefined || !mayBeAsked ? undefined : checkQuestion(parsed, { ...known, asker, report })
    const question =
      checked?.kind === 'givens'
        ? { kind: checked.kind, inputs: checked.inputs, facts: givenFacts(checked.givens, program, report) }
        : checked
    const diagnostics = sorted([...syntax, ...report.diagnostics])
    const isWrong = diagnostics.some(({ severity }) => severity === 'error')
    return { ...(question === undefined || isWrong ? {} : { question }), unfinished, diagnostics }
  }
}

function sorted(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort((a, b) =>
    a.span.file === b.span.file ? a.span.start - b.span.start : a.span.file < b.span.file ? -1 : 1,
  )
}
