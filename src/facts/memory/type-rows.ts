import type { TypeSchema } from '../schema.ts'
import type { TypeTable } from '../table.ts'
import type { AttributeRows } from './attribute-rows.ts'
import { bytes, type CellKind, type Cells, type Column, doubles, ints, newColumn, place, values } from './column.ts'
import { grown } from './growth.ts'
import type { Ended } from './journal.ts'
import type { Lists } from './lists.ts'
import type { RelationRows } from './relation-rows.ts'

/** What is kept of the entities of a type, by local number. */
export interface TypeRows extends TypeTable, Ended {
  readonly number: number
  readonly schema: TypeSchema | undefined
  certain: Uint8Array
  /** How long all columns are; `end` is how many locals have been handed out. */
  capacity: number
  /** Locals that can be handed out again. */
  readonly freed: number[]
  readonly columns: Column<Cells>[]
  /** Where the record of the key is; 0 of a local that is nobody's, or a request's. */
  readonly keys: Column<Int32Array>
  /** How many facts that never end mention the entity, and records are kept of it. */
  readonly lasting: Column<Int32Array>
  /** How many facts that end mention it. */
  readonly ending: Column<Int32Array>
  /** When the last of those ends. */
  readonly ends: Column<Float64Array>
  readonly marks: Column<Uint8Array>
  readonly certainty: Column<Uint8Array>
  /** Names of attributes that the entity has though its type does not declare them. */
  readonly undeclared: Column<unknown[]>
  readonly relations: Map<string, RelationRows>
  /** That of `in`. */
  containment: RelationRows | undefined
  readonly attributes: Map<string, AttributeRows>
  /** Lists of objects by subjects of this type. */
  readonly pointing: { readonly relation: RelationRows; readonly lists: Lists }[]
  /** Empty cells that columns share while nothing is in them. */
  readonly blanks: Map<CellKind<Cells>, Cells>
}

/** Bits of `marks`. */
export const recorded = 1
export const recordedByPolicy = 2

export function newTypeRows(number: number, name: string, schema: TypeSchema | undefined): TypeRows {
  const blanks = new Map<CellKind<Cells>, Cells>()
  const columns: Column<Cells>[] = []
  const certain = bytes.make(0)
  const own = <C extends Cells>(kind: CellKind<C>, show?: (cells: C) => void): Column<C> =>
    addColumn({ columns, blanks, capacity: 0 }, kind, show)
  const type: TypeRows = {
    number,
    name,
    schema,
    certain,
    capacity: 0,
    end: 0,
    freed: [],
    columns,
    keys: own(ints),
    lasting: own(ints),
    ending: own(ints),
    ends: own(doubles),
    marks: own(bytes),
    certainty: own(bytes, (cells) => {
      type.certain = cells
    }),
    undeclared: own(values),
    relations: new Map(),
    containment: undefined,
    attributes: new Map(),
    pointing: [],
    blanks,
  }
  return type
}

/** A column that grows with the type. */
export function addColumn<C extends Cells>(
  type: Pick<TypeRows, 'columns' | 'blanks' | 'capacity'>,
  kind: CellKind<C>,
  show?: (cells: C) => void,
): Column<C> {
  const cells = kind.sparse ? kind.make(type.capacity) : (blank(type, kind as CellKind<Cells>) as C)
  const column = newColumn(kind, cells, !kind.sparse, show)
  type.columns.push(column as unknown as Column<Cells>)
  return column
}

function blank({ blanks, capacity }: Pick<TypeRows, 'blanks' | 'capacity'>, kind: CellKind<Cells>): Cells {
  const found = blanks.get(kind)
  if (found !== undefined) return found
  const made = kind.make(capacity)
  blanks.set(kind, made)
  return made
}

/** Makes room for so many entities at least. */
export function growType(type: TypeRows, length: number): void {
  type.capacity = Math.max(length, grown(type.capacity), 8)
  type.blanks.clear()
  for (const column of type.columns) {
    place(column, column.shared ? blank(type, column.kind) : column.kind.resized(column.cells, type.capacity))
  }
}
