import type { Coverage, CoveredPlace } from 'licet/testing'
import { lineStarts, positionAt, type SourceFile } from '../../../index.ts'

/** What the tests show of one file. */
export interface CoveredFile {
  readonly name: string
  readonly text: string
  /** Where its lines begin. */
  readonly starts: readonly number[]
  readonly places: readonly CoveredPlace[]
}

/** The files of a program that have rules, roles or conditions. */
export function coveredFiles({ places }: Coverage, sources: readonly SourceFile[]): readonly CoveredFile[] {
  return sources.flatMap(({ name, text }) => {
    const own = places.filter(({ at }) => at.file === name)
    return own.length === 0 ? [] : [{ name, text, starts: lineStarts(text), places: own }]
  })
}

/** The line, counted from one, on which a rule, a role or a condition begins. */
export function lineOf({ starts }: CoveredFile, { at }: CoveredPlace): number {
  return positionAt(starts, at.start).line
}

/** How much of something was shown: `17/18`. */
export interface Share {
  readonly shown: number
  readonly of: number
}

export function shareOf(places: readonly CoveredPlace[], kind?: CoveredPlace['kind']): Share {
  let shown = 0
  let of = 0
  for (const place of places) {
    if (kind !== undefined && place.kind !== kind) continue
    const sides = place.kind === 'rule' ? 1 : 2
    of += sides
    shown += sides - place.unshown.length
  }
  return { shown, of }
}

/** Rounded down, so that only all is 100; nothing to show is shown. */
export function percentOf({ shown, of }: Share): number {
  return of === 0 ? 100 : Math.floor((shown / of) * 1000) / 10
}
