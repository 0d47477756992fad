import { runTests, type TestRun } from 'licet/testing'
import type { EngineOptions, Policy } from '../../index.ts'
import { type Answer, type Line, styled, told } from './answer.ts'

type Functions = EngineOptions['functions']
type TestResult = TestRun['tests'][number]

/** The tests of a policy, or those of one name. Each sees the facts of the policy's text and its own, and not those of the session. */
export function run(policy: Policy, functions: Functions, name?: string): TestRun {
  const tests = name === undefined ? policy.tests : policy.tests.filter((test) => test.name === name)
  return runTests({ ...policy, tests }, functions === undefined ? {} : { functions })
}

export function testsAnswer(policy: Policy, functions: Functions, name?: string): Answer {
  const { tests, passed, failed } = run(policy, functions, name)
  return {
    ...told(
      { kind: 'tests', passed, failed, tests: tests.map(({ name, passed }) => ({ name, passed })) },
      ...tests.map((test) => [mark(test.passed), ` ${test.name}`]),
      [`${passed} passed, ${failed} failed`],
    ),
    diagnostics: tests.flatMap(({ failures, warnings }) => [...failures, ...warnings]),
    sources: policy.sources,
    failed: failed > 0,
  }
}

/** What is different in the second run: from passed to failed and back, and what is new. A test is told by its name and its place among those of it. */
export function testChanges(before: TestRun, after: TestRun, { sources }: Policy): Answer {
  const then = numbered(before)
  const now = numbered(after)
  const changed = [...now].filter(([key, { passed }]) => then.get(key)?.passed !== passed)
  const gone = [...then].filter(([key]) => !now.has(key)).map(([, { name }]) => name)
  const lines = changed.map(([key, test]): Line => {
    const was = then.get(key)
    return [
      mark(test.passed),
      ` ${test.name}`,
      styled('faint', was === undefined ? ' (new)' : ` (${word(was.passed)} before)`),
    ]
  })
  return {
    ...told(
      {
        tests: changed.map(([key, { name, passed }]) => ({ name, passed, before: then.get(key)?.passed })),
        gone,
        passed: after.passed,
        failed: after.failed,
      },
      ...lines,
      ...gone.map((name): Line => [styled('faint', `- ${name} (gone)`)]),
      [`${after.passed} passed, ${after.failed} failed`],
    ),
    diagnostics: changed.flatMap(([, { failures }]) => failures),
    sources,
  }
}

function numbered({ tests }: TestRun): ReadonlyMap<string, TestResult> {
  const found = new Map<string, TestResult>()
  for (const test of tests) {
    let key = test.name
    for (let n = 2; found.has(key); n++) key = `${test.name}\n${n}`
    found.set(key, test)
  }
  return found
}

function mark(passed: boolean) {
  return passed ? styled('good', '✓') : styled('bad', '✗')
}

function word(passed: boolean): string {
  return passed ? 'passed' : 'failed'
}
