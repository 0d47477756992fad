import type { Role } from '../ir/program.ts'
import { nodes } from '../ir/walk.ts'
import type { Policy } from '../runtime/policy.ts'
import type { AskedTarget } from '../runtime/question.ts'
import { viewOf } from './paths.ts'
import { type Traits, traitsOf } from './reachable.ts'
import { type Source, sourcesOf } from './sources.ts'

/** How entities of a type are found on which somebody holds a role or permission: what the policy says of it, whoever asks. */
export interface Plan {
  readonly relation: string
  readonly permission: boolean
  readonly type: string
  readonly sources: readonly Source[]
  /** Of a role that is assigned by facts. */
  readonly assigned: boolean
  /** The roles whose holders it can be assigned to. */
  readonly holders: readonly { readonly type: string; readonly role: string }[]
}

export interface Plans {
  of(relation: string, permission: boolean, type: string): Plan
  traits(action: string, target: AskedTarget): Traits
  /** Keys of the entities that conditions name. */
  readonly named: ReadonlySet<string>
}

/** Each is made once, when it is first asked for: there are as many as the policy has roles and permissions. */
export function newPlans(policy: Policy): Plans {
  const made = new Map<string, Plan>()
  const traits = new Map<string, Traits>()
  let named: ReadonlySet<string> | undefined
  return {
    get named() {
      named ??= namedIn(policy)
      return named
    },
    traits: (action, target) => {
      // Asked only about declared types and servers and known actions.
      const about = `${action} ${target.kind === 'entity' ? target.entity.type : `${target.kind} in ${target.server}`}`
      const known = traits.get(about) ?? traitsOf(policy, action, target)
      traits.set(about, known)
      return known
    },
    of: (relation, permission, type) => {
      const name = `${permission ? 'can ' : ''}${relation} ${type}`
      let plan = made.get(name)
      if (plan === undefined) {
        plan = permission ? ofPermission(policy, relation, type) : ofRole(policy, relation, type)
        made.set(name, plan)
      }
      return plan
    },
  }
}

function namedIn({ program: { rules, roles, conditions } }: Policy): ReadonlySet<string> {
  const all = [
    ...rules.map(({ condition }) => condition),
    ...roles.flatMap(({ condition, except }) => [condition, except]),
    ...conditions.map(({ body }) => body),
  ]
  const keys = all.flatMap((condition) =>
    condition === undefined
      ? []
      : nodes(condition).flatMap((node) =>
          node.kind === 'constant' && node.value.kind === 'entity' ? [`${node.value.type}:${node.value.id}`] : [],
        ),
  )
  return new Set(keys)
}

/** What denies is left to the decision. */
function ofPermission(policy: Policy, relation: string, type: string): Plan {
  const view = viewOf('resource')
  const sources = policy.entityRules('allow', relation, type).flatMap(({ condition }) => sourcesOf(condition, view))
  return { relation, permission: true, type, sources, assigned: false, holders: [] }
}

function ofRole(policy: Policy, relation: string, type: string): Plan {
  const view = viewOf('resource')
  const lines = policy.roleLines(type, relation)
  const sources = lines.flatMap(({ condition }) => (condition === undefined ? [] : sourcesOf(condition, view)))
  const assignable = lines.flatMap((line: Role) => line.assignable)
  const holders = assignable.flatMap(({ kind, type: of, role }) =>
    kind === 'holders' && role !== undefined ? [{ type: of, role }] : [],
  )
  return { relation, permission: false, type, sources, assigned: assignable.length > 0, holders }
}
