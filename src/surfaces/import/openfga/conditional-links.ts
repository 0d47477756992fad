import {
  type DirectType,
  parts,
  type RelationDefinition,
  type Rewrite,
  replaced,
  type TypeDefinition,
} from './model.ts'
import { type Store, type Tuple, withTuples } from './store.ts'

/**
 * A store in which nobody goes on `from` what is assigned under a condition: fields carry none. `viewer from parent` becomes a
 * relation of its own, to which the viewers of a parent are assigned, under the condition, by each tuple that assigns the parent.
 */
export function withoutConditionalLinks(store: Store): Store {
  const links = linksIn(store)
  if (links.size === 0) return store
  const types = store.model.types.map((type): TypeDefinition => {
    const own = links.get(type.name) ?? []
    const added = own.map(({ name, through, direct }) => ({
      ...through,
      name,
      comments: [],
      rewrite: directly,
      direct,
    }))
    const relations = type.relations.map((one) => ({
      ...one,
      rewrite: replaced(one.rewrite, (part) => elsewhere(part, own)),
    }))
    return { ...type, relations: [...relations, ...added] }
  })
  return withTuples({ ...store, model: { ...store.model, types } }, (tuple) => [tuple, ...consequences(tuple, links)])
}

const directly: Rewrite = { kind: 'direct' }

interface Link {
  /** What becomes of `relation from through`. */
  readonly name: string
  readonly relation: string
  readonly through: RelationDefinition
  readonly direct: readonly DirectType[]
}

function linksIn({ model }: Store): ReadonlyMap<string, readonly Link[]> {
  const found = new Map<string, Link[]>()
  const has = (type: string, relation: string) =>
    model.types.some((one) => one.name === type && one.relations.some(({ name }) => name === relation))
  for (const type of model.types) {
    const links = new Map<string, Link>()
    for (const part of type.relations.flatMap(({ rewrite }) => [...parts(rewrite)])) {
      if (part.kind !== 'from') continue
      const through = type.relations.find(({ name }) => name === part.tupleset)
      if (through === undefined || through.direct.every(({ condition }) => condition === undefined)) continue
      let name = `${part.relation}_from_${part.tupleset}`
      while (type.relations.some((one) => one.name === name)) name += '_'
      const direct = through.direct
        .filter((one) => has(one.type, part.relation))
        .map((one) => ({ ...one, relation: part.relation }))
      links.set(name, { name, relation: part.relation, through, direct })
    }
    if (links.size > 0) found.set(type.name, [...links.values()])
  }
  return found
}

function elsewhere(part: Rewrite, links: readonly Link[]): Rewrite {
  if (part.kind !== 'from') return part
  const link = links.find((one) => one.relation === part.relation && one.through.name === part.tupleset)
  return link === undefined ? part : { kind: 'computed', relation: link.name }
}

function consequences(tuple: Tuple, links: ReadonlyMap<string, readonly Link[]>): readonly Tuple[] {
  const of = links.get(tuple.object.split(':', 1)[0] ?? '') ?? []
  const type = tuple.user.split(':', 1)[0]
  return of
    .filter(({ through, direct }) => through.name === tuple.relation && direct.some((one) => one.type === type))
    .map(({ name, relation }) => ({ ...tuple, user: `${tuple.user}#${relation}`, relation: name, comments: [] }))
}
