import { type Names, typeNames, wordNames } from '../names.ts'
import {
  type ConditionDefinition,
  type DirectType,
  type Model,
  parts,
  type RelationDefinition,
  type TypeDefinition,
} from './model.ts'

/**
 * What each relation of a model becomes: a `field` where others go on `from` it, a `role` where it is assigned, or where its
 * holders are assigned to others, else a `permission`.
 */
export interface Schema {
  readonly types: ReadonlyMap<string, TypeInfo>
  readonly conditions: ReadonlyMap<string, ConditionDefinition>
  readonly conditionNames: Names
  readonly paramNames: Names
  /** Whether the name means something outside of a type, so that a member of that name needs `resource.` before it. */
  readonly isOuter: (name: string) => boolean
}

export interface TypeInfo {
  readonly definition: TypeDefinition
  readonly name: string
  /** It may ask. */
  readonly actor: boolean
  readonly relations: ReadonlyMap<string, RelationInfo>
  readonly names: Names
}

export interface RelationInfo {
  readonly definition: RelationDefinition
  readonly name: string
  readonly kind: 'field' | 'role' | 'permission'
  /** The name of a role beside a field, whose holders can be assigned. */
  readonly holders: string
  /** The types of those who may turn out to have the relation. */
  readonly subjects: ReadonlySet<string>
}

/** What a condition can be about without being asked for by name. */
export const variables: ReadonlySet<string> = new Set([
  ...['actor', 'agent', 'action', 'resource', 'context', 'token', 'now', 'session'],
  ...['server', 'client', 'tool', 'args', 'prompt', 'uri'],
])

/** What a condition would be taken for where it is called. */
const functions: ReadonlySet<string> = new Set([
  ...['path', 'url', 'ip', 'cidr', 'datetime', 'duration', 'decimal', 'recover'],
  ...['scope', 'acr', 'authAge', 'confirmed', 'approvedBy'],
])

export function schemaOf(model: Model): Schema {
  const conditions = new Map(model.conditions.map((condition) => [condition.name, condition]))
  const definitions = new Map(model.types.map((type) => [type.name, type]))
  const names = typeNames(definitions.keys())
  const relation = (type: string, name: string) => definitions.get(type)?.relations.find((one) => one.name === name)
  const subjects = subjectsOf(model, relation)
  const kinds = kindsOf(model, relation)
  const grantees = granteesOf(model)
  for (const key of linksIn(model, relation, kinds, subjects)) kinds.set(key, 'field')
  const actors = actorsIn(kinds, subjects)
  const types = new Map<string, TypeInfo>()
  for (const definition of model.types) {
    const own = definition.relations.map(({ name }) => name)
    const memberNames = wordNames(own, { taken: (word) => word === 'resource' })
    const relations = new Map<string, RelationInfo>()
    for (const one of definition.relations) {
      const key = `${definition.name}#${one.name}`
      const name = memberNames.of(one.name)
      const kind = kinds.get(key) ?? 'role'
      const isGranted = kind === 'field' && grantees.has(key)
      relations.set(one.name, {
        ...{ definition: one, name, kind, subjects: subjects.get(key) ?? new Set() },
        holders: isGranted ? memberNames.of(`in ${one.name}`) : name,
      })
    }
    types.set(definition.name, {
      ...{
        definition,
        name: names.of(definition.name),
        actor: actors.has(definition.name),
        relations,
        names: memberNames,
      },
    })
  }
  const params = [...conditions.values()].flatMap((one) => one.params.map(({ name }) => name))
  const conditionNames = wordNames(conditions.keys(), {
    taken: (word) => variables.has(word) || functions.has(word),
  })
  const outer = new Set([...variables, ...[...conditions.keys()].map(conditionNames.of)])
  const isOuter = (name: string) => outer.has(name)
  return {
    types,
    conditions,
    conditionNames,
    paramNames: wordNames(params, { taken: (word) => variables.has(word) }),
    isOuter,
  }
}

type Find = (type: string, name: string) => RelationDefinition | undefined

