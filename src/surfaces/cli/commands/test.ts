import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Coverage, MutationRun, TestRun } from 'licet/testing'
import { visibleText } from '../../../base/visible.ts'
import { type Policy, render, type SourceFile } from '../../../index.ts'
import type { LoadedPolicy } from '../../node/load-policy.ts'
import { watchPolicy } from '../../node/watch-policy.ts'
import type { Arguments } from '../arguments.ts'
import type { Command } from '../command.ts'
import { percentOf } from '../coverage/files.ts'
import { lcov } from '../coverage/lcov.ts'
import { coveragePage } from '../coverage/page.ts'
import { coverageText } from '../coverage/summary.ts'
import { placesIn } from '../diagnostic-json.ts'
import { functionsFor, functionsOption } from '../functions.ts'
import { type Io, paint } from '../io.ts'
import { jsonText } from '../json-text.ts'
import { policyFrom, show } from '../load.ts'
import { firstLine, Misuse } from '../misuse.ts'
import { mutationJson, mutationText, testMutants } from '../mutation.ts'

export const command: Command = {
  name: 'test',
  about: 'run the tests in policies',
  usage: ['FILE… [--watch] [--coverage] [--mutate] [--json]'],
  arguments: { least: 1, most: Number.POSITIVE_INFINITY, called: 'FILE' },
  options: [
    { name: 'watch', about: 'run them again after every change, until interrupted' },
    { name: 'coverage', about: 'show which rules, roles and conditions the tests say nothing about' },
    { name: 'coverage-html', values: ['FILE'], about: 'write that as a page, with the text of the policy' },
    { name: 'coverage-lcov', values: ['FILE'], about: 'write it as LCOV, for editors and CI services' },
    { name: 'coverage-min', values: ['N'], about: 'fail where less than N percent is covered' },
    { name: 'mutate', about: 'change the policy in many places, and show what no test notices' },
    { name: 'json', about: 'print the results as JSON' },
    functionsOption,
  ],
  notes: [
    'The files are one program, with what they import. Each `test` block sees the facts of the files and its own. A test\nthat says no time (`given now datetime("…")`) runs at 2026-01-01T00:00:00Z. The last line is `N passed, N failed`.',
    'A rule is covered where it holds in some decision; a role where somebody has it and somebody has not; a condition\nwhere it holds and where it does not, both times so that the rule or role around it would have come out otherwise.',
    'With `--mutate`, what no test notices is shown with a test that would, where one is found. What cannot be noticed is\nexplained in the policy: `// licet-allow surviving-mutant: why`.',
  ],
  exits: [
    [0, 'all tests passed'],
    [1, 'a test failed, too little is covered, a change is not noticed, or the policy has an error'],
    [2, 'the command line is wrong'],
  ],
  examples: ['licet test policy/*.licet', 'licet test --coverage --coverage-lcov coverage/lcov.info policy/*.licet'],
  run: async (args, io) => {
    const least = leastCovered(args.one('coverage-min'))
    if (args.has('watch') && args.has('mutate')) throw new Misuse('`--watch` and `--mutate` exclude each other')
    if (args.has('watch')) return watch(args, io)
    const { policy, sources } = await policyFrom(args.positionals, io)
    if (policy === undefined) return 1
    const { tests, mutation } = await runOnce({ policy, sources }, args, io)
    const written = tests.coverage === undefined || writeCoverage(tests.coverage, sources, args, io)
    const isNoticed = mutation === undefined || mutation.survivors.length === 0
    return tests.failed === 0 && written && isEnough(tests, least, io) && isNoticed ? 0 : 1
  },
}

interface Tested {
  readonly policy: Policy
  readonly sources: readonly SourceFile[]
}

/** Tests that fail on the policy itself say nothing of mutants. */
async function runOnce({ policy, sources }: Tested, args: Arguments, io: Io, before?: TestRun): Promise<Outcome> {
  const { runTests } = await import('licet/testing')
  const coverage = ['coverage', 'coverage-html', 'coverage-lcov', 'coverage-min'].some(args.has)
  const tests = runTests(policy, { functions: await functionsFor(policy, args.one('functions'), io), coverage })
  if (!args.has('json')) {
    if (args.has('coverage') && tests.coverage !== undefined)
      io.out(`${coverageText(tests.coverage, sources, io.color.out)}\n`)
    io.out(runText(tests, sources, io.color.out, before))
  }
  const isTried = args.has('mutate') && tests.failed === 0
  const mutation = isTried ? await testMutants(policy, args, io) : undefined
  if (args.has('json'))
    io.out(jsonText({ ...runJson(tests, sources), ...(mutation && { mutation: mutationJson(mutation, sources) }) }))
  else if (mutation !== undefined) io.out(`\n${mutationText(mutation, sources, io.color.out)}`)
  return { tests, mutation }
}

