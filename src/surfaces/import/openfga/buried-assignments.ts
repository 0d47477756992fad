import { parts, type RelationDefinition, type Rewrite, replaced, type TypeDefinition } from './model.ts'
import { type Store, withTuples } from './store.ts'

/**
 * A store in which what is assigned stands in one place of a definition, and never behind a `but not`: JSON may have it otherwise
 * than the language. What is assigned becomes a relation of its own, `viewer_assigned`, to which tuples assign.
 */
export function withoutBuriedAssignments(store: Store): Store {
  const names = new Map<string, string>()
  const types = store.model.types.map((type): TypeDefinition => {
    const relations = type.relations.flatMap((one): readonly RelationDefinition[] => {
      if (!isBuried(one.rewrite)) return [one]
      let name = `${one.name}_assigned`
      while (type.relations.some((other) => other.name === name)) name += '_'
      names.set(`${type.name}#${one.name}`, name)
      return [
        {
          ...one,
          rewrite: replaced(one.rewrite, (part) =>
            part.kind === 'direct' ? { kind: 'computed', relation: name } : part,
          ),
          direct: [],
        },
        { ...one, name, comments: [], rewrite: { kind: 'direct' } },
      ]
    })
    return { ...type, relations }
  })
  if (names.size === 0) return store
  return withTuples({ ...store, model: { ...store.model, types } }, (tuple) => {
    const relation = names.get(`${tuple.object.split(':', 1)[0]}#${tuple.relation}`)
    return [relation === undefined ? tuple : { ...tuple, relation }]
  })
}

function isBuried(rewrite: Rewrite): boolean {
  if ([...parts(rewrite)].filter(({ kind }) => kind === 'direct').length > 1) return true
  switch (rewrite.kind) {
    case 'or':
    case 'and':
      return rewrite.of.some(isBuried)
    case 'but-not':
      return isBuried(rewrite.base) || [...parts(rewrite.subtract)].some(({ kind }) => kind === 'direct')
    default:
      return false
  }
}
