import type { Coverage, CoveredPlace } from 'licet/testing'
import { diagnostic } from '../../../base/diagnostic.ts'
import { type Diagnostic, render, type SourceFile } from '../../../index.ts'
import { type CoveredFile, coveredFiles, percentOf, type Share, shareOf } from './files.ts'

/** A table of the files, and before it each place of which something was not shown. */
export function coverageText(coverage: Coverage, sources: readonly SourceFile[], color: boolean): string {
  const files = coveredFiles(coverage, sources)
  const missing = uncovered(coverage)
  const found = missing.length === 0 ? '' : `${render(missing, sources, { color })}\n`
  return `${found}${table(files, coverage.places)}`
}

/** Each place of which something was not shown, in the order of the text. */
export function uncovered({ places }: Coverage): readonly Diagnostic[] {
  return places.flatMap(problemOf)
}

const shownNever = {
  rule: { held: 'no test shows this rule hold' },
  role: {
    held: 'no test hangs on somebody having this role',
    failed: 'no test hangs on somebody not having this role',
  },
  condition: { held: 'no test hangs on this being true', failed: 'no test hangs on this being false' },
} as const

/** A rule that never holds says all that can be said of its conditions. */
function problemOf({ kind, at, unshown, held, failed }: CoveredPlace): readonly Diagnostic[] {
  if (unshown.length === 0) return []
  if (held === 0 && failed === 0) return [diagnostic('not-covered', at, `no test asks about this ${kind}`)]
  const said: { readonly held: string; readonly failed?: string } = shownNever[kind]
  return unshown.map((outcome) => diagnostic('not-covered', at, said[outcome] ?? said.held))
}

function table(files: readonly CoveredFile[], all: readonly CoveredPlace[]): string {
  const row = (name: string, places: readonly CoveredPlace[]) => {
    const of = (kind: CoveredPlace['kind']) => shown(shareOf(places, kind))
    return [name, of('rule'), of('role'), of('condition'), `${percentOf(shareOf(places))} %`]
  }
  const rows = [
    ['coverage', 'rules', 'roles', 'conditions', ''],
    ...files.map(({ name, places }) => row(name, places)),
    ...(files.length > 1 ? [row('all', all)] : []),
  ]
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((cells) => cells[i]?.length ?? 0))) ?? []
  return rows
    .map((cells) => cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))))
    .map((cells) => `${cells.join('  ').trimEnd()}\n`)
    .join('')
}

function shown({ shown, of }: Share): string {
  return `${shown}/${of}`
}