/** The least sets that solve what the definitions say of types. */
function subjectsOf(model: Model, relation: Find): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>()
  for (const type of model.types) for (const { name } of type.relations) found.set(`${type.name}#${name}`, new Set())
  for (let changed = true; changed; ) {
    changed = false
    for (const type of model.types)
      for (const one of type.relations) {
        const own = found.get(`${type.name}#${one.name}`)
        const before = own?.size
        const add = (types: Iterable<string> | undefined) => {
          for (const each of types ?? []) own?.add(each)
        }
        for (const part of parts(one.rewrite))
          if (part.kind === 'direct')
            for (const direct of one.direct)
              add(direct.relation === undefined ? [direct.type] : found.get(`${direct.type}#${direct.relation}`))
          else if (part.kind === 'computed') add(found.get(`${type.name}#${part.relation}`))
          else
            for (const parent of relation(type.name, part.tupleset)?.direct ?? [])
              add(found.get(`${parent.type}#${part.relation}`))
        if (own?.size !== before) changed = true
      }
  }
  return found
}

function kindsOf(model: Model, relation: Find): Map<string, RelationInfo['kind']> {
  const kinds = new Map<string, RelationInfo['kind']>()
  const grantees = granteesOf(model)
  for (const type of model.types) {
    const tuplesets = new Set(
      type.relations.flatMap(({ rewrite }) =>
        [...parts(rewrite)].flatMap((one) => (one.kind === 'from' ? [one.tupleset] : [])),
      ),
    )
    for (const { name, rewrite } of type.relations) {
      const isAssigned = [...parts(rewrite)].some(({ kind }) => kind === 'direct')
      const kind = tuplesets.has(name)
        ? 'field'
        : isAssigned || grantees.has(`${type.name}#${name}`)
          ? 'role'
          : 'permission'
      kinds.set(`${type.name}#${name}`, kind)
    }
  }
  // A path over several types ends in one kind of member, as far as that can be.
  for (let changed = true; changed; ) {
    changed = false
    for (const type of model.types)
      for (const { rewrite } of type.relations)
        for (const part of parts(rewrite)) {
          if (part.kind !== 'from') continue
          const ends = (relation(type.name, part.tupleset)?.direct ?? []).map((one) => `${one.type}#${part.relation}`)
          if (!ends.some((end) => kinds.get(end) === 'role')) continue
          for (const end of ends)
            if (kinds.get(end) === 'permission') {
              kinds.set(end, 'role')
              changed = true
            }
        }
  }
  return kinds
}

function actorsIn(
  kinds: ReadonlyMap<string, RelationInfo['kind']>,
  subjects: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  return new Set([...subjects].flatMap(([key, types]) => (kinds.get(key) === 'field' ? [] : [...types])))
}

/** What is assigned plainly, and leads nowhere, is about things, not about who acts, unless something else makes them act. */
function linksIn(
  model: Model,
  relation: Find,
  kinds: ReadonlyMap<string, RelationInfo['kind']>,
  subjects: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] {
  const leading = new Set(granteesOf(model))
  for (const type of model.types)
    for (const { rewrite } of type.relations)
      for (const part of parts(rewrite))
        if (part.kind === 'computed') leading.add(`${type.name}#${part.relation}`)
        else if (part.kind === 'from')
          for (const parent of relation(type.name, part.tupleset)?.direct ?? [])
            leading.add(`${parent.type}#${part.relation}`)
  const hasRelations = new Set(model.types.flatMap(({ name, relations }) => (relations.length > 0 ? [name] : [])))
  const candidates = model.types.flatMap((type) =>
    type.relations.flatMap((one) => {
      const key = `${type.name}#${one.name}`
      const isLink =
        one.rewrite.kind === 'direct' &&
        !leading.has(key) &&
        one.direct.every((each) => hasRelations.has(each.type) && isPlain(each) && each.condition === undefined)
      return isLink ? [key] : []
    }),
  )
  const others = new Map(kinds)
  for (const key of candidates) others.set(key, 'field')
  const actors = actorsIn(others, subjects)
  return candidates.filter((key) => [...(subjects.get(key) ?? [])].every((type) => !actors.has(type)))
}

function isPlain({ wildcard, relation }: DirectType): boolean {
  return !wildcard && relation === undefined
}

/** The relations whose holders facts may name. */
function granteesOf(model: Model): ReadonlySet<string> {
  const direct = model.types.flatMap(({ relations }) => relations.flatMap((one) => one.direct))
  return new Set(direct.flatMap(({ type, relation }) => (relation === undefined ? [] : [`${type}#${relation}`])))
}
