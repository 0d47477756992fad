import type { ScopeInclusion } from '../../ir/program.ts'
import type { ScopeHierarchy } from '../../syntax/ast.ts'
import { components } from '../analysis/components.ts'
import type { Report } from '../report.ts'

/** Pairs of scopes of which one includes the other, directly or through others. */
const mostPairs = 1_000_000

/** Each scope with all that include it, directly or through others. */
export function closeScopes(declarations: readonly ScopeHierarchy[], report: Report): readonly ScopeInclusion[] {
  const includedIn = new Map<string, Set<string>>()
  for (const declaration of declarations) {
    const { scope, includes } = declaration
    report.notes?.declare(scope.span, { kind: 'scope', name: scope.value }, declaration)
    for (const { value: name, span } of includes) report.notes?.refer(span, { kind: 'scope', name })
    for (const included of includes) {
      const known = includedIn.get(included.value) ?? new Set()
      known.add(scope.value)
      includedIn.set(included.value, known)
    }
  }
  const direct = (scope: string) => [...(includedIn.get(scope) ?? [])]
  const cyclic = new Set(components([...includedIn.keys()], direct).flat())
  for (const { scope } of declarations)
    if (cyclic.has(scope.value)) report.add('scope-cycle', scope.span, `the scope \`${scope.value}\` includes itself`)
  let pairs = 0
  const closed: ScopeInclusion[] = []
  for (const scope of includedIn.keys()) {
    const all = new Set(direct(scope))
    // A Set hands out what is added while it is walked.
    for (const one of all) for (const outer of direct(one)) all.add(outer)
    pairs += all.size
    if (pairs > mostPairs) break
    closed.push({ scope, includedIn: [...all] })
  }
  const [first] = declarations
  if (pairs > mostPairs && first !== undefined)
    report.add('too-large', first.span, `the scopes include one another in more than ${mostPairs} ways`)
  return closed
}
