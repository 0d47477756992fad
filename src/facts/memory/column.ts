import { grown } from './growth.ts'
import { type Celled, type History, type Journal, keep } from './journal.ts'

export type Cells = Int32Array | Float64Array | Uint8Array | unknown[]

/** How cells are made, and made more. */
export interface CellKind<C extends Cells> {
  make(length: number): C
  resized(cells: C, length: number): C
  /** Mostly empty, and then as small as what is in it: never copied. */
  readonly sparse: boolean
}

/** One cell for each entity of a type, or for each of something else that is counted. */
export interface Column<C extends Cells> extends Celled {
  readonly kind: CellKind<C>
  cells: C
  /** The cells are all empty and those of others as well: to be copied before the first write. */
  shared: boolean
  /** Of the journal that `noted` counts for. */
  epoch: number
  /** How many cells that journal has; -1: all of them at once. */
  noted: number
  /** Called with the cells whenever they have become others. */
  show(cells: C): void
}

export const ints: CellKind<Int32Array> = {
  make: (length) => new Int32Array(length),
  resized: (cells, length) => {
    const more = new Int32Array(length)
    more.set(cells)
    return more
  },
  sparse: false,
}

export const bytes: CellKind<Uint8Array> = {
  make: (length) => new Uint8Array(length),
  resized: (cells, length) => {
    const more = new Uint8Array(length)
    more.set(cells)
    return more
  },
  sparse: false,
}

export const doubles: CellKind<Float64Array> = {
  make: (length) => new Float64Array(length),
  resized: (cells, length) => {
    const more = new Float64Array(length)
    more.set(cells)
    return more
  },
  sparse: false,
}

export const values: CellKind<unknown[]> = {
  make: (length) => new Array<unknown>(length).fill(undefined),
  resized: (cells, length) => {
    const more = cells.slice()
    while (more.length < length) more.push(undefined)
    return more
  },
  sparse: false,
}

export const sparseValues: CellKind<unknown[]> = {
  make: (length) => sparseValues.resized([], length),
  resized: (cells, length) => {
    cells.length = length
    return cells
  },
  sparse: true,
}

export function newColumn<C extends Cells>(
  kind: CellKind<C>,
  cells: C,
  shared: boolean,
  show: (cells: C) => void = () => undefined,
): Column<C> {
  const column: Column<C> = {
    kind,
    cells,
    shared,
    epoch: 0,
    noted: 0,
    show,
    exchange: (value) => {
      const now = column.cells
      const before = value as C
      // There may have come more entities since.
      place(column, before.length < now.length ? kind.resized(before, now.length) : before)
      return now
    },
  }
  return column
}

export function place<C extends Cells>(column: Column<C>, cells: C): void {
  column.cells = cells
  column.show(cells)
}

/** Before the first write. */
export function own<C extends Cells>(column: Column<C>): void {
  column.shared = false
  place(column, column.kind.make(column.cells.length))
}

/** Room for so many cells, where it is not as with a type that all columns grow together. */
export function ensure<C extends Cells>(column: Column<C>, length: number): void {
  if (column.cells.length >= length) return
  place(column, column.kind.resized(column.cells, Math.max(length, grown(column.cells.length), 8)))
}

export function setInt(history: History, column: Column<Int32Array>, index: number, value: number): void {
  if (column.shared) own(column)
  if (history.journal !== undefined) note(history.journal, column, index)
  column.cells[index] = value
}

export function setCell<C extends Cells>(history: History, column: Column<C>, index: number, value: C[number]): void {
  if (column.shared) own(column)
  if (history.journal !== undefined) note(history.journal, column, index)
  column.cells[index] = value
}

/**
 * Puts a cell into the journal, before it is written. Of a column that is written to all over, the whole is put aside and a copy
 * written to, so that a journal is never much larger than the table.
 */
function note<C extends Cells>(journal: Journal, column: Column<C>, index: number): void {
  if (column.epoch !== journal.epoch) {
    column.epoch = journal.epoch
    column.noted = 0
  }
  if (column.noted === -1) return
  if (!journal.passing && !column.kind.sparse && column.noted * 8 >= column.cells.length) {
    keepWhole(journal, column)
    return
  }
  keep(journal, column, index, column.cells[index])
  column.noted += 1
}

/** Puts all cells into the journal; the column goes on with a copy. */
export function keepWhole<C extends Cells>(journal: Journal, column: Column<C>): void {
  if (column.epoch === journal.epoch && column.noted === -1) return
  keep(journal, column, -1, column.cells)
  column.epoch = journal.epoch
  column.noted = -1
  place(column, column.kind.resized(column.cells, column.cells.length))
}
