import { type Diagnostic, diagnostic } from '../../../base/diagnostic.ts'
import type { EngineOptions, Policy, Span } from '../../../index.ts'
import { type Mutant, mutantsOf, unexplained } from '../../../mutants.ts'
import { createEngines, passes } from './passes.ts'
import { reachOf } from './reach.ts'
import { type Witness, witnessSearch } from './witness.ts'

export interface MutateOptions {
  /** The host functions that the policy declares, as for `createEngine`. */
  readonly functions?: EngineOptions['functions']
  /** Told after each mutant how many there have been. */
  readonly onProgress?: (tried: number) => void
}

export interface MutationRun {
  /** Mutants that were tried. */
  readonly tried: number
  readonly killed: number
  /** What no test notices, and no comment explains: tests that are still to be written, in the order of the text. */
  readonly survivors: readonly Survivor[]
  /** What no test notices, and a comment explains. */
  readonly explained: number
  /** Comments that explain nothing. */
  readonly warnings: readonly Diagnostic[]
}

export interface Survivor {
  readonly at: Span
  /** What was changed, in words that follow "no test fails". */
  readonly change: string
  /** The same as a warning, for `render`. */
  readonly diagnostic: Diagnostic
  /** A test that would notice, where one was found. */
  readonly witness?: Witness
}

/**
 * Mutation testing: changes one thing in the rules, roles, `let`s and scopes of a policy and runs its tests, again and again. A change
 * that no test notices is a survivor. Where a whole rule is not missed, its parts are not tried.
 *
 * @throws TypeError where a host function that the policy declares is not given, or a test fails on the policy itself
 */
export function mutate(policy: Policy, { functions, onProgress }: MutateOptions = {}): MutationRun {
  const engines = createEngines(policy, functions)
  const engineFor = engines.of(policy)
  if (!policy.tests.every((test) => passes(engineFor(test), test)))
    throw new TypeError('the tests of the policy have to pass')
  const reach = reachOf(policy, functions)
  // Whoever noticed the last mutant is asked first: the next one is near.
  const tests = [...policy.tests]
  const isNoticed = (mutant: Mutant) => {
    const engineFor = engines.of(mutant.policy)
    const couldNotice = reach(mutant)
    const killer = tests.findIndex((test) => couldNotice(test) && !passes(engineFor(test), test))
    if (killer > 0) tests.unshift(...tests.splice(killer, 1))
    return killer !== -1
  }
  let tried = 0
  let unnoticed: Span | undefined
  const survivors: Mutant[] = []
  for (const mutant of mutantsOf(policy)) {
    if (mutant.of === unnoticed) continue
    tried++
    if (!isNoticed(mutant)) {
      survivors.push(mutant)
      if (mutant.whole) unnoticed = mutant.of
    }
    onProgress?.(tried)
  }
  const said = new Map(survivors.map((mutant) => [warningOf(mutant), mutant]))
  const search = witnessSearch(policy, engines)
  const left = unexplained(policy, [...said.keys()])
  const open = left.flatMap((warning): readonly Survivor[] => {
    const mutant = said.get(warning)
    return mutant === undefined ? [] : [survivorOf(search, mutant, warning)]
  })
  return {
    tried,
    killed: tried - survivors.length,
    survivors: open,
    explained: survivors.length - open.length,
    warnings: left.filter((warning) => !said.has(warning)),
  }
}

function warningOf({ at, change }: Mutant): Diagnostic {
  return diagnostic('surviving-mutant', at, `no test fails ${change}`)
}

function survivorOf(search: ReturnType<typeof witnessSearch>, mutant: Mutant, warning: Diagnostic): Survivor {
  const { at, change } = mutant
  const witness = search(mutant)
  if (witness === undefined) return { at, change, diagnostic: warning }
  const { test, whole, text } = witness
  const help = whole ? `a test like "${test}" would` : `in the test "${test}", this would: \`${text}\``
  return { at, change, diagnostic: { ...warning, help }, witness }
}
