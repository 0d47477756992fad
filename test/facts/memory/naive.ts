import type { EntityInput, FactInput } from '../../../src/facts/fact.ts'

/** A fact as text; `fixed`: the policy says it, `added`: it came through the interface. */
export interface NaiveFact {
  readonly object: string
  readonly relation: string
  /** `User:1`, `#member:Team:core` or `*User`. */
  readonly subject: string
  readonly until: number | undefined
  readonly when: string | undefined
  fixed: boolean
  added: boolean
}

interface NaiveRecord {
  fixed: boolean
  added: boolean
  readonly attributes: Map<string, { fixed?: unknown; added?: unknown }>
}

/** What a store holds, as a list of facts and a table of records, without any thought of speed. */
export interface Naive {
  facts: NaiveFact[]
  readonly records: Map<string, NaiveRecord>
}

const single: readonly string[] = ['manager', 'owner', 'session', 'org']
const relations: readonly string[] = ['in', 'manager', 'owner', 'session', 'org', 'reviewers']

export function naive(): Naive {
  return { facts: [], records: new Map() }
}

export function copyOf({ facts, records }: Naive): Naive {
  return {
    facts: facts.map((fact) => ({ ...fact })),
    records: new Map(
      [...records].map(([key, { fixed, added, attributes }]) => [
        key,
        { fixed, added, attributes: new Map([...attributes].map(([name, value]) => [name, { ...value }])) },
      ]),
    ),
  }
}

function subjectText(subject: FactInput['subject']): string {
  if (typeof subject === 'string') return subject
  if ('any' in subject) return `*${subject.any}`
  if ('role' in subject) return `#${subject.role}:${subject.entity}`
  return `${subject.type}:${subject.id}`
}

/** The entity that a subject mentions. */
function mentioned(subject: string): string | undefined {
  if (subject.startsWith('*')) return undefined
  return subject.startsWith('#') ? subject.slice(subject.indexOf(':') + 1) : subject
}

function naiveFact({ object, relation, subject, until, when }: FactInput): NaiveFact {
  return {
    object: (object as string | undefined) ?? '',
    relation,
    subject: subjectText(subject),
    until: until as number | undefined,
    when: when === undefined ? undefined : JSON.stringify(when),
    fixed: false,
    added: true,
  }
}

function add(state: Naive, fact: NaiveFact): boolean {
  const others = state.facts.filter((one) => one.object === fact.object && one.relation === fact.relation)
  if (single.includes(fact.relation) && others.some(({ subject }) => subject !== fact.subject)) return false
  const same = others.find(
    ({ subject, until, when }) => subject === fact.subject && until === fact.until && when === fact.when,
  )
  if (same === undefined) state.facts.push(fact)
  else same.added = true
  return true
}

function takeOut(state: Naive, gone: (fact: NaiveFact) => boolean): void {
  for (const fact of state.facts) if (gone(fact)) fact.added = false
  state.facts = state.facts.filter(({ fixed, added }) => fixed || added)
}

export function naiveAdd(state: Naive, input: FactInput): boolean {
  return add(state, naiveFact(input))
}

export function naiveRemove(state: Naive, input: FactInput): void {
  const fact = naiveFact(input)
  takeOut(
    state,
    ({ object, relation, subject, until, when }) =>
      object === fact.object &&
      relation === fact.relation &&
      subject === fact.subject &&
      (fact.until === undefined || fact.until === until) &&
      (fact.when === undefined || fact.when === when),
  )
}

export function naiveDelete(state: Naive, key: string): void {
  takeOut(state, ({ object, subject }) => object === key || mentioned(subject) === key)
  const record = state.records.get(key)
  if (record === undefined) return
  record.added = false
  for (const value of record.attributes.values()) value.added = undefined
}

/** `put` replaces what came through the interface, `load` conflicts with it. */
export function naiveRecord(state: Naive, { type, id, ...given }: EntityInput, how: 'put' | 'load'): boolean {
  const key = `${type}:${id}`
  const record = state.records.get(key) ?? { fixed: false, added: false, attributes: new Map() }
  const attributes = Object.entries(given).filter(([name]) => !relations.includes(name))
  const lists = Object.entries(given).flatMap(([name, value]) =>
    relations.includes(name) ? [[name, value === null ? [] : [value].flat()] as [string, string[]]] : [],
  )
  for (const [name, value] of attributes) {
    const other = record.attributes.get(name)
    if (other?.fixed !== undefined && other.fixed !== value) {
      if (value !== null || how === 'put') return false
      // Nothing to load, but the policy says something: told as well.
      return false
    }
    if (how === 'load' && value !== null && other?.added !== undefined && other.added !== value) return false
  }
  for (const [name, subjects] of lists) {
    if (!single.includes(name)) continue
    const others = state.facts.filter(
      ({ object, relation, fixed }) => object === key && relation === name && (fixed || how === 'load'),
    )
    if (others.some((other) => subjects.some((subject) => subject !== other.subject))) return false
  }
  state.records.set(key, record)
  record.added = true
  for (const [name, value] of attributes) {
    if (value === null && how === 'load') continue
    const slot = record.attributes.get(name) ?? {}
    record.attributes.set(name, slot)
    slot.added = value ?? undefined
  }
  for (const [name, subjects] of lists) {
    if (how === 'put') takeOut(state, ({ object, relation }) => object === key && relation === name)
    for (const subject of subjects) add(state, naiveFact({ object: key, relation: name, subject }))
  }
  return true
}

/** All that is there becomes the policy's. */
export function naiveFix(state: Naive): void {
  for (const fact of state.facts) Object.assign(fact, { fixed: true, added: false })
  for (const record of state.records.values()) {
    Object.assign(record, { fixed: true, added: false })
    for (const value of record.attributes.values()) Object.assign(value, { fixed: value.added, added: undefined })
  }
}

export function naiveAttribute(state: Naive, key: string, name: string): unknown {
  const slot = state.records.get(key)?.attributes.get(name)
  return slot?.fixed ?? slot?.added
}

export function naiveKnown(state: Naive, key: string, now?: number): boolean {
  const record = state.records.get(key)
  if (record !== undefined && (record.fixed || record.added)) return true
  return state.facts.some(
    ({ object, subject, until }) =>
      (object === key || mentioned(subject) === key) &&
      key !== '' &&
      (now === undefined || until === undefined || now < until),
  )
}

export function naiveMentions(state: Naive, key: string): readonly NaiveFact[] {
  return state.facts.filter(({ subject }) => (key.startsWith('*') ? subject : mentioned(subject)) === key)
}

export function naiveContainers(state: Naive, key: string, now: number): ReadonlySet<string> {
  const reached = new Set([key])
  for (const one of reached)
    for (const { object, relation, subject, until } of state.facts)
      if (object === one && relation === 'in' && (until === undefined || now < until)) reached.add(subject)
  return reached
}
