import type { EngineOptions, Policy, Span } from '../../../index.ts'
import type { Mutant } from '../../../mutants.ts'
import { createObserver } from '../../../observe.ts'
import { environmentOf } from '../environment.ts'

type TestCase = Policy['tests'][number]

/**
 * Whether a test could notice a mutant at all: it asks, however indirectly, a rule or a role that is changed. Where it cannot be told, it
 * could.
 */
export function reachOf(
  policy: Policy,
  functions: EngineOptions['functions'],
): (mutant: Mutant) => (test: TestCase) => boolean {
  let asked = new Set<string>()
  const observer = createObserver(policy, functions, (at) => asked.add(keyOf(at)))
  const reached = new Map<TestCase, ReadonlySet<string> | undefined>()
  for (const test of policy.tests) {
    asked = new Set()
    const seen = observer.on(test.facts)
    const env = environmentOf(test)
    const isWhole = test.expectations.every((one) => {
      if (one.kind === 'holds') return seen.condition(one.condition, env)
      if (one.kind !== 'decision') return false
      const { actor, agents, action, target } = one
      const resource = target.kind === 'entity' ? target.entity : target
      return seen.decision({ actor, action, resource, env: agents.length === 0 ? env : { ...env, agents } })
    })
    reached.set(test, isWhole ? asked : undefined)
  }
  return (mutant) => {
    const changed = mutant.wider ? undefined : changedIn(policy, mutant.policy)
    return (test) => {
      const asked = reached.get(test)
      return changed === undefined || asked === undefined || changed.some((at) => asked.has(at))
    }
  }
}

function keyOf({ file, start }: Span): string {
  return `${start} ${file}`
}

/** The rules and roles that differ, by place; undefined where something else does. */
function changedIn({ program: before }: Policy, { program: after }: Policy): readonly string[] | undefined {
  const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
  const assignable = ({ roles }: typeof before) => roles.map((role) => role.assignable)
  if (!isSame(before.conditions, after.conditions) || !isSame(before.scopes, after.scopes)) return undefined
  if (!isSame(assignable(before), assignable(after))) return undefined
  const texts = ({ rules, roles }: typeof before) => {
    const found = new Map<string, string>()
    for (const rule of rules) {
      const key = keyOf(rule.at)
      found.set(key, `${found.get(key) ?? ''}${JSON.stringify({ ...rule, id: '' })}`)
    }
    for (const role of roles) found.set(keyOf(role.at), JSON.stringify(role))
    return found
  }
  const [was, is] = [texts(before), texts(after)]
  return [...new Set([...was.keys(), ...is.keys()])].filter((key) => was.get(key) !== is.get(key))
}
