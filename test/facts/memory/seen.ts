import { containers } from '../../../src/facts/containment.ts'
import type { Fact, Facts } from '../../../src/facts/store.ts'
import { subjectKey } from '../../../src/facts/subject.ts'
import type { Relation, Table, TermFact } from '../../../src/facts/table.ts'
import { entity } from '../../../src/value/entity.ts'
import { type Naive, naiveAttribute, naiveContainers, naiveKnown, naiveMentions } from './naive.ts'

/** Everything that can be asked about. */
const keys: readonly string[] = [
  ...['0', '1', '2', '3'].map((id) => `User:${id}`),
  ...['a', 'b', 'c'].map((id) => `Group:${id}`),
  ...['0', '1', '2'].map((id) => `Doc:${id}`),
  'Team:core',
  'Org:o',
]
const relationsOf: Readonly<Record<string, readonly string[]>> = {
  '': ['employee', 'onCall'],
  User: ['in', 'manager'],
  Group: ['in'],
  Team: ['member'],
  Doc: ['writer', 'reader', 'visitor', 'guest', 'owner', 'session', 'org', 'reviewers'],
}
const attributes: readonly string[] = ['email', 'clearance', 'title', 'undeclared']
const times: readonly number[] = [0, 3, 5, 7, Number.POSITIVE_INFINITY]

const typeOf = (key: string) => key.slice(0, Math.max(key.indexOf(':'), 0))
const pairs = ['', ...keys].flatMap((key) =>
  (relationsOf[typeOf(key)] ?? []).map((relation) => [key, relation] as const),
)

/** What the facts and the records come to, however they are asked. */
export interface Seen {
  readonly facts: readonly string[]
  readonly known: readonly string[]
  readonly attributes: readonly string[]
  readonly within: readonly string[]
}

/** In any order, each once. */
function sorted(lines: readonly string[]): readonly string[] {
  return [...new Set(lines)].sort()
}

function line(key: string, relation: string, subject: string, until?: number, conditional?: boolean): string {
  return `${key}.${relation}=${subject} ${until ?? ''}${conditional ? ' if' : ''}`
}

