import { collect, type Predicate, targets } from '../analysis/predicates.ts'
import { occurrences } from '../analysis/signs.ts'
import type { CheckedPolicy } from '../checked-policy.ts'
import type { Report } from '../report.ts'
import type { TestCase } from '../tests/test-case.ts'

/** A role that no rule leads to, nor a test. Where there are no rules the file is a part of a policy, and they are elsewhere. */
export function unusedRole(
  { schema, roles, rules, conditions }: CheckedPolicy,
  tests: readonly TestCase[],
  report: Report,
): void {
  if (roles.length === 0 || !rules.some(({ effect }) => effect === 'allow')) return
  const predicates = collect(schema, roles, rules, conditions)
  const expected = tests.flatMap(({ expectations }) =>
    expectations.flatMap((one) => (one.kind === 'holds' ? occurrences(one.condition) : [])),
  )
  const counted = rules.flatMap(({ limit }) => (limit === undefined ? [] : occurrences(limit.by)))
  const used = new Set<Predicate>()
  for (const all of [...rules.map((rule) => rule.occurrences), expected, counted])
    for (const found of all) for (const target of targets(predicates, found)) used.add(target)
  for (const ofType of predicates.permissions.values()) for (const permission of ofType.values()) used.add(permission)
  // A Set hands out what is added while it is walked.
  for (const next of used)
    for (const { occurrences: found } of next.parts)
      for (const one of found) for (const target of targets(predicates, one, next)) used.add(target)
  for (const role of roles) {
    const predicate = predicates.roles.get(role.type)?.get(role.name)
    if (predicate === undefined || used.has(predicate)) continue
    const declaration =
      role.type === undefined ? schema.roles.get(role.name) : schema.types.get(role.type)?.roles.get(role.name)
    report.add('unused-role', declaration?.name.span ?? role.at, `no rule asks who is \`${role.name}\``, {
      help: 'delete it, or write the rules that it is for',
    })
  }
}
