import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { applyFixes } from '../../index.ts'
import { type LoadedPolicy, loadPolicy } from '../node/load-policy.ts'
import { type Place, placesIn } from './diagnostic-json.ts'
import { firstLine } from './misuse.ts'

/** Something that was fixed, where it was when it was found. */
export interface Fixed extends Place {
  readonly code: string
  readonly message: string
}

/** More rounds than any policy needs: each leaves fewer mistakes, or shows those that others hid. */
const mostRounds = 100

/** Loads policies, fixes what can be fixed in their files, and loads them again, until nothing is left to fix. */
export function fixFiles(
  paths: readonly string[],
  cwd: string,
): { readonly loaded: LoadedPolicy; readonly fixed: readonly Fixed[]; readonly failure?: string } {
  const fixed: Fixed[] = []
  for (let round = 0; ; round++) {
    const loaded = loadPolicy(paths, { cwd })
    const { files, applied } = applyFixes(loaded.sources, loaded.diagnostics)
    if (files.length === 0 || round === mostRounds) return { loaded, fixed }
    const placeOf = placesIn(loaded.sources)
    try {
      for (const { name, text } of files) writeFileSync(resolve(cwd, name), text)
    } catch (error) {
      return { loaded, fixed, failure: `cannot write: ${firstLine(error)}` }
    }
    fixed.push(...applied.map(({ code, message, span }) => ({ code, message, ...placeOf(span) })))
  }
}