function shown(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}n` : part)) ?? ''
}

function seen(
  facts: readonly string[],
  known: (key: string, now: number) => boolean,
  attribute: (key: string, name: string) => unknown,
  within: (key: string, now: number) => Iterable<string>,
): Seen {
  return {
    facts: sorted(facts),
    known: keys.flatMap((key) => times.filter((now) => known(key, now)).map((now) => `${key} ${now}`)),
    attributes: keys.flatMap((key) => attributes.map((name) => `${key}.${name}=${shown(attribute(key, name))}`)),
    within: keys.flatMap((key) => times.map((now) => `${key} ${now}: ${[...within(key, now)].sort().join()}`)),
  }
}

export function seenNaively(state: Naive): Seen {
  return seen(
    state.facts.map(({ object, relation, subject, until, when }) =>
      line(object, relation, subject, until, when !== undefined),
    ),
    (key, now) => naiveKnown(state, key, now),
    (key, name) => naiveAttribute(state, key, name),
    (key, now) => naiveContainers(state, key, now),
  )
}

function factLine(key: string, relation: string, { subject, until, when }: Fact): string {
  return line(key, relation, subjectKey(subject), until, when !== undefined)
}

export function seenByFacts(facts: Facts): Seen {
  return seen(
    pairs.flatMap(([key, relation]) => facts.facts(key, relation).map((fact) => factLine(key, relation, fact))),
    (key, now) => facts.known(key, now),
    (key, name) => facts.attribute(key, name),
    (key, now) => containers(facts, entity(typeOf(key), key.slice(typeOf(key).length + 1)), now).entities.keys(),
  )
}

/** What the other ways to ask find: by subject, by kind of subject, by type. */
export function foundByFacts(facts: Facts): readonly (readonly string[])[] {
  return [
    sorted(
      pairs.flatMap(([key, relation]) =>
        keys.flatMap((subject) => facts.direct(key, relation, subject).map((fact) => factLine(key, relation, fact))),
      ),
    ),
    sorted(
      pairs.flatMap(([key, relation]) => facts.indirect(key, relation).map((fact) => factLine(key, relation, fact))),
    ),
    keys.flatMap((key) =>
      [...facts.mentions(key)].map(({ object, relation, fact }) => factLine(object, relation, fact)).sort(),
    ),
    Object.keys(relationsOf).flatMap((type) => [...facts.entities(type)].map(({ key }) => key).sort()),
    keys.filter((key) => facts.known(key)),
  ]
}

export function foundNaively(state: Naive): readonly (readonly string[])[] {
  const shown = (facts: Naive['facts']) =>
    facts.map(({ object, relation, subject, until, when }) =>
      line(object, relation, subject, until, when !== undefined),
    )
  const plain = (subject: string) => !subject.startsWith('#') && !subject.startsWith('*')
  return [
    sorted(shown(state.facts.filter(({ subject }) => plain(subject)))),
    sorted(shown(state.facts.filter(({ subject }) => !plain(subject)))),
    keys.flatMap((key) => [...shown([...naiveMentions(state, key)])].sort()),
    Object.keys(relationsOf).flatMap((type) =>
      keys.filter((key) => typeOf(key) === type && naiveKnown(state, key)).sort(),
    ),
    keys.filter((key) => naiveKnown(state, key)),
  ]
}

export function codes({ head, pool }: Pick<Relation, 'head' | 'pool'>, local: number): readonly number[] {
  const at = head[local] ?? 0
  if (at <= 0) return at === 0 ? [] : [~at]
  return [...pool.subarray(at + 1, at + 1 + (pool[at] ?? 0))]
}

function relationOf(table: Table, key: string, name: string): Relation {
  return key === '' ? table.globalRelation(name) : table.relation(table.typeNumber(typeOf(key)) ?? -1, name)
}

export function seenByTable(table: Table): Seen {
  const subject = ({ kind, entity, role, type }: TermFact): string =>
    kind === 'entity'
      ? table.keyOf(entity)
      : kind === 'holders'
        ? `#${role}:${table.keyOf(entity)}`
        : `*${table.types[type]?.name}`
  const facts = pairs.flatMap(([key, name]) => {
    const number = key === '' ? 0 : table.ids.get(key)
    if (number === undefined) return []
    const relation = relationOf(table, key, name)
    return codes(relation, number & table.localMask).map((code) => {
      const term = code < 0 ? relation.terms[~code] : undefined
      if (term === undefined) return line(key, name, table.keyOf(code))
      const until = term.until === Number.POSITIVE_INFINITY ? undefined : term.until
      return line(key, name, subject(term), until, term.when !== undefined)
    })
  })
  const numbered = <T>(key: string, otherwise: T, ask: (number: number) => T): T => {
    const number = table.ids.get(key)
    return number === undefined ? otherwise : ask(number)
  }
  return seen(
    facts,
    (key, now) => numbered(key, false, (number) => table.known(number, now)),
    (key, name) =>
      numbered(key, undefined, (number) => {
        return table.attribute(number >>> table.localBits, name).values[number & table.localMask]
      }),
    (key, now) =>
      numbered(key, [key], (number) => keys.filter((other) => other === key || isWithin(table, number, other, now))),
  )
}

function isWithin(table: Table, number: number, other: string, now: number): boolean {
  const container = table.ids.get(other)
  return container !== undefined && table.isWithin(number, container, now)
}

/** The table cell by cell, without the empty ones at the ends, of which there may have come more. */
export function cellsOf(table: Table): unknown {
  const trimmed = (cells: Iterable<unknown>) => {
    const all = [...cells]
    while (all.length > 0 && (all.at(-1) === 0 || all.at(-1) === undefined)) all.pop()
    return all
  }
  const types = [...table.types.keys()].slice(1)
  const relations = types.flatMap((type) =>
    (relationsOf[table.types[type]?.name ?? ''] ?? []).map((name) => table.relation(type, name)),
  )
  const lists = [...relations, ...(relationsOf[''] ?? []).map((name) => table.globalRelation(name))].flatMap(
    (relation) => [relation, ...[...relation.reverse].sort(([a], [b]) => a - b).map(([, lists]) => lists)],
  )
  return {
    ids: [...table.ids].sort(),
    keys: Array.from(table.ids, ([, number]) => number)
      .sort((a, b) => a - b)
      .map((number) => table.keyOf(number)),
    certain: table.types.map(({ certain }) => trimmed(certain)),
    heads: lists.map(({ head }) => trimmed(head)),
    codes: lists.map((list) => Array.from(trimmed(list.head), (_, local) => codes(list, local))),
    terms: relations.map(({ terms }) => trimmed(terms)),
    attributes: types.flatMap((type) => attributes.map((name) => trimmed(table.attribute(type, name).values))),
    expiring: table.expiring,
  }
}
