import type { CreateEngine } from './generate/scenario.ts'

/** What the properties look at, so that they can be asked of mutants too. */
export interface Licet {
  readonly createEngine: CreateEngine
  readonly stringifyJson: typeof import('./parts.ts').stringifyJson
  /** The parts of a compiled engine, to put together in other ways than `createEngine` does. */
  readonly parts: Parts
}

export type Parts = Pick<
  typeof import('./parts.ts'),
  'createMachine' | 'linkLazily' | 'memoryStore' | 'createEvaluator'
>

/**
 * The modules as they are now: after `vi.doMock` and `vi.resetModules`, a mutant. One import brings all of them: a mock is
 * registered by the first import that follows it, and others that are begun meanwhile may still see the original.
 */
export async function loadLicet(): Promise<Licet> {
  const { createEngine, stringifyJson, ...parts } = await import('./parts.ts')
  return { createEngine, stringifyJson, parts }
}
