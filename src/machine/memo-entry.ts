import type { Ent } from '../facts/table.ts'
import { Doubt, type Truth } from './doubt.ts'

/** The body of an atom: whether the subject holds a role or permission on an entity, or globally. */
export type Body = (entity: Ent | undefined, subject: Ent) => Truth

/** An atom that has been looked into, or is to be. */
export interface Entry {
  readonly body: Body
  readonly component: number
  readonly entity: Ent | undefined
  readonly subject: Ent
  truth: Truth
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

/** As if it had not been reached. */
export function reset(entry: Entry): void {
  entry.truth = false
  entry.state = 'new'
  entry.isWaiting = false
  entry.readers = []
  entry.doubt = undefined
}
