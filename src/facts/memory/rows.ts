import type { FactSchema } from '../schema.ts'
import { type Closures, newClosures } from './closure-cache.ts'
import { type Column, doubles, ensure, newColumn, setCell, values } from './column.ts'
import { type Ids, newIds } from './ids.ts'
import type { History } from './journal.ts'
import { newKeyTable } from './key-table.ts'
import { growType, newTypeRows, type TypeRows } from './type-rows.ts'

/** All that is kept, and how entities are numbered in it. */
export interface Rows {
  readonly history: History
  readonly schema: FactSchema
  readonly localBits: number
  readonly localMask: number
  readonly ids: Ids
  /** Numbers of entities that nothing mentioned when they came in here, or that something does again: to be freed many at once. */
  idle: Set<number>
  /** Keys of what the policy names, by number: such a number is never freed. */
  readonly pins: Map<number, string>
  /** By number; 0 is that of the global object. */
  readonly types: readonly TypeRows[]
  readonly byName: ReadonlyMap<string, TypeRows>
  /** `expiring` and `containmentVersion`. */
  readonly counters: Column<Float64Array>
  /** Those that are good for the state that the rows are in. */
  closures: Closures
  /** Entities whose last end may have become earlier. */
  readonly staleEnds: Set<number>
  /** Attributes of the policy text by entity and name, each with its number among what is fixed. */
  readonly fixedAttributes: Map<number, Map<string, number>>
  /** How many facts and attributes of the policy text there are. */
  fixed: number
  /** What has also been added or put, of the facts and attributes of the policy text: true, or the value, by number. */
  readonly added: Column<unknown[]>
}

/** Places in `counters`. */
export const expiring = 0
export const containmentVersion = 1

export function newRows(schema: FactSchema): Rows {
  const types = [newTypeRows(0, '', undefined)]
  for (const [name, type] of schema.types) types.push(newTypeRows(types.length, name, type))
  const localBits = Math.clz32(types.length - 1) - 1
  const rows: Rows = {
    history: { journal: undefined, kept: undefined, epoch: 0, versions: 0, unsettled: new Set() },
    schema,
    localBits,
    localMask: 2 ** localBits - 1,
    ids: newIds(newKeyTable(types, localBits)),
    idle: new Set(),
    pins: new Map(),
    types,
    byName: new Map(types.map((type) => [type.name, type])),
    counters: newColumn(doubles, doubles.make(2), false),
    closures: newClosures(),
    staleEnds: new Set(),
    fixedAttributes: new Map(),
    fixed: 0,
    added: newColumn(values, [], false),
  }
  const [global] = types
  if (global !== undefined) {
    growType(global, 1)
    global.end = 1
  }
  return rows
}

export function typeOf({ types, localBits }: Rows, entity: number): TypeRows {
  const type = types[entity >>> localBits]
  if (type === undefined) throw new RangeError('an entity of no type')
  return type
}

export function keyOf({ ids, pins }: Rows, entity: number): string {
  return ids.lasting.keyOf(entity) ?? ids.passingKeys.get(entity) ?? pins.get(entity) ?? ''
}

/** Each change has a version of its own, so that going back to an earlier state is going back to its version. */
export function containmentChanged(rows: Rows): void {
  rows.history.versions += 1
  setCell(rows.history, rows.counters, containmentVersion, rows.history.versions)
}

export function count(rows: Rows, counter: number, by: number): void {
  setCell(rows.history, rows.counters, counter, (rows.counters.cells[counter] ?? 0) + by)
}

/** Whether what lies here came to the store through its interface, and not only from the policy text. */
export function isAdded({ added }: Rows, fixed: number | undefined): boolean {
  return fixed === undefined || added.cells[fixed] !== undefined
}

export function setAdded(rows: Rows, fixed: number, value: unknown): void {
  ensure(rows.added, fixed + 1)
  setCell(rows.history, rows.added, fixed, value)
}