interface Outcome {
  readonly tests: TestRun
  readonly mutation: MutationRun | undefined
}

function runText(run: TestRun, sources: readonly SourceFile[], color: boolean, before: TestRun | undefined): string {
  const { tests, passed, failed } = run
  const lines = tests.flatMap(({ name, passed, failures, warnings }) => [
    `${passed ? paint('✓', 'green', color) : paint('✗', 'red', color)} ${visibleText(name)}\n`,
    ...(passed && warnings.length === 0 ? [] : [`\n${render([...failures, ...warnings], sources, { color })}\n`]),
  ])
  const changes = before === undefined ? [] : changesOf(before, run)
  // Plain whatever the terminal: other programs look for it.
  return `${lines.join('')}${changes.map((line) => `${paint(visibleText(line), 'yellow', color)}\n`).join('')}${passed} passed, ${failed} failed\n`
}

/** The tests that came out otherwise than the time before; of several with one name the first is compared with the first. */
function changesOf(before: TestRun, { tests }: TestRun): readonly string[] {
  const left = [...before.tests]
  const changes = tests.flatMap(({ name, passed }) => {
    const same = left.findIndex((one) => one.name === name)
    const [was] = same === -1 ? [] : left.splice(same, 1)
    if (was === undefined) return [`new: ${name}`]
    return was.passed === passed ? [] : [`${passed ? 'passes now' : 'fails now'}: ${name}`]
  })
  return [...changes, ...left.map(({ name }) => `gone: ${name}`)]
}

function runJson({ tests, passed, failed, coverage }: TestRun, sources: readonly SourceFile[]) {
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
    ...(coverage === undefined
      ? {}
      : {
          coverage: {
            ...coverage,
            places: coverage.places.map(({ at, always: _, ...place }) => ({ ...place, ...placeOf(at) })),
          },
        }),
  }
}

function writeCoverage(coverage: Coverage, sources: readonly SourceFile[], args: Arguments, io: Io): boolean {
  try {
    for (const [option, format] of [
      ['coverage-html', coveragePage],
      ['coverage-lcov', lcov],
    ] as const) {
      const file = args.one(option)
      if (file === undefined) continue
      const path = resolve(io.cwd, file)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, format(coverage, sources))
    }
    return true
  } catch (error) {
    io.err(`licet test: cannot write: ${firstLine(error)}\n`)
    return false
  }
}

function leastCovered(text: string | undefined): number {
  const least = Number(text ?? 0)
  if (!/^\d+(\.\d+)?$/.test(text ?? '0') || least > 100) throw new Misuse('`--coverage-min` takes a number up to 100')
  return least
}

function isEnough({ coverage }: TestRun, least: number, io: Io): boolean {
  if (coverage === undefined) return true
  const percent = percentOf({ shown: coverage.shown, of: coverage.outcomes })
  if (percent >= least) return true
  io.err(`licet test: ${percent} % is covered, and ${least} % has to be\n`)
  return false
}

/** Ends when the process is to end, and then well: what failed has been said. */
async function watch(args: Arguments, io: Io): Promise<number> {
  if (args.positionals.includes('-')) throw new Misuse('`--watch` needs files, not standard input')
  const closing = io.closing()
  // One run after the other, so that two changes in a row do not mix their lines.
  let running = Promise.resolve()
  let before: TestRun | undefined
  const close = watchPolicy(
    args.positionals,
    (loaded) => {
      running = running
        .then(async () => {
          before = (await rerun(loaded, args, io, before)) ?? before
        })
        .catch((error: unknown) => io.err(`licet test: ${firstLine(error)}\n`))
    },
    { cwd: io.cwd },
  )
  if (!closing.aborted) await once(closing, 'abort')
  close()
  await running
  return 0
}

async function rerun(
  { policy, diagnostics, sources }: LoadedPolicy,
  args: Arguments,
  io: Io,
  before: TestRun | undefined,
): Promise<TestRun | undefined> {
  show(diagnostics, sources, io)
  if (policy === undefined) return undefined
  const { tests } = await runOnce({ policy, sources }, args, io, before)
  if (tests.coverage !== undefined) writeCoverage(tests.coverage, sources, args, io)
  return tests
}
