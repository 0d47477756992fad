import type { Missing, Policy } from '../../src/index.ts'
import type { AnyFact } from './generate/facts.ts'
import type { Request } from './generate/request.ts'
import type { CreateEngine } from './generate/scenario.ts'

/** What the properties look at, so that they can be asked of mutants too. */
export interface Licet {
  readonly createEngine: CreateEngine
  /** What a denial would need. */
  missing(policy: Policy, facts: readonly AnyFact[], request: Request, functions: Functions): Missing
  stringifyJson: typeof import('../../src/base/json.ts').stringifyJson
}

type Functions = Readonly<Record<string, (...args: never[]) => unknown>>

/** The modules as they are now: after `vi.doMock` and `vi.resetModules`, a mutant. */
export async function loadLicet(): Promise<Licet> {
  const [{ createEngine }, { missing }, { createEvaluator }, { memoryStore }, { stringifyJson }] = await Promise.all([
    import('../../src/engine.ts'),
    import('../../src/explain/missing.ts'),
    import('../../src/runtime/evaluator.ts'),
    import('../../src/facts/memory.ts'),
    import('../../src/base/json.ts'),
  ])
  return {
    createEngine,
    missing: (policy, facts, request, functions) => {
      const evaluator = createEvaluator(policy.program, {
        functions: functions as Readonly<Record<string, (...args: unknown[]) => unknown>>,
      })
      const store = memoryStore(evaluator.policy.schema)
      store.load([...policy.facts, ...facts])
      return missing(evaluator, request, store.snapshot())
    },
    stringifyJson,
  }
}
