import type { Diagnostic } from './base/diagnostic.ts'
import type { SourceFile } from './base/source.ts'
import type { EntityInput, FactInput } from './facts/fact.ts'
import { factSchema } from './facts/schema.ts'
import type { Program } from './ir/program.ts'
import type { Lock } from './lock/format.ts'
import type { WrittenFact } from './lower/given.ts'
import { byEntity, givenFacts } from './lower/given-facts.ts'
import { lower } from './lower/lower.ts'
import { check } from './model/check.ts'
import { type Parse, resolveFiles } from './model/files.ts'
import type { Notes } from './model/notes.ts'
import { report as newReport } from './model/report.ts'
import type { Schema } from './model/schema.ts'
import { silence } from './model/silence.ts'
import type { TestCase } from './model/tests/test-case.ts'
import type { Given } from './syntax/ast.ts'
import { parse } from './syntax/parse.ts'

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
}

export interface ParsedFacts {
  readonly facts: readonly (FactInput | EntityInput)[]
  readonly diagnostics: readonly Diagnostic[]
}

export interface Compiled {
  /** Undefined where any diagnostic is an error. */
  readonly policy?: Policy
  /** The warnings among them, of a policy without errors, are looked for when this is first read: up to a third of the time. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Compiles policy text: one text, or several files by name, which form one program. `import` and `from` are resolved among
 * the names given, relative to the file that says them; locks are files like the others. Reads nothing else and never throws.
 */
export function compile(source: string | Readonly<Record<string, string>>): Compiled {
  const files = typeof source === 'string' ? new Map([['policy.licet', source]]) : new Map(Object.entries(source))
  return elaborate(files).compiled
}

/** Compiles, and gives away what was found out on the way, of texts with mistakes, too. */
export function elaborate(files: ReadonlyMap<string, string>, notes?: Notes, parsed?: Parse) {
  const report = newReport(notes)
  const resolved = resolveFiles(files, notes, parsed)
  const { policy: checked, tests, warn } = check(resolved, report)
  const { schema } = checked
  const program = lower(checked)
  const excused = excuse(schema)
  const admitted = factSchema(program)
  const facts = givenFacts(schema.givens, admitted, report, { excused })
  const among = byEntity(facts)
  const testFacts = schema.tests.map((test) =>
    givenFacts(
      test.members.filter((member): member is Given => member.kind === 'given'),
      admitted,
      report,
      { among, excused },
    ),
  )
  const all = () => {
    warn()
    return sorted(silence([...resolved.diagnostics, ...report.diagnostics], files, resolved.policies))
  }
  const found = { policies: resolved.policies, schema, program, tests }
  if ([...resolved.diagnostics, ...report.diagnostics].some(({ severity }) => severity === 'error'))
    return { ...found, compiled: { diagnostics: all() } }
  const locks = [...schema.servers.values()].flatMap(({ name, lock }) =>
    name === undefined || lock === undefined ? [] : [[name, lock] as const],
  )
  const compiled: Compiled = right(
    {
      program,
      facts,
      tests: tests.map((test, i) => ({ ...test, facts: testFacts[i] ?? [] })),
      locks: new Map(locks),
      sources: [...files].map(([name, text]) => ({ name, text })),
      parseFacts: factParser(program),
    },
    all,
  )
  return { ...found, compiled }
}

/** A policy without errors. What else there is to be said of it is found when somebody reads it, and then kept. */
function right(policy: Policy, find: () => readonly Diagnostic[]): Compiled {
  let found: readonly Diagnostic[] | typeof find = find
  return {
    policy,
    get diagnostics() {
      if (typeof found === 'function') found = found()
      return found
    },
  }
}

/** It knows the program, and nothing that the program was made from: policies are kept for long. */
function factParser(program: Program): Policy['parseFacts'] {
  return (text, name = 'facts.licet') => parseFacts(program, { name, text })
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
  const facts = givenFacts(givens, factSchema(program), report)
  const diagnostics = sorted([...parsed.diagnostics, ...report.diagnostics])
  return { facts: diagnostics.some(({ severity }) => severity === 'error') ? [] : facts, diagnostics }
}

function sorted(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort((a, b) =>
    a.span.file === b.span.file ? a.span.start - b.span.start : a.span.file < b.span.file ? -1 : 1,
  )
}
