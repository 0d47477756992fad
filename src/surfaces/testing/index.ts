/**
 * Runs the `test` blocks of a policy. The subpath `licet/testing`. In a test runner:
 *
 * ```ts
 * for (const { name, failures } of runTests(policy).tests) it(name, () => expect(failures).toEqual([]))
 * ```
 */
export type { Coverage, CoveredPlace } from './coverage.ts'
export { testNow } from './environment.ts'
export { type Expectation, type ExpectationResult, resultOf } from './expectation.ts'
export { type MutateOptions, type MutationRun, mutate, type Survivor } from './mutation/mutate.ts'
export type { Witness } from './mutation/witness.ts'
export { runTests, type TestOptions, type TestResult, type TestRun } from './run-tests.ts'
