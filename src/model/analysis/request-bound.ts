import type { Report } from '../report.ts'
import { type Predicate, targets } from './predicates.ts'
import type { Occurrence } from './signs.ts'

const requestVariables: ReadonlySet<string> = new Set([
  'token',
  'agent',
  'session',
  'args',
  'tool',
  'prompt',
  'uri',
  'client',
])

/**
 * A role that looks at the request says something of the one who makes it, and of nobody else. `others`: what is asked outside
 * of roles and permissions.
 */
export function checkRequestBound(
  predicates: ReadonlyMap<string, Predicate>,
  others: readonly Occurrence[],
  report: Report,
): void {
  const callers = new Map<Predicate, Predicate[]>()
  const bound = new Set<Predicate>()
  const open: Predicate[] = []
  for (const predicate of predicates.values())
    for (const part of predicate.parts) {
      if (part.agents) continue
      for (const found of part.occurrences) {
        const { node } = found
        const direct = node.kind === 'obtainable' || (node.kind === 'variable' && requestVariables.has(node.name))
        if (direct && !bound.has(predicate)) {
          bound.add(predicate)
          open.push(predicate)
        }
        for (const target of targets(predicates, found, predicate)) {
          const known = callers.get(target)
          if (known === undefined) callers.set(target, [predicate])
          else known.push(predicate)
        }
      }
    }
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const caller of callers.get(next) ?? [])
      if (!bound.has(caller)) {
        bound.add(caller)
        open.push(caller)
      }
  const check = (found: Occurrence, from?: Predicate): void => {
    const { node } = found
    if (node.kind !== 'holds' || (node.subject.kind === 'variable' && node.subject.name === 'actor')) return
    const target = targets(predicates, found, from).find((one) => bound.has(one))
    if (target === undefined) return
    report.add(
      'request-bound',
      found.at,
      `\`${target.name}\` depends on this request, so it says nothing of anyone else`,
      {
        help: 'a role that looks at `token`, `session` or a fact to obtain can only be asked of the actor',
      },
    )
  }
  for (const predicate of predicates.values())
    for (const part of predicate.parts) for (const found of part.occurrences) check(found, predicate)
  for (const found of others) check(found)
}
