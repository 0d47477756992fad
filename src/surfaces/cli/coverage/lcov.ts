import type { Coverage, CoveredPlace } from 'licet/testing'
import type { SourceFile } from '../../../index.ts'
import { type CoveredFile, coveredFiles, lineOf } from './files.ts'

/**
 * Coverage as LCOV's tracefiles have it (geninfo(1)): rules and roles are functions, which are called where they hold; each role and
 * each condition is a branch of two; a line counts how often what begins on it was asked.
 */
export function lcov(coverage: Coverage, sources: readonly SourceFile[]): string {
  return coveredFiles(coverage, sources).map(record).join('')
}

function record(file: CoveredFile): string {
  const { name, places } = file
  const functions = places.filter(({ kind }) => kind !== 'condition')
  const branches = places.filter(({ kind }) => kind !== 'rule')
  const lines = new Map<number, number>()
  for (const place of places) {
    const line = lineOf(file, place)
    lines.set(line, Math.max(lines.get(line) ?? 0, place.held + place.failed))
  }
  const called = ({ at, name: called = '' }: CoveredPlace) => oneLine(`${called}@${at.start}`)
  return [
    'TN:',
    `SF:${oneLine(name)}`,
    ...functions.map((place) => `FN:${lineOf(file, place)},${called(place)}`),
    ...functions.map((place) => `FNDA:${place.held},${called(place)}`),
    `FNF:${functions.length}`,
    `FNH:${functions.filter(({ held }) => held > 0).length}`,
    ...branches.flatMap((place, block) => {
      const taken = (count: number) => (place.held + place.failed === 0 ? '-' : String(count))
      const branch = `BRDA:${lineOf(file, place)},${block}`
      return [`${branch},0,${taken(place.held)}`, `${branch},1,${taken(place.failed)}`]
    }),
    `BRF:${branches.length * 2}`,
    `BRH:${branches.reduce((sum, { unshown }) => sum + 2 - unshown.length, 0)}`,
    ...[...lines].sort(([a], [b]) => a - b).map(([line, count]) => `DA:${line},${count}`),
    `LF:${lines.size}`,
    `LH:${[...lines.values()].filter((count) => count > 0).length}`,
    'end_of_record',
    '',
  ].join('\n')
}

/** Nothing in a name begins another record. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}|[\u2028\u2029]/gu, ' ')
}
