import type { Entity } from '../value/value.ts'
import type { GivenFact } from './given.ts'
import { sameTerms } from './same-fact.ts'
import { type Fact, type Facts, globalObject, type Mention } from './store.ts'
import { subjectKey } from './subject.ts'

/** The facts that come with one request, and are looked at as they are. */
export interface RequestFacts {
  readonly facts: Facts
  readonly given: readonly GivenFact[]
  /** Without an object: of a global role. A fact that is there already changes nothing. */
  add(object: Entity | undefined, relation: string, fact: Fact): void
  /** Something is said of the entity, if only that a field of it is empty. */
  record(entity: Entity): void
}

interface Mentioned {
  readonly entity: Entity
  /** Of the facts that mention it, in whatever place, when the last one ends. */
  last: number
}

interface List {
  readonly all: Fact[]
  readonly bySubject: Map<string, Fact[]>
}

const none: readonly never[] = Object.freeze([])

export function requestFacts(): RequestFacts {
  const given: GivenFact[] = []
  const lists = new Map<string, List>()
  const entities = new Map<string, Mentioned>()
  /** By the entity of the subject, or everyone of a type. */
  const mentions = new Map<string, Mention[]>()
  const found = (key: string, relation: string) => lists.get(listKey(key, relation))

  function mentioned(entity: Entity, last: number): void {
    const one = entities.get(entity.key) ?? { entity, last }
    entities.set(entity.key, one)
    one.last = Math.max(one.last, last)
  }

  function add(object: Entity | undefined, relation: string, fact: Fact): void {
    const key = object?.key ?? globalObject
    const list: List = found(key, relation) ?? { all: [], bySubject: new Map() }
    const same = list.bySubject.get(subjectKey(fact.subject)) ?? []
    if (same.some((other) => sameTerms(other, fact))) return
    lists.set(listKey(key, relation), list)
    list.bySubject.set(subjectKey(fact.subject), same)
    same.push(fact)
    list.all.push(fact)
    given.push({ object, relation, fact })
    const last = fact.until ?? Number.POSITIVE_INFINITY
    if (object !== undefined) mentioned(object, last)
    if (fact.subject.kind !== 'any') mentioned(fact.subject.entity, last)
    const subject = fact.subject.kind === 'any' ? subjectKey(fact.subject) : fact.subject.entity.key
    const pointing = mentions.get(subject) ?? []
    mentions.set(subject, pointing)
    pointing.push({ object: key, relation, fact })
  }

  return {
    given,
    add,
    record: (entity) => mentioned(entity, Number.POSITIVE_INFINITY),
    facts: {
      known: (key, now = Number.NEGATIVE_INFINITY) => {
        const one = entities.get(key)
        return one !== undefined && (one.last === Number.POSITIVE_INFINITY || now < one.last)
      },
      facts: (key, relation) => found(key, relation)?.all ?? none,
      direct: (key, relation, subject) => found(key, relation)?.bySubject.get(subject) ?? none,
      indirect: (key, relation) => found(key, relation)?.all.filter(({ subject }) => subject.kind !== 'entity') ?? none,
      mentions: (subject, relation, type) =>
        (mentions.get(subject) ?? none).filter(
          (one) =>
            (relation === undefined || one.relation === relation) &&
            (type === undefined || typeOf(one.object) === type),
        ),
      attribute: () => undefined,
      entities: (type) => [...entities.values()].map(({ entity }) => entity).filter((entity) => entity.type === type),
    },
  }
}

/** Of a key; of the global object there is none. */
function typeOf(key: string): string {
  return key.slice(0, Math.max(key.indexOf(':'), 0))
}

/** A relation's name has no space in it. */
function listKey(key: string, relation: string): string {
  return `${relation} ${key}`
}
