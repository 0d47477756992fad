/** What entities are in, as long as containment does not change, at the times that each answer is good for. */
export interface Closures {
  /** Of containment. */
  version: number
  /** By type number and local, one more than the place of the entity in what follows; 0: not remembered. */
  readonly places: (Int32Array | undefined)[]
  readonly entities: number[]
  readonly from: number[]
  readonly to: number[]
  /** From when the answer is good, and until when: the last expiry that lies behind it, and the first that lies before. */
  readonly since: number[]
  readonly until: number[]
  list: Int32Array
  end: number
}

export function newClosures(): Closures {
  return {
    version: 0,
    places: [],
    entities: [],
    from: [],
    to: [],
    since: [],
    until: [],
    list: new Int32Array(0),
    end: 0,
  }
}
