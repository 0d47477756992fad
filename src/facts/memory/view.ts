import type { Entity } from '../../value/value.ts'
import type { Fact, Facts, Mention, Subject } from '../store.ts'
import type { TermFact } from '../table.ts'
import { codesOf, has, negativesOf } from './lists.ts'
import { isKnown, isMentioned } from './mentions.ts'
import { attributeOf } from './record-writes.ts'
import type { RelationRows } from './relation-rows.ts'
import { keyOf, type Rows, typeOf } from './rows.ts'
import { termsAbout } from './terms.ts'

const noFacts: readonly Fact[] = Object.freeze([])

/** The rows as they are now, as facts about entities. */
export function viewOf(rows: Rows): Facts {
  const { history, ids, localMask } = rows

  function found(key: string, relation: string): { readonly object: number; readonly rows: RelationRows } | undefined {
    const object = key === '' ? 0 : ids.get(key)
    const of = object === undefined ? undefined : typeOf(rows, object).relations.get(relation)
    return object === undefined || of === undefined ? undefined : { object, rows: of }
  }

  function mentions(key: string, name?: string, type?: string): readonly Mention[] {
    const subject = key.startsWith('*') ? rows.byName.get(key.slice(1))?.number : ids.get(key)
    if (subject === undefined) return []
    const asked = typeOf(rows, subject).pointing.filter(
      ({ relation: { name: other, of } }) =>
        (name === undefined || other === name) && (type === undefined || of.name === type),
    )
    return asked.flatMap(({ relation, lists }) => {
      let plain: Fact | undefined
      return Array.from(codesOf(history, lists, subject & localMask), (code): Mention => {
        if (code >= 0) {
          plain ??= factOf(rows, relation, subject)
          return { object: keyOf(rows, code), relation: relation.name, fact: plain }
        }
        const object = relation.terms[~code]?.object ?? 0
        return { object: keyOf(rows, object), relation: relation.name, fact: factOf(rows, relation, code) }
      })
    })
  }

  function entities(type: string): readonly Entity[] {
    const of = type === '' ? undefined : rows.byName.get(type)
    const all: Entity[] = []
    for (let local = 0; of !== undefined && local < of.end; local++) {
      if (isMentioned(of, local)) all.push(numbered(rows, (of.number << rows.localBits) | local))
    }
    return all
  }

  return {
    known: (key, now) => {
      const entity = ids.get(key)
      if (entity === undefined) return false
      return now === undefined ? isMentioned(typeOf(rows, entity), entity & localMask) : isKnown(rows, entity, now)
    },
    facts: (key, relation) => {
      const at = found(key, relation)
      if (at === undefined || at.rows.head[at.object & localMask] === 0) return noFacts
      return Array.from(codesOf(history, at.rows, at.object & localMask), (code) => factOf(rows, at.rows, code))
    },
    direct: (key, relation, subject) => {
      const at = found(key, relation)
      const entity = ids.get(subject)
      if (at === undefined || entity === undefined) return noFacts
      const plain = has(history, at.rows, at.object & localMask, entity) ? [factOf(rows, at.rows, entity)] : []
      const terms = termsAbout(rows, at.rows, at.object, { kind: 'entity', entity, role: '', type: -1 })
      return [...plain, ...terms.map((index) => factOf(rows, at.rows, ~index))]
    },
    indirect: (key, relation) => {
      const at = found(key, relation)
      if (at === undefined) return noFacts
      const facts = negativesOf(history, at.rows, at.object & localMask).map((code) => factOf(rows, at.rows, code))
      return facts.filter(({ subject }) => subject.kind !== 'entity')
    },
    mentions,
    attribute: (key, name) => {
      const entity = ids.get(key)
      return entity === undefined ? undefined : attributeOf(rows, entity, name)
    },
    entities,
  }
}

/** The fact that a code of a list of subjects stands for. */
export function factOf(rows: Rows, relation: RelationRows, code: number): Fact {
  const term = code < 0 ? relation.terms[~code] : undefined
  if (term === undefined) return { subject: { kind: 'entity', entity: numbered(rows, code) } }
  const { until, when } = term
  return {
    subject: subjectOf(rows, term),
    ...(until === Number.POSITIVE_INFINITY ? {} : { until }),
    ...(when === undefined ? {} : { when }),
  }
}

function subjectOf(rows: Rows, { kind, entity, role, type }: TermFact): Subject {
  switch (kind) {
    case 'entity':
      return { kind, entity: numbered(rows, entity) }
    case 'holders':
      return { kind, entity: numbered(rows, entity), role }
    case 'any':
      return { kind, type: rows.types[type]?.name ?? '' }
  }
}

export function numbered(rows: Rows, number: number): Entity {
  const { name } = typeOf(rows, number)
  const key = keyOf(rows, number)
  return { kind: 'entity', type: name, id: key.slice(name.length + 1), key }
}
