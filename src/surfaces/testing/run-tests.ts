import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import { createEngine, type EngineOptions, type Policy, type Span } from '../../index.ts'
import { type Coverage, coverageOf } from './coverage.ts'
import { environmentOf } from './environment.ts'
import { type ExpectationResult, resultOf } from './expectation.ts'

export interface TestOptions {
  /** The host functions that the policy declares, as for `createEngine`. */
  readonly functions?: EngineOptions['functions']
  /** Also find out what the tests show of each rule, role and condition. */
  readonly coverage?: boolean
}

export interface TestRun {
  readonly tests: readonly TestResult[]
  /** Tests, that is `test` blocks, and not expectations. */
  readonly passed: number
  readonly failed: number
  /** Where it was asked for. */
  readonly coverage?: Coverage
}

export interface TestResult {
  readonly name: string
  readonly at: Span
  /** Every expectation holds. */
  readonly passed: boolean
  readonly expectations: readonly ExpectationResult[]
  /** What does not hold, where it is written, in the order of the text; `render` makes it readable. */
  readonly failures: readonly Diagnostic[]
  /** What holds, but perhaps not for the reason that was meant: a `cannot` that a misspelt id makes true. */
  readonly warnings: readonly Diagnostic[]
}

/**
 * Runs the `test` blocks of a policy, each with the facts of the files and its own, and no others.
 *
 * @throws TypeError where a host function that the policy declares is not given
 */
export function runTests(policy: Policy, options: TestOptions = {}): TestRun {
  const tests = policy.tests.map((test) => runTest(policy, test, options))
  const passed = tests.filter((test) => test.passed).length
  return {
    tests,
    passed,
    failed: tests.length - passed,
    ...(options.coverage === true ? { coverage: coverageOf(policy, options.functions) } : {}),
  }
}

function runTest(policy: Policy, test: Policy['tests'][number], { functions = {} }: TestOptions): TestResult {
  const engine = createEngine(policy, { functions })
  const refused = engine.facts.load(test.facts)
  const env = environmentOf(test)
  const expectations = test.expectations.map((expectation) => resultOf(engine, expectation, env))
  const failures = [
    ...refused.map(({ message, help }) => diagnostic('bad-fact', test.at, message, { help })),
    ...expectations.flatMap(({ at, passed, message, help }) =>
      passed ? [] : [diagnostic('failed-expectation', at, message, { help })],
    ),
  ]
  const warnings = expectations.flatMap(deniedByError)
  return { name: test.name, at: test.at, passed: failures.length === 0, expectations, failures, warnings }
}

function deniedByError(result: ExpectationResult): readonly Diagnostic[] {
  if (result.kind !== 'decision' || !result.passed || result.decision.reason !== 'error') return []
  const [first] = result.decision.errors
  return [
    diagnostic('denied-by-error', result.at, 'this is denied by an error, not by a rule', { help: first?.message }),
  ]
}
