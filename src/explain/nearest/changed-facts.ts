import { sameTerms } from '../../facts/same-fact.ts'
import type { FactSchema } from '../../facts/schema.ts'
import { containment, type Fact, type Facts, globalObject } from '../../facts/store.ts'
import { subjectKey } from '../../facts/subject.ts'
import type { Entity, Value } from '../../value/value.ts'
import type { Edit } from './edit.ts'

interface Row {
  readonly object: Entity | undefined
  readonly relation: string
  readonly fact: Fact
}

/** Facts as they would be after some edits. */
export function changedFacts(base: Facts, edits: readonly Edit[], schema: FactSchema): Facts {
  const added: Row[] = []
  const removed: Row[] = []
  const attributes = new Map<string, Value | undefined>()
  const replaced = new Set<string>()
  for (const edit of edits) {
    if (edit.kind === 'add') added.push(edit)
    else if (edit.kind === 'remove') removed.push(edit)
    else if (edit.kind === 'set') {
      const { entity, name, relation } = edit.place
      if (!relation) attributes.set(nameKey(entity.key, name), edit.value)
      else {
        replaced.add(nameKey(entity.key, name))
        if (isEntity(edit.value)) {
          added.push({ object: entity, relation: name, fact: { subject: { kind: 'entity', entity: edit.value } } })
        }
      }
    }
  }
  const objectOf = ({ object }: Row) => object?.key ?? globalObject
  const isGone = (key: string, relation: string, fact: Fact) =>
    replaced.has(nameKey(key, relation)) ||
    removed.some((row) => objectOf(row) === key && row.relation === relation && takes(row.fact, fact))
  const withEdits = (key: string, relation: string, found: readonly Fact[], fits: (fact: Fact) => boolean) => [
    ...found.filter((fact) => !isGone(key, relation, fact)),
    ...added
      .filter((row) => objectOf(row) === key && row.relation === relation && fits(row.fact))
      .map(({ fact }) => fact),
  ]
  const facts: Facts['facts'] = (key, relation) => withEdits(key, relation, base.facts(key, relation), () => true)

  const mentioned = new Map<string, Entity>()
  const mention = (entity: Entity | undefined) => entity !== undefined && mentioned.set(entity.key, entity)
  for (const { object, fact } of added) {
    mention(object)
    if (fact.subject.kind !== 'any') mention(fact.subject.entity)
  }
  for (const edit of edits) if (edit.kind === 'set') mention(edit.place.entity)
  const touched = new Map<string, Entity>()
  const touch = ({ subject }: Fact) => subject.kind !== 'any' && touched.set(subject.entity.key, subject.entity)
  for (const { object, fact } of removed) {
    if (object !== undefined) touched.set(object.key, object)
    touch(fact)
  }
  for (const edit of edits) {
    if (edit.kind !== 'set' || !edit.place.relation) continue
    for (const fact of base.facts(edit.place.entity.key, edit.place.name)) touch(fact)
  }
  /** Whether something is left that mentions it; of a record without attributes nothing is seen here, which errs towards an error. */
  const isLeft = ({ key, type }: Entity, now: number | undefined): boolean => {
    const lasts = ({ until }: Fact) => now === undefined || until === undefined || now < until
    for (const { object, relation, fact } of base.mentions(key)) {
      if (lasts(fact) && !isGone(object, relation, fact)) return true
    }
    const names = [...(schema.types.get(type)?.fields.keys() ?? [])]
    const relations = [...names, ...(schema.types.get(type)?.roles.keys() ?? []), containment]
    return (
      names.some((name) => base.attribute(key, name) !== undefined) ||
      relations.some((name) => base.facts(key, name).some((fact) => lasts(fact) && !isGone(key, name, fact)))
    )
  }

  return {
    known: (key, now) => {
      if (mentioned.has(key)) return true
      const entity = touched.get(key)
      return base.known(key, now) && (entity === undefined || isLeft(entity, now))
    },
    facts,
    direct: (key, relation, subject) =>
      withEdits(
        key,
        relation,
        base.direct(key, relation, subject),
        (fact) => fact.subject.kind === 'entity' && fact.subject.entity.key === subject,
      ),
    indirect: (key, relation) =>
      withEdits(key, relation, base.indirect(key, relation), ({ subject }) => subject.kind !== 'entity'),
    attribute: (key, name) => {
      const place = nameKey(key, name)
      return attributes.has(place) ? attributes.get(place) : base.attribute(key, name)
    },
    mentions: function* (subject, relation, type) {
      for (const found of base.mentions(subject, relation, type)) {
        if (!isGone(found.object, found.relation, found.fact)) yield found
      }
      for (const row of added) {
        const fits = (relation ?? row.relation) === row.relation && (type === undefined || row.object?.type === type)
        if (fits && mentionKey(row.fact) === subject)
          yield { object: objectOf(row), relation: row.relation, fact: row.fact }
      }
    },
    entities: function* (type) {
      yield* base.entities(type)
      for (const entity of mentioned.values()) if (entity.type === type) yield entity
    },
  }
}

/** As the store has it: without terms, all facts of this subject. */
function takes(removed: Fact, fact: Fact): boolean {
  if (subjectKey(removed.subject) !== subjectKey(fact.subject)) return false
  return (removed.until === undefined && removed.when === undefined) || sameTerms(removed, fact)
}

/** What a fact is found by from its subject. */
function mentionKey({ subject }: Fact): string {
  return subject.kind === 'any' ? subjectKey(subject) : subject.entity.key
}

function nameKey(key: string, name: string): string {
  return JSON.stringify([key, name])
}

function isEntity(value: Value | undefined): value is Entity {
  return typeof value === 'object' && value.kind === 'entity'
}
