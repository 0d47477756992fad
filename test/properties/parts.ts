import { stringifyJson } from '../../src/base/json.ts'
import { linkLazily } from '../../src/compile/linker.ts'
import { createEngine } from '../../src/engine.ts'
import { memoryStore } from '../../src/facts/memory.ts'
import { createMachine } from '../../src/machine/machine.ts'
import { createEvaluator } from '../../src/runtime/evaluator.ts'

/** What the properties look at, so that they can be asked of mutants too. */
export const licet = {
  createEngine,
  stringifyJson,
  /** Of a compiled engine, to be put together in other ways than `createEngine` does. */
  parts: { createMachine, linkLazily, memoryStore, createEvaluator },
}
