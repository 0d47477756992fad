import { compile } from '../../index.ts'
import type { Statement } from '../../syntax/ast.ts'
import { print } from '../../syntax/print.ts'
import type { Remark } from './imported.ts'
import { lead, text } from './tree.ts'

/** What an importer writes. */
interface Contents {
  /** Above everything, and after the last statement of the policy. */
  readonly comments: readonly string[]
  readonly closing: readonly string[]
  readonly policy: readonly Statement[]
  readonly facts: readonly Statement[]
  readonly tests: readonly Statement[]
}

/** A policy with its facts and tests as files, each of them valid by itself. */
export function written({ comments, closing, policy, facts, tests }: Contents): ReadonlyMap<string, string> {
  const parts = [commented(comments), textOf(policy), commented(closing)]
  const files = new Map([['policy.licet', parts.filter((part) => part !== '').join('\n')]])
  if (facts.length > 0) files.set('facts.licet', textOf(facts))
  if (tests.length === 0) return files
  const imported = facts.length > 0 ? ['./policy.licet', './facts.licet'] : ['./policy.licet']
  const imports = imported.map((path): Statement => ({ kind: 'import', path: text(path), ...lead([]) }))
  files.set('tests.licet', textOf([...imports, ...tests]))
  return files
}

/** Half of a pair of surrogates is no character: the other systems' own readers take it for the one that stands for none. */
function textOf(statements: readonly Statement[]): string {
  return print({ kind: 'policy', file: '', statements }).replace(/\p{Surrogate}/gu, '\ufffd')
}

/** What is said of no statement. */
function commented(lines: readonly string[]): string {
  return lines.map((line) => `${`// ${line}`.trimEnd()}\n`).join('')
}

/** What is written is checked as whoever gets it would: nothing may be wrong with it in silence. Warnings are about the model. */
export function faultsOf(files: ReadonlyMap<string, string>): readonly Remark[] {
  const { diagnostics } = compile(Object.fromEntries(files))
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ message, span }) => ({
      ...{ kind: 'untranslated', message, at: span.start },
      source: { name: span.file, text: files.get(span.file) ?? '' },
    }))
}
