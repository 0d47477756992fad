import { type EntityField, type EntityType, irVersion, type Program, type Server } from '../ir/program.ts'
import type { CheckedPolicy } from '../model/checked-policy.ts'
import type { EntityInfo, ServerInfo } from '../model/schema.ts'
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
    scopes: schema.scopes,
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
    open: declaration.open || declaration.dynamic,
    virtual: declaration.virtual || declaration.dynamic,
    ...(declaration.dynamic ? { dynamic: true } : {}),
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

function server(info: ServerInfo): Server {
  return {
    name: info.name ?? '',
    ...(info.lock === undefined ? {} : { lock: lockedItems(info.lock) }),
  }
}
