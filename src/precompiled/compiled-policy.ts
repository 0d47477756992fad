import type { EntityInput, FactInput } from '../facts/fact.ts'
import type { Outline } from '../ir/outline.ts'
import { irVersion } from '../ir/program.ts'
import type { Registers } from '../machine/registers.ts'
import * as support from '../machine/support.ts'
import type { Tables } from '../machine/tables.ts'
import type { Regexes } from '../runtime/builtins/matches.ts'

/** A policy as a module that `licet compile` has written hands it over. */
export interface CompiledPolicy {
  /** The version of the program that it was made from: `irVersion` of the licet that made it. */
  readonly irVersion: number
  /** The version of licet that made it, for messages. */
  readonly compiledBy: string
  readonly program: Outline
  /** The facts of the policy text, as `toJson` has written them. */
  readonly facts: readonly (FactInput | EntityInput)[]
  /** Of `licet/runtime/regexes`, where the policy has regular expressions. */
  readonly regexes?: Regexes
  /** The functions that `link` calls. */
  readonly calls: readonly string[]
  readonly link: (r: Registers, support: Readonly<Record<string, unknown>>) => Tables
}

/** @throws TypeError for what another version has made and this one could misread */
export function checkVersion({ irVersion: made, compiledBy, calls }: CompiledPolicy): void {
  const library: Readonly<Record<string, unknown>> = support
  if (made === irVersion && calls.every((name) => Object.hasOwn(library, name))) return
  throw new TypeError(
    `this policy was compiled by licet ${compiledBy}, for version ${made} of its runtime: ` +
      `it does not run on this licet/runtime, which is of version ${irVersion}; compile it again with the licet that is installed here`,
  )
}
