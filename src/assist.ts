/** What editors and prompts ask of policy texts, mistakes or not. */
import type { Analysis } from './assist/analysis.ts'
import { type Completions, complete as completeIn } from './assist/complete/complete.ts'
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

/**
 * What may be written at an offset of a text, whether the text is right or not: names that exist there, with their types, and what the
 * grammar takes. Never throws.
 */
export function complete(analysis: Analysis, file: string, offset: number): Completions {
  return completeIn(analysis, file, offset, analyse)
}
