import { grown } from './growth.ts'

/**
 * Keys, each with the number that it has: a record is the number, then the length of the key and how wide its characters are, then
 * the characters. A text of its own for each of a million keys would take more than twice the memory, and a look at it one more wait
 * for memory.
 */
export interface KeyRecords {
  cells: Int32Array
  /** The same memory. */
  bytes: Uint8Array
  units: Uint16Array
  end: number
  /** By size, the first free record, whose first cell says where the next one is. */
  readonly free: number[]
}

/** A call takes only so many: an id is short, but not the name of a type. */
const mostArguments = 4096

export function newKeyRecords(): KeyRecords {
  // No record begins at 0, which says that there is none.
  return { ...viewsOf(new Int32Array(64)), end: 1, free: [] }
}

function viewsOf(cells: Int32Array): Pick<KeyRecords, 'cells' | 'bytes' | 'units'> {
  return { cells, bytes: new Uint8Array(cells.buffer), units: new Uint16Array(cells.buffer) }
}

/** Where the new record is. */
export function addRecord(records: KeyRecords, key: string, number: number): number {
  const { length } = key
  const wide = isWide(key)
  const at = allocate(records, sizeOf(length, wide))
  const { cells, bytes, units } = records
  cells[at] = number
  cells[at + 1] = (length << 1) | (wide ? 1 : 0)
  if (wide) for (let i = 0, to = (at + 2) * 2; i < length; i++) units[to + i] = key.charCodeAt(i)
  else for (let i = 0, to = (at + 2) * 4; i < length; i++) bytes[to + i] = key.charCodeAt(i)
  return at
}

export function freeRecord({ cells, free }: KeyRecords, at: number): void {
  const header = cells[at + 1] ?? 0
  const size = sizeOf(header >>> 1, (header & 1) === 1)
  while (free.length <= size) free.push(0)
  cells[at] = free[size] ?? 0
  free[size] = at
}

export function isRecordOf({ cells, bytes, units }: KeyRecords, at: number, key: string): boolean {
  const { length } = key
  const header = cells[at + 1] ?? 0
  if (header >>> 1 !== length) return false
  if ((header & 1) === 0) {
    for (let i = 0, from = (at + 2) * 4; i < length; i++) if (bytes[from + i] !== key.charCodeAt(i)) return false
  } else for (let i = 0, from = (at + 2) * 2; i < length; i++) if (units[from + i] !== key.charCodeAt(i)) return false
  return true
}

export function keyIn({ cells, bytes, units }: KeyRecords, at: number): string {
  const header = cells[at + 1] ?? 0
  const isNarrow = (header & 1) === 0
  const from = (at + 2) * (isNarrow ? 4 : 2)
  const end = from + (header >>> 1)
  let key = ''
  for (let start = from; start < end; start += mostArguments)
    key += String.fromCharCode(...(isNarrow ? bytes : units).subarray(start, Math.min(start + mostArguments, end)))
  return key
}

/** Some character takes two bytes. */
function isWide(key: string): boolean {
  for (let i = 0; i < key.length; i++) if (key.charCodeAt(i) > 255) return true
  return false
}

/** In cells. */
function sizeOf(length: number, wide: boolean): number {
  return 2 + (wide ? (length + 1) >>> 1 : (length + 3) >>> 2)
}

function allocate(records: KeyRecords, size: number): number {
  const { free } = records
  const found = free[size] ?? 0
  if (found !== 0) {
    free[size] = records.cells[found] ?? 0
    return found
  }
  const at = records.end
  records.end += size
  const { length } = records.cells
  if (records.end > length) {
    const cells = new Int32Array(Math.max(records.end, grown(length)))
    cells.set(records.cells)
    Object.assign(records, viewsOf(cells))
  }
  return at
}
