import type { TestRun } from 'licet/testing'
import { type InlayHint, InlayHintKind, type Range } from 'vscode-languageserver-protocol'
import type { Analysed } from '../../assist.ts'
import { type Core, rangeOf } from './places.ts'
import type { Program } from './workspace.ts'

/** What came of tests, by what they were run on. */
export type TestResults = (analysis: Analysed) => readonly TestRun[] | undefined

/** Behind each `expect` of the tests whether it holds, and what came instead. Nothing as long as they are not run. */
export function inlayHintsOf(core: Core, name: string, range: Range, resultsOf: TestResults): readonly InlayHint[] {
  const { workspace } = core
  const [program] = workspace.programsWith(name)
  const runs = program === undefined ? undefined : resultsOf(program.analysis)
  if (runs === undefined) return []
  const lines = workspace.lines(name)
  const [from, to] = [lines.offsetAt(range.start), lines.offsetAt(range.end)]
  return runs
    .flatMap(({ tests }) => tests.flatMap(({ expectations }) => expectations))
    .filter(({ at }) => at.file === name && at.start <= to && from <= at.end)
    .map(({ at, passed, message, help }) => ({
      position: rangeOf(core, at).end,
      label: passed ? '✓' : `✗ ${gotIn(message)}`,
      kind: InlayHintKind.Type,
      paddingLeft: true,
      tooltip: help === undefined ? message : `${message}\n${help}`,
    }))
}

/** Of what was expected and what was got, the second. */
function gotIn(message: string): string {
  return /, (?:got|but) (.*)$/s.exec(message)?.[1] ?? message
}

/** Programs of which the tests can be run: without mistakes, without a guest, and of which no function is the host's. */
export function isRunnable({ analysis, guest }: Program): boolean {
  const { policy } = analysis
  return policy !== undefined && guest === undefined && policy.tests.length > 0 && policy.program.functions.length === 0
}
