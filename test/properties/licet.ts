import type { CreateEngine } from './generate/scenario.ts'

/** What the properties look at, so that they can be asked of mutants too. */
export interface Licet {
  readonly createEngine: CreateEngine
  readonly stringifyJson: typeof import('../../src/base/json.ts').stringifyJson
}

/** The modules as they are now: after `vi.doMock` and `vi.resetModules`, a mutant. */
export async function loadLicet(): Promise<Licet> {
  const [{ createEngine }, { stringifyJson }] = await Promise.all([
    import('../../src/engine.ts'),
    import('../../src/base/json.ts'),
  ])
  return { createEngine, stringifyJson }
}
