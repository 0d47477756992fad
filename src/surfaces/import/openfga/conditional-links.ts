import { type DirectType, parts, type RelationDefinition, type Rewrite, type TypeDefinition } from './model.ts'
import type { Store, Tuple } from './store.ts'

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
    const relations = type.relations.map((one) => ({ ...one, rewrite: replaced(one.rewrite, own) }))
    return { ...type, relations: [...relations, ...added] }
  })
  const also = (tuples: readonly Tuple[]) => tuples.flatMap((tuple) => [tuple, ...consequences(tuple, links)])
  return {
    ...store,
    model: { ...store.model, types },
    tuples: also(store.tuples),
    tests: store.tests.map((test) => ({
      ...{ ...test, tuples: also(test.tuples) },
      questions: test.questions.map((question) => ({ ...question, tuples: also(question.tuples) })),
    })),
  }
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

function replaced(rewrite: Rewrite, links: readonly Link[]): Rewrite {
  switch (rewrite.kind) {
    case 'or':
    case 'and':
      return { kind: rewrite.kind, of: rewrite.of.map((one) => replaced(one, links)) }
    case 'but-not':
      return { kind: 'but-not', base: replaced(rewrite.base, links), subtract: replaced(rewrite.subtract, links) }
    case 'from': {
      const link = links.find((one) => one.relation === rewrite.relation && one.through.name === rewrite.tupleset)
      return link === undefined ? rewrite : { kind: 'computed', relation: link.name }
    }
    default:
      return rewrite
  }
}

function consequences(tuple: Tuple, links: ReadonlyMap<string, readonly Link[]>): readonly Tuple[] {
  const of = links.get(tuple.object.split(':', 1)[0] ?? '') ?? []
  const type = tuple.user.split(':', 1)[0]
  return of
    .filter(({ through, direct }) => through.name === tuple.relation && direct.some((one) => one.type === type))
    .map(({ name, relation }) => ({ ...tuple, user: `${tuple.user}#${relation}`, relation: name, comments: [] }))
}
