import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Diagnostic } from '../../src/base/diagnostic.ts'
import { lineStarts, positionAt } from '../../src/base/source.ts'
import { compile } from '../../src/language.ts'
import { uncovered } from '../../src/surfaces/cli/coverage/summary.ts'
import { mutate, runTests } from '../../src/surfaces/testing/index.ts'

/**
 * A corpus file is a list of cases:
 *
 *     === title
 *     policy text
 *     ---
 *     code line:column part of the message
 *       help: part of the help
 *
 * with one line for each diagnostic, in the order of the text. Everything after the code may be left out; `error` or
 * `warning` may stand before it. No line after `---` means no diagnostic.
 */
export interface Case {
  readonly title: string
  readonly text: string
  readonly expected: readonly string[]
}

const folder = fileURLToPath(new URL('.', import.meta.url))

/** The cases of one folder of the corpus, by file. */
export function readCorpus(name: string): readonly { readonly file: string; readonly cases: readonly Case[] }[] {
  return readdirSync(join(folder, name))
    .filter((file) => file.endsWith('.txt'))
    .map((file) => ({ file, cases: readCases(readFileSync(join(folder, name, file), 'utf8')) }))
}

function readCases(text: string): readonly Case[] {
  return text
    .split(/^=== /m)
    .slice(1)
    .map((one) => {
      const [title = '', ...lines] = one.replace(/\n$/, '').split('\n')
      const separator = lines.lastIndexOf('---')
      if (separator === -1) throw new Error(`no --- in the case "${title}"`)
      return { title, text: lines.slice(0, separator).join('\n'), expected: lines.slice(separator + 1) }
    })
}

/**
 * What was found, in the words of what was expected: a line that matches is repeated as it was written, so that the two are
 * equal exactly where the expectation holds.
 */
export function found(
  diagnostics: readonly Diagnostic[],
  text: string,
  expected: readonly string[],
): readonly string[] {
  const starts = lineStarts(text)
  const lines: string[] = []
  for (const diagnostic of diagnostics) {
    const wanted = expected[lines.length] ?? ''
    const { line, column } = positionAt(starts, diagnostic.span.start)
    const whole = `${diagnostic.code} ${line}:${column} ${diagnostic.message}`
    lines.push(matches(diagnostic, `${line}:${column}`, wanted) ? wanted : whole)
    const help = /^ +help: (.*)$/.exec(expected[lines.length] ?? '')?.[1]
    if (help === undefined) continue
    lines.push(
      diagnostic.help?.includes(help) ? (expected[lines.length] ?? '') : `  help: ${diagnostic.help ?? '(none)'}`,
    )
  }
  return lines
}

function matches({ severity, code, message }: Diagnostic, position: string, wanted: string): boolean {
  const parts = /^(?:(error|warning) )?([a-z-]+)(?: (\d+:\d+))?(?: (.*))?$/.exec(wanted)
  if (parts === null) return false
  const [, wantedSeverity, wantedCode, wantedPosition, words] = parts
  return (
    (wantedSeverity === undefined || wantedSeverity === severity) &&
    wantedCode === code &&
    (wantedPosition === undefined || wantedPosition === position) &&
    (words === undefined || message.includes(words))
  )
}

/** A case about several files has the others below lines such as `// file: notes.lock.json`. */
export function filesOf(name: string, text: string): Readonly<Record<string, string>> {
  const [first = '', ...rest] = text.split(/^\/\/ file: (.*)$/m)
  const others = rest.flatMap((part, i) => (i % 2 === 0 ? [[part, rest[i + 1] ?? ''] as const] : []))
  return Object.fromEntries([[name, first], ...others])
}

/** What the tests of a policy do not show. */
export function uncoveredIn(files: Readonly<Record<string, string>>): readonly Diagnostic[] {
  const { policy, diagnostics } = compile(files)
  const { coverage } = policy === undefined ? {} : runTests(policy, { coverage: true })
  return coverage === undefined ? diagnostics : uncovered(coverage)
}

/** What the tests of a policy do not notice. */
export function survivorsIn(files: Readonly<Record<string, string>>): readonly Diagnostic[] {
  const { policy, diagnostics } = compile(files)
  if (policy === undefined) return diagnostics
  const { survivors, warnings } = mutate(policy)
  return [...survivors.map((one) => one.diagnostic), ...warnings]
}

/** What the tests of a policy without errors say. */
export function failuresOf(files: Readonly<Record<string, string>>): readonly Diagnostic[] {
  const { policy, diagnostics } = compile(files)
  return policy === undefined
    ? diagnostics
    : runTests(policy).tests.flatMap(({ failures, warnings }) => [...failures, ...warnings])
}
