import { equal } from '../value/equal.ts'
import { isError } from '../value/evaluation-error.ts'
import type { Value } from '../value/value.ts'
import { checkFact } from './door.ts'
import { type CheckedEntity, checkEntity } from './entity-door.ts'
import { checkEntityName } from './entity-name.ts'
import type { EntityInput, EntityName, FactInput } from './fact.ts'
import { type FactRejection, isEntity, loadAll, rejections } from './load.ts'
import { dumpGraph } from './memory-dump.ts'
import { newGraph } from './memory-graph.ts'
import { type Reason, reason } from './reason.ts'
import { sameCondition } from './relation-list.ts'
import type { FactSchema } from './schema.ts'
import { secondSubject } from './single-valued.ts'
import type { Fact, FactStore, Facts } from './store.ts'
import { subjectKey } from './subject.ts'

/** Facts in memory. What the schema refuses is not taken, and told; nothing throws, whatever is given. */
export interface MemoryStore extends FactStore {
  /** One more fact. One that is there already changes nothing; two subjects of a relation that holds one conflict. */
  add(fact: FactInput): readonly FactRejection[]
  /** Takes a fact out: with its `until` or `when` that one, without them all facts of this object, relation and subject. */
  remove(fact: FactInput): readonly FactRejection[]
  /** Sets the given fields of an entity, and what contains it, in place of what they were; null takes away. */
  put(entity: EntityInput): readonly FactRejection[]
  /** Takes an entity out, with all facts that mention it. */
  delete(entity: EntityName): readonly FactRejection[]
  /** Many facts and entities, in any order: only ever adds. A field that already has another value is a conflict. */
  load(inputs: Iterable<FactInput | EntityInput>): readonly FactRejection[]
  /** Everything, in an order that depends on nothing but what is there, in a form that `load` takes. */
  dump(): Iterable<FactInput | EntityInput>
}

/** `fixed`: facts that hold beside these and cannot be changed here, such as those of the policy text; none may conflict with them. */
export function memoryStore(schema: FactSchema, fixed?: Facts): MemoryStore {
  const graph = newGraph()

  function addFact(input: unknown): readonly Reason[] {
    const checked = checkFact(schema, input)
    if (checked.reasons !== undefined) return checked.reasons
    const problems = secondSubject(graph, checked.value, fixed)
    if (problems.length > 0) return problems
    graph.add(checked.value.object, checked.value.relation, checked.value.fact)
    return []
  }

  function removeFact(input: unknown): readonly Reason[] {
    const checked = checkFact(schema, input, 'removed')
    if (checked.reasons !== undefined) return checked.reasons
    const { object, relation, fact } = checked.value
    const found = graph.about(object, relation, subjectKey(fact.subject))
    const meant = (other: Fact) =>
      (fact.until === undefined || fact.until === other.until) &&
      (fact.when === undefined || sameCondition(fact, other))
    graph.remove(object, relation, found.filter(meant))
    return []
  }

  function putEntity(input: unknown): readonly Reason[] {
    const checked = checkEntity(schema, input)
    if (checked.reasons !== undefined) return checked.reasons
    const { entity, attributes, relations } = checked.value
    const problems = fixedConflicts(checked.value)
    if (problems.length > 0) return problems
    graph.setAttributes(entity, merged(graph.nodes.get(entity.key)?.attributes, attributes))
    for (const [relation, facts] of relations) {
      graph.remove(entity, relation, graph.facts(entity, relation))
      for (const fact of facts) graph.add(entity, relation, fact)
    }
    return []
  }

  function loadEntity(input: unknown): readonly Reason[] {
    const checked = checkEntity(schema, input)
    if (checked.reasons !== undefined) return checked.reasons
    const problems = [...entityConflicts(checked.value), ...fixedConflicts(checked.value)]
    if (problems.length > 0) return problems
    const { entity, attributes, relations } = checked.value
    const added = new Map([...attributes].filter(([, value]) => value !== undefined))
    graph.setAttributes(entity, merged(graph.nodes.get(entity.key)?.attributes, added))
    for (const [relation, facts] of relations) for (const fact of facts) graph.add(entity, relation, fact)
    return []
  }

  function entityConflicts({ entity, attributes, relations }: CheckedEntity): readonly Reason[] {
    const stored = graph.nodes.get(entity.key)?.attributes
    const problems: Reason[] = []
    for (const [name, value] of attributes) {
      const other = stored?.get(name)
      if (value === undefined || other === undefined || equal(value, other) === true) continue
      problems.push(reason('conflicting-fact', `\`${name}\` has another value`, name, '`put` replaces it'))
    }
    for (const [relation, facts] of relations) {
      const single = schema.types.get(entity.type)?.fields.get(relation)?.relation?.many === false
      for (const fact of facts) problems.push(...secondSubject(graph, { object: entity, relation, fact, single }))
    }
    return problems
  }

  /** What an entity already is in the policy text, and would be here in another way. */
  function fixedConflicts({ entity, attributes, relations }: CheckedEntity): readonly Reason[] {
    if (fixed === undefined) return []
    const problems: Reason[] = []
    for (const [name, value] of attributes) {
      const other = fixed.attribute(entity.key, name)
      if (other === undefined || isError(other) || (value !== undefined && equal(value, other) === true)) continue
      problems.push(reason('conflicting-fact', `\`${name}\` has another value in the policy`, name))
    }
    for (const [relation, facts] of relations) {
      if (schema.types.get(entity.type)?.fields.get(relation)?.relation?.many !== false) continue
      const [other] = fixed.facts(entity.key, relation)
      if (other !== undefined && facts.some((fact) => subjectKey(fact.subject) !== subjectKey(other.subject)))
        problems.push(reason('conflicting-fact', `\`${relation}\` holds another entity in the policy`, relation))
    }
    return problems
  }

  return {
    snapshot: graph.snapshot,
    get revision() {
      return graph.revision()
    },
    add: (fact) => rejections(0, addFact(fact)),
    remove: (fact) => rejections(0, removeFact(fact)),
    put: (entity) => rejections(0, putEntity(entity)),
    delete: (name) => {
      const entity = checkEntityName(schema, name)
      if (entity.reasons === undefined) graph.drop(entity.value)
      return rejections(0, entity.reasons ?? [])
    },
    load: (inputs) => loadAll(inputs, (input) => (isEntity(input) ? loadEntity(input) : addFact(input))),
    dump: () => dumpGraph(graph),
  }
}

/** The record with these attributes in place of its own of the same names; undefined takes one away. */
function merged(
  stored: ReadonlyMap<string, Value> | undefined,
  given: ReadonlyMap<string, Value | undefined>,
): ReadonlyMap<string, Value> {
  const all = new Map(stored)
  for (const [name, value] of given) {
    if (value === undefined) all.delete(name)
    else all.set(name, value)
  }
  return all
}
