import fc from 'fast-check'
import { expect, vi } from 'vitest'
import type { Invariant } from '../invariants/invariant.ts'
import { type Licet, loadLicet } from '../licet.ts'

/** An engine with one thing wrong: some exports of one module of `src` replaced. */
export interface Mutant {
  readonly name: string
  readonly module: string
  /** What a module has is what the type of it says; here it is taken on trust. */
  readonly change: (
    original: Original,
  ) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>
  readonly caughtBy: Invariant
  /** Of the cases; 1 when left out. What few cases find is found sooner with another. */
  readonly seed?: number
}

// biome-ignore lint/suspicious/noExplicitAny: a mutant replaces exports of any shape
export type Original = Readonly<Record<string, any>>

/** Tries the invariant on the mutant; `as`: how the mutant is looked at. */
export async function check(
  { module, change, caughtBy, seed = 1 }: Mutant,
  runs: number,
  error: RegExp,
  as: (mutant: Licet) => Licet = (mutant) => mutant,
): Promise<void> {
  const path = `../../../src/${module}`
  vi.resetModules()
  let isLoaded = false
  vi.doMock(path, async (importOriginal) => {
    const original = await importOriginal<Original>()
    isLoaded = true
    return { ...original, ...(await change(original)) }
  })
  const mutant = as(await loadLicet())
  vi.doUnmock(path)
  expect(isLoaded).toBe(true)
  const found = await fc.check(caughtBy.property(mutant), { numRuns: runs, seed, endOnFailure: true })
  expect(found.failed).toBe(true)
  // Caught by what it does, not by what the mock breaks.
  expect(String(found.errorInstance)).toMatch(error)
}
