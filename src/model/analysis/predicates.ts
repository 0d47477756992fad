import type { Span } from '../../base/source.ts'
import type { Expr } from '../../ir/expr.ts'
import type { CarriedCondition } from '../../ir/program.ts'
import type { CheckedRole, CheckedRule } from '../checked-policy.ts'
import type { Schema } from '../schema.ts'
import { negative, type Occurrence, occurrences, positive, type Sign } from './signs.ts'

/** A role or permission of a type, or a global role: something with a body that conditions depend on. */
export interface Predicate {
  readonly name: string
  /** What `resource` is in its body; none for a global role. */
  readonly type: string | undefined
  readonly parts: Part[]
}

/** One line of a body, with the sign it has in the whole. `agents`: it matters only for the agents of the request. */
interface Part {
  readonly sign: Sign
  readonly occurrences: readonly Occurrence[]
  readonly agents: boolean
}

/** A rule, with what its condition depends on. */
export interface Found {
  readonly rule: CheckedRule
  readonly occurrences: readonly Occurrence[]
}

const roleKey = (type: string | undefined, role: string): string => `role ${type ?? ''}.${role}`
const permissionKey = (type: string, action: string): string => `permission ${type}.${action}`

/** The bodies that an occurrence depends on, where it stands in the body of `from`, if in any. */
export function targets(
  predicates: ReadonlyMap<string, Predicate>,
  occurrence: Occurrence,
  from?: Predicate,
): readonly Predicate[] {
  const { node } = occurrence
  if (node.kind !== 'holds') return []
  const ofResource = node.of?.kind === 'variable' && node.of.name === 'resource'
  const types = ofResource && from?.type !== undefined ? [from.type] : node.types
  const keys =
    node.of === undefined
      ? [roleKey(undefined, node.relation)]
      : types.map((type) => (node.permission ? permissionKey(type, node.relation) : roleKey(type, node.relation)))
  return keys.flatMap((key) => predicates.get(key) ?? [])
}

export function collect(
  schema: Schema,
  roles: readonly CheckedRole[],
  rules: readonly Found[],
  conditions: readonly CarriedCondition[],
): ReadonlyMap<string, Predicate> {
  const predicates = new Map<string, Predicate>()
  const carried = new Map(conditions.map((condition) => [condition.name, occurrences(condition.body)]))
  for (const role of roles) {
    const parts: Part[] = []
    const add = (sign: Sign, found: readonly Occurrence[]) => parts.push({ sign, occurrences: found, agents: false })
    if (role.condition !== undefined) add(positive, occurrences(role.condition))
    if (role.except !== undefined) add(negative, occurrences(role.except))
    for (const one of role.assignable) {
      if (one.when !== undefined) add(positive, carried.get(one.when) ?? [])
      if (one.kind === 'holders' && one.role !== undefined)
        add(positive, [assignedHolders(one.type, one.role, role.at)])
    }
    const name = role.type === undefined ? role.name : `${role.type}.${role.name}`
    predicates.set(roleKey(role.type, role.name), { name, type: role.type, parts })
  }
  for (const type of schema.types.values())
    for (const action of type.permissions)
      predicates.set(permissionKey(type.name, action), { name: `${type.name}.${action}`, type: type.name, parts: [] })
  for (const { rule, occurrences: found } of rules) {
    if (rule.target.kind === 'items' || rule.effect === 'limit' || rule.effect === 'label') continue
    const part: Part = {
      sign: rule.effect === 'deny' ? negative : positive,
      occurrences: found,
      agents: rule.effect === 'delegate' || rule.mentionsAgent,
    }
    for (const type of rule.target.kind === 'types' ? rule.target.types : schema.types.keys())
      for (const action of rule.actions === '*' ? (schema.types.get(type)?.permissions ?? []) : rule.actions)
        predicates.get(permissionKey(type, action))?.parts.push(part)
  }
  return predicates
}

/** A fact may name the holders of that role: the body depends on it as if it were written. */
function assignedHolders(type: string, role: string, at: Span): Occurrence {
  const here: Expr = { kind: 'variable', name: 'actor', at }
  return {
    node: { kind: 'holds', subject: here, of: here, types: [type], relation: role, permission: false, at },
    sign: positive,
    at,
  }
}
