import { toPlain } from '../../value/plain.ts'
import { formatTime } from '../../value/time.ts'
import type { EntityInput, FactInput } from '../fact.ts'
import { type Fact, globalObject } from '../store.ts'
import { subjectKey } from '../subject.ts'
import { addedCodes } from './fact-rows.ts'
import type { Moments } from './moments.ts'
import { attributesOf, hasRecord } from './record-writes.ts'
import { isAdded, keyOf, type Rows, typeOf } from './rows.ts'
import { factOf, numbered } from './view.ts'

/**
 * Facts of global roles first, then entity by entity, by key; of each its record, then its facts by relation and subject. Without
 * what only the policy text says. All of it as it was when the first was asked for.
 */
export function* dumpRows(rows: Rows, moments: Moments): Iterable<FactInput | EntityInput> {
  const snapshot = moments.snapshot()
  const entities = moments.at(snapshot, () => numbersByKey(rows))
  for (const entity of entities) yield* moments.at(snapshot, () => inputsOf(rows, entity))
}

function numbersByKey({ ids }: Rows): readonly number[] {
  const keyed: (readonly [key: string, entity: number])[] = [[globalObject, 0], ...ids.lasting]
  return keyed.sort(([a], [b]) => order(a, b)).map(([, entity]) => entity)
}

function inputsOf(rows: Rows, entity: number): readonly (FactInput | EntityInput)[] {
  const inputs: (FactInput | EntityInput)[] = hasRecord(rows, entity) ? [recordOf(rows, entity)] : []
  const relations = [...typeOf(rows, entity).relations.values()].sort((a, b) => order(a.name, b.name))
  for (const relation of relations) {
    const facts = addedCodes(rows, relation, entity).map((code) => {
      const fact = factOf(rows, relation, code)
      return { fact, key: factKey(fact) }
    })
    for (const { fact } of facts.sort((a, b) => order(a.key, b.key)))
      inputs.push(factInput(keyOf(rows, entity), relation.name, fact))
  }
  return inputs
}

function recordOf(rows: Rows, entity: number): EntityInput {
  const attributes: Record<string, unknown> = Object.create(null)
  const fixed = rows.fixedAttributes.get(entity)
  const { schema } = typeOf(rows, entity)
  for (const [name, value] of [...attributesOf(rows, entity)].sort(([a], [b]) => order(a, b))) {
    const number = fixed?.get(name)
    if (isAdded(rows, number))
      attributes[name] = toPlain(
        number === undefined ? value : (rows.added.cells[number] as typeof value),
        (schema?.fields.get(name)?.type ?? schema?.open)?.kind === 'dynamic',
      )
  }
  const { type, id } = numbered(rows, entity)
  return { type, id, attributes }
}

function factInput(object: string, relation: string, fact: Fact): FactInput {
  const { subject, until, when } = fact
  return {
    ...(object === globalObject ? {} : { object }),
    relation,
    subject:
      subject.kind === 'entity'
        ? subject.entity.key
        : subject.kind === 'any'
          ? { any: subject.type }
          : { entity: subject.entity.key, role: subject.role },
    ...(until === undefined ? {} : { until: formatTime({ kind: 'datetime', milliseconds: until }) }),
    ...(when === undefined ? {} : { when: { let: when.let, args: plainArgs(when) } }),
  }
}

function plainArgs(when: NonNullable<Fact['when']>): Readonly<Record<string, unknown>> {
  const names = [...when.args.keys()].sort()
  return Object.fromEntries(names.map((name) => [name, plainArg(when.args.get(name))]))
}

function plainArg(value: Parameters<typeof toPlain>[0] | undefined): unknown {
  return value === undefined ? undefined : toPlain(value)
}

function factKey(fact: Fact): string {
  const terms = `${fact.until ?? ''} ${fact.when?.let ?? ''}`
  return `${subjectKey(fact.subject)} ${terms} ${fact.when === undefined ? '' : toText(plainArgs(fact.when))}`
}

/** Only to order by: bigints are written as text. */
function toText(args: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(args, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
