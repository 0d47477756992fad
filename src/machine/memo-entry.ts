import type { Ent } from '../facts/table.ts'
import { Doubt, erring, highOf, lowOf, open, type Truth } from './doubt.ts'

/** The body of an atom: whether the subject holds a role or permission on an entity, or globally. */
export type Body = (entity: Ent | undefined, subject: Ent) => Truth

/** An atom that has been looked into, or is to be. */
export interface Entry {
  readonly body: Body
  readonly component: number
  readonly entity: Ent | undefined
  readonly subject: Ent
  truth: Truth
  /** The ends of its interval, while it may still depend on its own opposite. */
  low: boolean
  high: boolean
  state: 'new' | 'running' | 'open' | 'settled'
  /** In one of the lists of its fixpoint. */
  isWaiting: boolean
  /** Those that have read it before it was settled. */
  readers: Entry[]
  /** Stands for its error, whatever that turns out to be made of. */
  doubt: Doubt | undefined
}

export function newEntry(body: Body, component: number, entity: Ent | undefined, subject: Ent): Entry {
  return {
    body,
    component,
    entity,
    subject,
    truth: false,
    low: false,
    high: false,
    state: 'new',
    isWaiting: false,
    readers: [],
    doubt: undefined,
  }
}

/** Gives the entry its truth, and says whether it has grown. */
export function grown(entry: Entry, truth: Truth): boolean {
  const before = entry.truth
  if (typeof truth !== 'object' || truth.low) {
    entry.truth = truth
    return truth !== before
  }
  const isFirst = entry.doubt === undefined
  entry.doubt ??= new Doubt(false, [])
  entry.doubt.from.splice(0, entry.doubt.from.length, ...(truth === entry.doubt ? [] : [truth]))
  entry.truth = entry.doubt
  return isFirst
}

/** Bounds that are surely right: that of the side in work grows from nothing, the other is everything if it is the upper. */
export function begun(entry: Entry, side: 'low' | 'high'): void {
  entry.low = false
  entry.high = side === 'low'
  shown(entry)
}

/** Raises one end of the interval, and says whether that is new. */
export function widened(entry: Entry, side: 'low' | 'high', truth: Truth): boolean {
  const holds = side === 'low' ? lowOf(truth) : highOf(truth)
  if (!holds || entry[side]) return false
  entry[side] = true
  shown(entry)
  return true
}

/** Gives the entry the truth that its interval is. */
export function shown(entry: Entry): void {
  const { low, high } = entry
  if (low === high) entry.truth = low
  else if (low) entry.truth = open
  // With something in it: nobody takes it for a doubt of which nothing is to be told.
  else entry.truth = entry.doubt ??= new Doubt(false, [erring])
}

/** As if it had not been reached. */
export function reset(entry: Entry): void {
  entry.truth = false
  entry.low = false
  entry.high = false
  entry.state = 'new'
  entry.isWaiting = false
  entry.readers = []
  entry.doubt = undefined
}
