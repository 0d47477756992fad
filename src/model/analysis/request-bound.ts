import type { CheckedRule } from '../checked-policy.ts'
import type { Report } from '../report.ts'
import { type Predicate, type Predicates, shownName, targets } from './predicates.ts'
import type { Occurrence } from './signs.ts'

/**
 * A role that looks at the request says something of the one who makes it, and of nobody else. `others`: what is asked outside
 * of roles and rules.
 */
export function checkRequestBound(
  predicates: Predicates,
  rules: readonly CheckedRule[],
  others: readonly Occurrence[],
  report: Report,
): void {
  const bound = boundPredicates(predicates)
  if (bound.size === 0) return
  const check = (found: Occurrence, from?: Predicate): void => {
    const { node } = found
    if (node.kind !== 'holds' || (node.subject.kind === 'variable' && node.subject.name === 'actor')) return
    const target = targets(predicates, found, from).find((one) => bound.has(one))
    if (target === undefined) return
    report.add(
      'request-bound',
      node.at,
      `\`${shownName(target)}\` depends on this request, so it says nothing of anyone else`,
      {
        help: 'a role that looks at `token`, `session` or a fact to obtain can only be asked of the actor',
      },
    )
  }
  for (const predicate of predicates.all)
    for (const part of predicate.parts) for (const found of part.occurrences) check(found, predicate)
  for (const { occurrences } of rules) for (const found of occurrences) check(found)
  for (const found of others) check(found)
}

/** Those that look at the request, and those that ask them. */
function boundPredicates(predicates: Predicates): ReadonlySet<Predicate> {
  const looks = ({ node }: Occurrence) => node.kind === 'obtainable' || node.kind === 'variable'
  const bound = new Set(
    predicates.all.filter(({ parts }) => parts.some((part) => !part.agents && part.occurrences.some(looks))),
  )
  if (bound.size === 0) return bound
  const callers = new Map<Predicate, Predicate[]>()
  for (const caller of predicates.all)
    for (const part of caller.parts) {
      if (part.agents) continue
      for (const found of part.occurrences)
        for (const target of targets(predicates, found, caller)) {
          const known = callers.get(target)
          if (known === undefined) callers.set(target, [caller])
          else known.push(caller)
        }
    }
  // A Set hands out what is added while it is walked.
  for (const next of bound) for (const caller of callers.get(next) ?? []) bound.add(caller)
  return bound
}
