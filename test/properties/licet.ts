import type { CreateEngine } from './generate/scenario.ts'

/** What the properties look at, so that they can be asked of mutants too. */
export interface Licet {
  readonly createEngine: CreateEngine
  readonly stringifyJson: typeof import('../../src/base/json.ts').stringifyJson
  /** The parts of a compiled engine, to put together in other ways than `createEngine` does. */
  readonly parts: Parts
}

export interface Parts {
  readonly createMachine: typeof import('../../src/machine/machine.ts').createMachine
  readonly linkLazily: typeof import('../../src/compile/linker.ts').linkLazily
  readonly memoryStore: typeof import('../../src/facts/memory.ts').memoryStore
  readonly createEvaluator: typeof import('../../src/runtime/evaluator.ts').createEvaluator
}

/** The modules as they are now: after `vi.doMock` and `vi.resetModules`, a mutant. */
export async function loadLicet(): Promise<Licet> {
  const [{ createEngine }, { stringifyJson }, { createMachine }, { linkLazily }, { memoryStore }, { createEvaluator }] =
    await Promise.all([
      import('../../src/engine.ts'),
      import('../../src/base/json.ts'),
      import('../../src/machine/machine.ts'),
      import('../../src/compile/linker.ts'),
      import('../../src/facts/memory.ts'),
      import('../../src/runtime/evaluator.ts'),
    ])
  return { createEngine, stringifyJson, parts: { createMachine, linkLazily, memoryStore, createEvaluator } }
}
