/** What editors and prompts ask of policy texts, mistakes or not. */
import type { Analysis } from './assist/analysis.ts'
import { gatherOccurrences } from './assist/occurrences.ts'
import { elaborate, type Policy } from './language.ts'

export type { Analysis } from './assist/analysis.ts'

export interface Analysed extends Analysis {
  /** Undefined where any diagnostic is an error. */
  readonly policy?: Policy
}

/** As `compile`, with all that is known of the texts. Never throws. */
export function analyse(files: ReadonlyMap<string, string>): Analysed {
  const { notes, occurrences } = gatherOccurrences()
  const { compiled, ...found } = elaborate(files, notes)
  return { files, occurrences, ...found, ...compiled }
}
