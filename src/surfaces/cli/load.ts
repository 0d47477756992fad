import type { Policy } from '../../index.ts'
import { type Diagnostic, render, type SourceFile } from '../../index.ts'
import { loadFacts } from '../node/load-facts.ts'
import { type LoadedPolicy, loadPolicy } from '../node/load-policy.ts'
import { decodeText } from '../node/read-text.ts'
import type { Arguments } from './arguments.ts'
import type { Io } from './io.ts'
import { Misuse } from './misuse.ts'

/** Where a file can be named, `-` is standard input, once. */
export async function withStdin(
  paths: readonly string[],
  name: string,
  io: Io,
): Promise<readonly (string | SourceFile)[]> {
  const asked = paths.filter((path) => path === '-').length
  if (asked === 0) return paths
  if (asked > 1) throw new Misuse('standard input (`-`) can be read only once')
  const { text, problem } = decodeText(await io.stdin())
  if (problem !== undefined) throw new Misuse(`standard input ${problem.message}`)
  return paths.map((path) => (path === '-' ? { name, text } : path))
}

/** Loads a policy and shows what is wrong with it on standard error. */
export async function policyFrom(paths: readonly string[], io: Io): Promise<LoadedPolicy> {
  const loaded = loadPolicy(await withStdin(paths, '<stdin>', io), { cwd: io.cwd })
  show(loaded.diagnostics, loaded.sources, io)
  return loaded
}

/** The facts of all files, or undefined where something is wrong, which is shown on standard error. */
export async function factsFrom(policy: Policy, paths: readonly string[], io: Io) {
  const { facts, diagnostics, sources } = loadFacts(policy, await withStdin(paths, '<stdin>', io), { cwd: io.cwd })
  show(diagnostics, sources, io)
  return diagnostics.some(({ severity }) => severity === 'error') ? undefined : facts
}

/** What a command about a policy and its facts takes: both, or undefined where something is wrong, which is shown on standard error. */
export async function policyAndFacts(args: Arguments, io: Io) {
  if (args.all('policy').length === 0) throw new Misuse('`--policy` is missing')
  if ([...args.all('policy'), ...args.all('facts')].filter((path) => path === '-').length > 1) {
    throw new Misuse('standard input (`-`) can be read only once')
  }
  const { policy } = await policyFrom(args.all('policy'), io)
  if (policy === undefined) return undefined
  const facts = await factsFrom(policy, args.all('facts'), io)
  return facts && { policy, facts }
}

export function show(diagnostics: readonly Diagnostic[], sources: readonly SourceFile[], io: Io): void {
  if (diagnostics.length > 0) io.err(`${render(diagnostics, sources, { color: io.color.err })}\n`)
}

/** "2 errors, 1 warning" */
export function countOf(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  const warnings = diagnostics.length - errors
  return [
    ...(errors > 0 || warnings === 0 ? [plural(errors, 'error')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ].join(', ')
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
