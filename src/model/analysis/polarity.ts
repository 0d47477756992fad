import type { CheckedRule } from '../checked-policy.ts'
import type { Report } from '../report.ts'
import { type Predicate, type Predicates, targets } from './predicates.ts'
import { both, negative, type Occurrence, positive, type Sign, under } from './signs.ts'

/** Having more of what can be obtained never takes access away; having more labels never gives it. `counted`: what limits count by. */
export function checkPolarity(
  predicates: Predicates,
  rules: readonly CheckedRule[],
  counted: readonly Occurrence[],
  report: Report,
): void {
  const reached = new Map<Predicate, number>()
  const open: { readonly predicate: Predicate; readonly sign: Sign }[] = []
  const check = (found: Occurrence, sign: Sign, from?: Predicate): void => {
    const { node } = found
    if (node.kind === 'obtainable' && sign !== positive)
      report.add('obtainable-negated', node.at, 'having this would take access away', {
        help: 'what a caller can obtain may only help: `deny … unless scope("x")`, not `if scope("x")`',
      })
    if (node.kind === 'variable' && node.name === 'session' && sign !== negative)
      report.add('label-granted', node.at, 'having this label would give access', {
        help: 'labels only restrict: test them in a `deny`, or under `unless` or `not`',
      })
    for (const predicate of targets(predicates, found, from)) {
      const before = reached.get(predicate) ?? 0
      if ((before & (1 << sign)) !== 0) continue
      reached.set(predicate, before | (1 << sign))
      open.push({ predicate, sign })
    }
  }
  for (const { effect, occurrences } of rules) {
    // Limits and labels restrict, as a deny does.
    const sign = effect === 'allow' || effect === 'delegate' ? positive : negative
    for (const found of occurrences) check(found, under(sign, found.sign))
  }
  // What a limit is counted by restricts neither more nor less.
  for (const found of counted) check(found, both)
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const part of next.predicate.parts)
      for (const found of part.occurrences) check(found, under(next.sign, under(part.sign, found.sign)), next.predicate)
}
