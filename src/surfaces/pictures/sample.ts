import type { Policy } from '../../index.ts'

/** An id that nothing in a policy has, for entities that are nobody in particular. */
export function freeName({ sources, facts }: Pick<Policy, 'sources' | 'facts'>): string {
  const given = JSON.stringify(facts, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
  const taken = [...sources.map(({ text }) => text), given]
  for (let i = 1; ; i++) {
    const name = i === 1 ? 'any' : `any${i}`
    // Of a name that goes on, the beginning would be found too.
    if (!taken.some((text) => text.includes(`:${name}`) || text.includes(`"${name}"`))) return name
  }
}

/** The policy with every role assignable to every actor, so that one can ask what holding it gives. */
export function widened(policy: Policy): Policy {
  const { program } = policy
  const everyone = program.types
    .filter(({ actor }) => actor)
    .map(({ name }) => ({ kind: 'entity' as const, type: name }))
  const roles = program.roles.map((role) => ({ ...role, assignable: [...role.assignable, ...everyone] }))
  return { ...policy, program: { ...program, roles } }
}
