import type { Span } from '../../base/source.ts'
import type { Expr } from '../../ir/expr.ts'
import type { CarriedCondition } from '../../ir/program.ts'
import type { CheckedRole, CheckedRule } from '../checked-policy.ts'
import { isRecursive } from '../rules/annotations.ts'
import type { Schema } from '../schema.ts'
import { negative, type Occurrence, occurrences, positive, type Sign } from './signs.ts'

/** A role or permission of a type, or a global role: something with a body that conditions depend on. */
export interface Predicate {
  /** The role, or the action that is permitted. */
  readonly name: string
  /** What `resource` is in its body; none for a global role. */
  readonly type: string | undefined
  readonly parts: readonly Part[]
}

/** As the policy would write it. */
export function shownName({ name, type }: Predicate): string {
  return type === undefined ? name : `${type}.${name}`
}

/** One line of a body, with the sign it has in the whole. `agents`: it matters only for the agents of the request. */
interface Part {
  readonly sign: Sign
  readonly occurrences: readonly Occurrence[]
  readonly agents: boolean
  /** It may lead back to the body through a negation. */
  readonly recursive: boolean
}

/** Those of a policy, by type and by name. */
export interface Predicates {
  readonly all: readonly Predicate[]
  /** Those of no type are the global ones. */
  readonly roles: ReadonlyMap<string | undefined, ReadonlyMap<string, Predicate>>
  readonly permissions: ReadonlyMap<string | undefined, ReadonlyMap<string, Predicate>>
}

/** The bodies that an occurrence depends on, where it stands in the body of `from`, if in any. */
export function targets(predicates: Predicates, { node }: Occurrence, from?: Predicate): readonly Predicate[] {
  if (node.kind !== 'holds') return []
  const byType = node.permission ? predicates.permissions : predicates.roles
  if (node.of === undefined) return bodies(predicates.roles, undefined, node.relation)
  const ofResource = node.of.kind === 'variable' && node.of.name === 'resource'
  if (ofResource && from?.type !== undefined) return bodies(byType, from.type, node.relation)
  const [type] = node.types
  if (node.types.length === 1) return bodies(byType, type, node.relation)
  return node.types.flatMap((one) => bodies(byType, one, node.relation))
}

function bodies(byType: Predicates['roles'], type: string | undefined, name: string): readonly Predicate[] {
  const found = byType.get(type)?.get(name)
  return found === undefined ? [] : [found]
}

export function collect(
  schema: Schema,
  roles: readonly CheckedRole[],
  rules: readonly CheckedRule[],
  conditions: readonly CarriedCondition[],
): Predicates {
  const all: Predicate[] = []
  const add = (to: ByType, predicate: Growing): void => {
    const ofType = to.get(predicate.type)
    if (ofType === undefined) to.set(predicate.type, new Map([[predicate.name, predicate]]))
    else ofType.set(predicate.name, predicate)
    all.push(predicate)
  }
  const byType = { roles: new Map() as ByType, permissions: new Map() as ByType }
  const carried = new Map(conditions.map((condition) => [condition.name, occurrences(condition.body)]))
  for (const role of roles) add(byType.roles, { name: role.name, type: role.type, parts: partsOf(role, carried) })
  for (const { name: type, permissions } of schema.types.values())
    for (const name of permissions) add(byType.permissions, { name, type, parts: [] })
  for (const rule of rules) {
    if (rule.target.kind === 'items' || rule.effect === 'limit' || rule.effect === 'label') continue
    const part: Part = {
      sign: rule.effect === 'deny' ? negative : positive,
      occurrences: rule.occurrences,
      agents: rule.effect === 'delegate' || rule.mentionsAgent,
      recursive: isRecursive(rule.declaration),
    }
    for (const type of rule.target.kind === 'types' ? rule.target.types : schema.types.keys()) {
      const ofType = byType.permissions.get(type)
      for (const action of rule.actions === '*' ? (ofType?.keys() ?? []) : rule.actions)
        addPart(ofType?.get(action), part)
    }
  }
  return { all, ...byType }
}

/** While they are gathered. */
interface Growing extends Predicate {
  parts: Part[]
}

type ByType = Map<string | undefined, Map<string, Growing>>

/** Most permissions have one rule, and there may be a hundred thousand. */
function addPart(to: Growing | undefined, part: Part): void {
  if (to === undefined) return
  if (to.parts.length === 0) to.parts = [part]
  else to.parts.push(part)
}

function partsOf(role: CheckedRole, carried: ReadonlyMap<string, readonly Occurrence[]>): Part[] {
  const parts: Part[] = []
  const recursive = role.recursive === true
  const add = (sign: Sign, found: readonly Occurrence[]) =>
    parts.push({ sign, occurrences: found, agents: false, recursive })
  if (role.condition !== undefined) add(positive, occurrences(role.condition))
  if (role.except !== undefined) add(negative, occurrences(role.except))
  for (const one of role.assignable) {
    if (one.when !== undefined) add(positive, carried.get(one.when) ?? [])
    if (one.kind === 'holders' && one.role !== undefined) add(positive, [assignedHolders(one.type, one.role, role.at)])
  }
  return parts
}

/** A fact may name the holders of that role: the body depends on it as if it were written. */
function assignedHolders(type: string, role: string, at: Span): Occurrence {
  const here: Expr = { kind: 'variable', name: 'actor', at }
  return {
    node: { kind: 'holds', subject: here, of: here, types: [type], relation: role, permission: false, at },
    sign: positive,
  }
}
