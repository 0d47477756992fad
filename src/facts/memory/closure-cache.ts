/** What entities are in, as long as containment does not change. */
export interface Closures {
  /** Of containment. */
  version: number
  /**
   * By type number and local, where in `list` the entity's containers are; 0: not remembered. `~place` where they are good only for
   * some time.
   */
  readonly places: (Int32Array | undefined)[]
  readonly entities: number[]
  /**
   * How many there are; two words of a filter, of whose 64 bits each container sets the one that its last six bits say; then the
   * containers, ascending.
   */
  list: Int32Array
  end: number
  /** By place, from when the answer is good, and until when: the last expiry that lies behind it, and the first that lies before. */
  readonly spans: Map<number, Span>
}

export interface Span {
  readonly since: number
  readonly until: number
}

export const headerLength = 3

export function newClosures(): Closures {
  // No answer is at 0, which says that there is none.
  return { version: 0, places: [], entities: [], list: new Int32Array(0), end: 1, spans: new Map() }
}

/** Up to how many containers a search from the first to the last is the fastest. */
const few = 8

/** The entity whose answer is at this place is in the container. */
export function isListed(list: Int32Array, place: number, container: number): boolean {
  // Most that it is not in are told by one bit.
  if ((((list[place + 1 + ((container >>> 5) & 1)] ?? 0) >>> (container & 31)) & 1) === 0) return false
  const from = place + headerLength
  const to = from + (list[place] ?? 0)
  if (to - from > few) return isAmong(list, from, to, container)
  for (let i = from; i < to; i++) if (list[i] === container) return true
  return false
}

/** One of `sorted[from]` up to `sorted[to - 1]`, ascending. */
export function isAmong(sorted: Int32Array, from: number, to: number, wanted: number): boolean {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return low < to && sorted[low] === wanted
}

/** Writes an answer at the end of the list, which has room for it. */
export function append(closures: Closures, containers: Int32Array): number {
  const { list, end: place } = closures
  list[place] = containers.length
  list[place + 1] = 0
  list[place + 2] = 0
  list.set(containers, place + headerLength)
  for (const container of containers) {
    const word = place + 1 + ((container >>> 5) & 1)
    list[word] = (list[word] ?? 0) | (1 << (container & 31))
  }
  closures.end += headerLength + containers.length
  return place
}
