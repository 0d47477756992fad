import { once } from 'node:events'
import type { TestRun } from 'licet/testing'
import { type Policy, render, type SourceFile } from '../../../index.ts'
import type { LoadedPolicy } from '../../node/load-policy.ts'
import { watchPolicy } from '../../node/watch-policy.ts'
import type { Arguments } from '../arguments.ts'
import type { Command } from '../command.ts'
import { placesIn } from '../diagnostic-json.ts'
import { functionsFor, functionsOption } from '../functions.ts'
import { type Io, paint } from '../io.ts'
import { policyFrom, show } from '../load.ts'
import { firstLine, Misuse } from '../misuse.ts'

export const command: Command = {
  name: 'test',
  about: 'run the tests in policies',
  usage: ['FILE… [--watch] [--json]'],
  arguments: { least: 1, most: Number.POSITIVE_INFINITY, called: 'FILE' },
  options: [
    { name: 'watch', about: 'run them again after every change, until interrupted' },
    { name: 'json', about: 'print the results as JSON' },
    functionsOption,
  ],
  notes: [
    'The files are one program, with what they import. Each `test` block sees the facts of the files and its own. A test\nthat says no time (`given now datetime("…")`) runs at 2026-01-01T00:00:00Z. The last line is `N passed, N failed`.',
  ],
  exits: [
    [0, 'all tests passed'],
    [1, 'a test failed, or the policy has an error'],
    [2, 'the command line is wrong'],
  ],
  examples: ['licet test policy/*.licet'],
  run: async (args, io) => {
    if (args.has('watch')) return watch(args, io)
    const { policy, sources } = await policyFrom(args.positionals, io)
    return policy === undefined ? 1 : runOnce(policy, sources, args, io)
  },
}

async function runOnce(policy: Policy, sources: readonly SourceFile[], args: Arguments, io: Io): Promise<number> {
  const { runTests } = await import('licet/testing')
  const run = runTests(policy, { functions: await functionsFor(policy, args.one('functions'), io) })
  if (args.has('json')) io.out(`${JSON.stringify(runJson(run, sources), null, 2)}\n`)
  else io.out(runText(run, sources, io.color.out))
  return run.failed === 0 ? 0 : 1
}

function runText({ tests, passed, failed }: TestRun, sources: readonly SourceFile[], color: boolean): string {
  const lines = tests.flatMap(({ name, passed, failures, warnings }) => [
    `${passed ? paint('✓', 'green', color) : paint('✗', 'red', color)} ${name}\n`,
    ...(passed && warnings.length === 0 ? [] : [`\n${render([...failures, ...warnings], sources, { color })}\n`]),
  ])
  // Plain whatever the terminal: other programs look for it.
  return `${lines.join('')}${passed} passed, ${failed} failed\n`
}

function runJson({ tests, passed, failed }: TestRun, sources: readonly SourceFile[]) {
  const placeOf = placesIn(sources)
  return {
    passed,
    failed,
    tests: tests.map(({ name, at, passed, expectations, warnings }) => ({
      name,
      passed,
      ...placeOf(at),
      warnings: warnings.map(({ code, message, span, help }) => ({ code, message, help, ...placeOf(span) })),
      expectations: expectations.map(({ at, ...result }) => ({ ...result, ...placeOf(at) })),
    })),
  }
}

/** Ends when the process is to end, and then well: what failed has been said. */
async function watch(args: Arguments, io: Io): Promise<number> {
  if (args.positionals.includes('-')) throw new Misuse('`--watch` needs files, not standard input')
  const closing = io.closing()
  // One run after the other, so that two changes in a row do not mix their lines.
  let running = Promise.resolve()
  const close = watchPolicy(
    args.positionals,
    (loaded) => {
      running = running
        .then(() => rerun(loaded, args, io))
        .catch((error: unknown) => io.err(`licet test: ${firstLine(error)}\n`))
    },
    { cwd: io.cwd },
  )
  if (!closing.aborted) await once(closing, 'abort')
  close()
  await running
  return 0
}

async function rerun({ policy, diagnostics, sources }: LoadedPolicy, args: Arguments, io: Io): Promise<void> {
  show(diagnostics, sources, io)
  if (policy !== undefined) await runOnce(policy, sources, args, io)
}
