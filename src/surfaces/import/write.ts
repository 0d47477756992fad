import type { Policy, Statement } from '../../syntax/ast.ts'
import { print } from '../../syntax/print.ts'
import { lead, text } from './tree.ts'

/** A policy with its facts and tests as files, each of them valid by itself. */
export function written(
  header: readonly string[],
  policy: readonly Statement[],
  facts: readonly Statement[],
  tests: readonly Statement[],
): ReadonlyMap<string, string> {
  const files = new Map([['policy.licet', withHeader(header, print(file(policy)))]])
  if (facts.length > 0) files.set('facts.licet', print(file(facts)))
  if (tests.length === 0) return files
  const imported = facts.length > 0 ? ['./policy.licet', './facts.licet'] : ['./policy.licet']
  const imports = imported.map((path): Statement => ({ kind: 'import', path: text(path), ...lead([]) }))
  files.set('tests.licet', print(file([...imports, ...tests])))
  return files
}

function file(statements: readonly Statement[]): Policy {
  return { kind: 'policy', file: '', statements }
}

/** What is said of the whole, and of no statement. */
function withHeader(comments: readonly string[], policy: string): string {
  if (comments.length === 0) return policy
  return `${comments.map((line) => (line === '' ? '//' : `// ${line}`)).join('\n')}\n\n${policy}`
}
