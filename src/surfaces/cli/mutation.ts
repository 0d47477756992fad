import type { MutationRun, Survivor } from 'licet/testing'
import { type Diagnostic, type Policy, render, type SourceFile } from '../../index.ts'
import type { Arguments } from './arguments.ts'
import { placesIn } from './diagnostic-json.ts'
import { functionsFor } from './functions.ts'
import type { Io } from './io.ts'
import { plural } from './load.ts'

/** Runs the tests of a policy on mutants of it, and reports what they do not notice. */
export async function testMutants(policy: Policy, args: Arguments, io: Io): Promise<MutationRun> {
  const { mutate } = await import('licet/testing')
  const functions = await functionsFor(policy, args.one('functions'), io)
  // A line that is written over and over, for who looks on.
  const show = (text: string) => {
    if (io.color.err) io.err(`\r\u001b[K${text}`)
  }
  const run = mutate(policy, {
    functions,
    onProgress: (tried) => tried % 10 === 0 && show(`${plural(tried, 'mutant')} …`),
  })
  show('')
  return run
}

export function mutationText(
  { tried, killed, explained, survivors, warnings }: MutationRun,
  sources: readonly SourceFile[],
  color: boolean,
): string {
  const shown = (diagnostics: readonly Diagnostic[]) => render(diagnostics, sources, { color })
  const found = survivors.map((one) => `${shown([one.diagnostic])}${wholeTest(one)}\n`)
  const needless = warnings.length === 0 ? '' : `${shown(warnings)}\n`
  const parts = [
    `${killed} killed`,
    ...(explained === 0 ? [] : [`${explained} explained`]),
    `${survivors.length} survived`,
  ]
  return `${found.join('')}${needless}${plural(tried, 'mutant')}: ${parts.join(', ')}\n`
}

/** A test to be copied as it is. */
function wholeTest({ witness }: Survivor): string {
  return witness?.whole === true ? `\n${witness.text}\n` : ''
}

export function mutationJson({ survivors, warnings, ...counts }: MutationRun, sources: readonly SourceFile[]) {
  const placeOf = placesIn(sources)
  return {
    ...counts,
    survivors: survivors.map(({ at, change, witness }) => ({ change, ...placeOf(at), ...(witness && { witness }) })),
    warnings: warnings.map(({ code, message, span, help }) => ({ code, message, help, ...placeOf(span) })),
  }
}
