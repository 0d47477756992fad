import type { FactSchema } from '../facts/schema.ts'
import { factSchema } from '../facts/schema.ts'
import type {
  CarriedCondition,
  Effect,
  EntityType,
  HostFunction,
  LockedItems,
  Program,
  Role,
  Rule,
} from '../ir/program.ts'
import type { AskedTarget } from './question.ts'

/** A program with what a decision looks up in it; made once. */
export interface Policy {
  readonly program: Program
  readonly schema: FactSchema
  readonly types: ReadonlyMap<string, EntityType>
  /** The lines of a role of a type, or of a global one. */
  roleLines(type: string | undefined, name: string): readonly Role[]
  /** The rules of an effect that concern an action on entities of a type. */
  entityRules(effect: Effect, action: string, type: string): readonly Rule[]
  /** The rules of an effect that name an action, or all actions, and may concern items of a server. */
  itemRules(effect: Effect, action: string, server: string): readonly Rule[]
  /** The rules of an effect and an action that may concern a target. */
  rulesAbout(effect: Effect, action: string, target: AskedTarget): readonly Rule[]
  /** Where a rule stands in the program. */
  placeOf(rule: Rule): number
  readonly conditions: ReadonlyMap<string, CarriedCondition>
  readonly functions: ReadonlyMap<string, HostFunction>
  /** A scope with all that include it. */
  satisfying(scope: string): readonly string[]
  readonly servers: ReadonlyMap<string, LockIndex>
}

/** What a server's lock names; undefined where it has none. */
type LockIndex =
  | {
      readonly tools: ReadonlyMap<string, LockedItems['tools'][number]>
      readonly prompts: ReadonlySet<string>
      readonly uris: ReadonlySet<string>
      readonly templates: LockedItems['templates']
    }
  | undefined

export function policyOf(program: Program): Policy {
  // The anonymous actor is of the type '', which is no type, and not that of the global roles.
  const roleKey = (type: string | undefined, name: string) => (type === undefined ? name : `${type}.${name}`)
  const roles = grouped(program.roles, ({ type, name }) => roleKey(type, name))
  const types = new Map(program.types.map((type) => [type.name, type]))
  const scopes = new Map(program.scopes.map(({ scope, includedIn }) => [scope, [scope, ...includedIn]]))
  const byEffect = grouped(program.rules, (rule) => rule.effect)
  const places = new Map(program.rules.map((rule, place) => [rule, place]))
  const remember = new Map<string, readonly Rule[]>()
  const rulesOf = (key: string, effect: Effect, concerns: (rule: Rule) => boolean): readonly Rule[] => {
    let rules = remember.get(key)
    if (rules === undefined) {
      rules = (byEffect.get(effect) ?? []).filter(concerns)
      remember.set(key, rules)
    }
    return rules
  }
  // Asked only about declared types, servers and known actions, so that what is remembered is bounded by the policy.
  const entityRules: Policy['entityRules'] = (effect, action, type) =>
    types.has(type)
      ? rulesOf(`${effect} ${action} on ${type}`, effect, (rule) => names(rule, action) && covers(rule, type))
      : []
  const itemRules: Policy['itemRules'] = (effect, action, server) =>
    rulesOf(`${effect} ${action} in ${server}`, effect, (rule) => names(rule, action) && mayConcern(rule, server))
  return {
    program,
    schema: factSchema(program),
    types,
    roleLines: (type, name) => roles.get(roleKey(type, name)) ?? [],
    entityRules,
    itemRules,
    rulesAbout: (effect, action, target) =>
      target.kind === 'entity'
        ? entityRules(effect, action, target.entity.type)
        : itemRules(effect, action, target.server),
    placeOf: (rule) => places.get(rule) ?? -1,
    conditions: new Map(program.conditions.map((condition) => [condition.name, condition])),
    functions: new Map(program.functions.map((declared) => [declared.name, declared])),
    satisfying: (scope) => scopes.get(scope) ?? [scope],
    servers: new Map(program.servers.map(({ name, lock }) => [name, lock && lockIndex(lock)])),
  }
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}

function names(rule: Rule, action: string): boolean {
  return rule.actions === '*' || rule.actions.includes(action)
}

/** The rule is about entities of a type. */
export function covers({ target }: Rule, type: string): boolean {
  return target.kind === 'everything' || (target.kind === 'types' && target.types.includes(type))
}

function mayConcern({ target }: Rule, server: string): boolean {
  if (target.kind === 'items') return target.server === undefined || target.server === server
  return target.kind === 'everything'
}

function lockIndex({ tools, prompts, resources, templates }: LockedItems): LockIndex {
  return {
    tools: new Map(tools.map((tool) => [tool.name, tool])),
    prompts: new Set(prompts.map(({ name }) => name)),
    uris: new Set(resources.map(({ uri }) => uri)),
    templates,
  }
}
