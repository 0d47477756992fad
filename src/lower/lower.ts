import {
  type EntityField,
  type EntityType,
  irVersion,
  type Program,
  type ScopeInclusion,
  type Server,
} from '../ir/program.ts'
import type { CheckedPolicy } from '../model/checked-policy.ts'
import type { EntityInfo, Schema, ServerInfo } from '../model/schema.ts'
import { lockedItems } from './locked-items.ts'
import { nameRules } from './rule-ids.ts'

/** Makes the program of a policy: what a decision needs, with groups expanded, rules named and scopes closed. */
export function lower(policy: CheckedPolicy): Program {
  const { schema } = policy
  const types = [...schema.types.values()]
  return {
    version: irVersion,
    types: types.map(entityType),
    roles: policy.roles.map((role) => ({
      id: `${role.type === undefined ? '' : `${role.type}.`}${role.name}`,
      ...role,
    })),
    rules: nameRules(policy.rules),
    conditions: policy.conditions,
    functions: [...schema.functions].map(([name, { params, result }]) => ({ name, params, result })),
    scopes: closeScopes(schema),
    servers: [...schema.servers.values()].map(server),
    context: schema.context,
    token: schema.token,
    actions: actions(types),
    groups: [...schema.groups].map(([name, members]) => ({ name, actions: members })),
    delegates: policy.rules.some((rule) => rule.effect === 'delegate' || rule.mentionsAgent),
  }
}

function entityType(info: EntityInfo): EntityType {
  const { declaration } = info
  return {
    name: info.name,
    actor: declaration.actor,
    open: declaration.open,
    virtual: declaration.virtual,
    containers: declaration.containers.map((name) => name.text),
    fields: [...info.fields.values()].map(
      ({ name, type, optional, contextual }): EntityField => ({ name, type, optional, contextual }),
    ),
  }
}

function actions(types: readonly EntityInfo[]): Program['actions'] {
  const byAction = new Map<string, string[]>()
  for (const type of types)
    for (const action of type.permissions) {
      const known = byAction.get(action)
      if (known === undefined) byAction.set(action, [type.name])
      else known.push(type.name)
    }
  return [...byAction].map(([action, granted]) => ({ action, types: granted }))
}

/** Each scope with all that include it, directly or through others. */
function closeScopes(schema: Schema): readonly ScopeInclusion[] {
  const direct = new Map<string, Set<string>>()
  for (const { scope, includes } of schema.scopes)
    for (const included of includes) {
      const known = direct.get(included.value) ?? new Set()
      known.add(scope.value)
      direct.set(included.value, known)
    }
  return [...direct.keys()].map((scope) => {
    const all = new Set<string>()
    const open = [...(direct.get(scope) ?? [])]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (all.has(next)) continue
      all.add(next)
      open.push(...(direct.get(next) ?? []))
    }
    return { scope, includedIn: [...all] }
  })
}

function server(info: ServerInfo): Server {
  return {
    name: info.name ?? '',
    ...(info.lock === undefined ? {} : { lock: lockedItems(info.lock) }),
  }
}
