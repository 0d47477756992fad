import type { TestRun } from 'licet/testing'
import type { Analysed } from '../../assist.ts'
import { isRunnable, type TestResults } from './inlay-hints.ts'
import type { Program } from './workspace.ts'

/** Milliseconds without a change before tests are run. */
const quiet = 250

/** Milliseconds for the tests of one program: those that are left then are run by `licet test` alone. */
const budget = 2_000

/** So many expectations are looked at before other work has its turn. */
const atOnce = 5

export interface TestRuns {
  readonly resultsOf: TestResults
  /** These are the programs now: tests of those that have changed are run when nothing has changed for a while. */
  readonly schedule: (programs: readonly Program[]) => void
  readonly stop: () => void
}

/**
 * Runs tests when nobody types: one after the other, with room for other work between them, and no further once their program has
 * changed.
 */
export function newTestRuns(onDone: () => void): TestRuns {
  const results = new WeakMap<Analysed, readonly TestRun[]>()
  let timer: NodeJS.Timeout | undefined
  /** What is to be run; another one once something has changed. */
  let current: readonly Program[] = []

  const run = async (programs: readonly Program[]): Promise<void> => {
    const { runTests } = await import('licet/testing')
    let isNew = false
    for (const { analysis } of programs) {
      const { policy } = analysis
      if (policy === undefined || results.has(analysis)) continue
      const runs: TestRun[] = []
      let spent = 0
      for (const test of policy.tests.flatMap(inPieces)) {
        await new Promise((resolve) => setImmediate(resolve))
        if (current !== programs) return
        if (spent > budget) break
        const began = performance.now()
        runs.push(runTests({ ...policy, tests: [test] }))
        spent += performance.now() - began
      }
      results.set(analysis, runs)
      isNew = true
    }
    if (isNew) onDone()
  }

  return {
    resultsOf: (analysis) => results.get(analysis),
    schedule: (programs) => {
      const runnable = programs.filter(isRunnable)
      current = runnable
      clearTimeout(timer)
      if (runnable.every(({ analysis }) => results.has(analysis))) return
      // What goes wrong in a test is its result; nothing is expected to be thrown.
      timer = setTimeout(() => void run(runnable).catch(() => undefined), quiet)
    },
    stop: () => {
      current = []
      clearTimeout(timer)
    },
  }
}

function inPieces<T extends { readonly expectations: readonly unknown[] }>(test: T): readonly T[] {
  const starts = [...test.expectations.keys()].filter((i) => i % atOnce === 0)
  return starts.map((i) => ({ ...test, expectations: test.expectations.slice(i, i + atOnce) }))
}
