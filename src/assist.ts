/** What editors and prompts ask of policy texts, mistakes or not. */
import type { Analysis } from './assist/analysis.ts'
import { noteApprovers } from './assist/approvers.ts'
import type { Completions } from './assist/complete/complete.ts'
import { complete as completeIn } from './assist/complete/complete.ts'
import { gatherOccurrences } from './assist/occurrences.ts'
import { type Renamed, rename as renameIn } from './assist/rename.ts'
import type { SourceFile } from './base/source.ts'
import { elaborate, type Policy } from './language.ts'
import type { Referent } from './model/notes.ts'
import { parse } from './syntax/parse.ts'
import { newRemembered, type Remembered } from './syntax/recovery/remembered.ts'

export type { Analysis } from './assist/analysis.ts'
export { type Class, classesIn } from './assist/classes.ts'
export type { Completions } from './assist/complete/complete.ts'
export type { Completion } from './assist/complete/completion.ts'
export { hoverAt } from './assist/hover.ts'
export type { Occurrence } from './assist/occurrences.ts'
export { type Outline, outlineOf } from './assist/outline.ts'
export { type Renamed, renameableAt } from './assist/rename.ts'
export { signaturesAt } from './assist/signature.ts'
export type { Referent } from './model/notes.ts'

export interface Analysed extends Analysis {
  /** Undefined where any diagnostic is an error. */
  readonly policy?: Policy
}

/** What is remembered of texts from one analysis to the next, by file. */
export type TextMemory = Map<string, Remembered>

/**
 * As `compile`, with all that is known of the texts. With the memory of an analysis before, what has not changed since is not parsed
 * again. Never throws.
 */
export function analyse(files: ReadonlyMap<string, string>, memory?: TextMemory): Analysed {
  const { notes, occurrences } = gatherOccurrences()
  for (const name of memory?.keys() ?? []) if (!files.has(name)) memory?.delete(name)
  const remembering = (source: SourceFile) => {
    const known = memory?.get(source.name) ?? newRemembered()
    memory?.set(source.name, known)
    return parse(source, known)
  }
  const { compiled, ...found } = elaborate(files, notes, memory === undefined ? undefined : remembering)
  noteApprovers(files, found.policies, notes, occurrences)
  return { files, occurrences, ...found, ...compiled }
}

/**
 * What may be written at an offset of a text, whether the text is right or not: names that exist there, with their types, and what the
 * grammar takes. Never throws.
 */
export function complete(analysis: Analysis, file: string, offset: number): Completions {
  return completeIn(analysis, file, offset, analyse)
}

/**
 * The edits that give something another name everywhere in a program, or why it cannot have it. The program means the same afterwards,
 * but for the name.
 */
export function rename(analysis: Analysis, referent: Referent, name: string): Renamed {
  return renameIn(analysis, referent, name, analyse)
}
