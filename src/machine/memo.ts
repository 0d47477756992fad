import type { Ent } from '../facts/table.ts'
import { exhausted } from '../runtime/budget.ts'
import { Doubt, type Truth } from './doubt.ts'

/** The body of an atom: whether the subject holds a role or permission on an entity, or globally. */
export type Body = (entity: Ent | undefined, subject: Ent) => Truth

/** What is known so far of the atoms that a decision has looked into. */
export interface Memo {
  /** The truth of an atom: the least fixpoint of all that it depends on. `component`: of the predicates that depend on each other. */
  truthOf(body: Body, component: number, entity: Ent | undefined, subject: Ent): Truth
}

interface Entry {
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

/** The atoms of one component of predicates that one of them has led to, until all of them are settled. */
interface Fixpoint {
  readonly component: number
  /** Every atom once, in the order in which they were reached. */
  readonly reached: Entry[]
  /** Not looked into yet, the deepest last. */
  readonly fresh: Entry[]
  /** To be looked into again, in turn. */
  readonly again: Entry[]
  /** The atom whose body is being evaluated. */
  reader: Entry | undefined
}

/** Beyond this nesting an atom waits: the stack is not ours. */
const maxDepth = 200

/** How often an atom is looked into again, on average. */
const maxRepeats = 16

/** Thrown to leave bodies that wait for an atom which has to be settled first, and lies too deep. */
class TooDeep {
  readonly entry: Entry

  constructor(entry: Entry) {
    this.entry = entry
  }
}

/**
 * Truth is ordered false, error, true. A policy has no recursion through negation: within a component of its predicates every body is
 * monotone. So each component is solved by itself, from false, and an atom is looked into again when one that it has read has grown,
 * which happens to each twice at most; what lies in other components, which may be read under a `not`, is settled before it is read.
 */
export function newMemo(r: { turn: number; atoms: number }): Memo {
  const entries = new Map<Body, Map<Ent | undefined, Map<Ent, Entry>>>()
  let current: Fixpoint | undefined
  let depth = 0
  let repeats = r.atoms * maxRepeats

  function entryOf(body: Body, component: number, entity: Ent | undefined, subject: Ent): Entry {
    let byEntity = entries.get(body)
    if (byEntity === undefined) entries.set(body, (byEntity = new Map()))
    let bySubject = byEntity.get(entity)
    if (bySubject === undefined) byEntity.set(entity, (bySubject = new Map()))
    let entry = bySubject.get(subject)
    if (entry === undefined) {
      entry = { body, component, entity, subject, truth: false, state: 'new', isWaiting: false, readers: [], doubt: undefined }
      bySubject.set(subject, entry)
    }
    return entry
  }

  function evaluate(entry: Entry, of: Fixpoint): void {
    if (entry.state === 'new') {
      of.reached.push(entry)
      r.atoms -= 1
    } else repeats -= 1
    if (r.atoms < 0 || repeats < 0) throw exhausted
    const { reader } = of
    entry.state = 'running'
    of.reader = entry
    depth += 1
    const truth = entry.body(entry.entity, entry.subject)
    depth -= 1
    of.reader = reader
    entry.state = 'open'
    // A part that was remembered may have been read by an atom that is looked into again.
    r.turn += 1
    if (set(entry, truth)) for (const one of entry.readers) if (one.truth !== true) wait(one, of.again)
  }

  function wait(entry: Entry, list: Entry[]): void {
    if (entry.isWaiting) return
    entry.isWaiting = true
    list.push(entry)
  }

  /** Solves what the root leads to in its component. */
  function solve(root: Entry): Truth {
    const outer = current
    const of: Fixpoint = { component: root.component, reached: [], fresh: [root], again: [], reader: undefined }
    current = of
    root.isWaiting = true
    try {
      // No `shift`: it would take as long as the list is.
      for (let i = 0; ; ) {
        const entry = of.fresh.pop() ?? of.again[i++]
        if (entry === undefined) break
        entry.isWaiting = false
        evaluate(entry, of)
      }
    } catch (reason) {
      for (const entry of [...of.reached, ...of.fresh]) reset(entry)
      throw reason
    } finally {
      current = outer
    }
    for (const entry of of.reached) {
      entry.state = 'settled'
      entry.readers = []
    }
    return root.truth
  }

  /** From the outside: nothing is running. */
  function begin(root: Entry): Truth {
    const pending = [root]
    for (let entry = pending.at(-1); entry !== undefined; entry = pending.at(-1)) {
      depth = 0
      try {
        solve(entry)
        pending.pop()
      } catch (reason) {
        if (!(reason instanceof TooDeep)) throw reason
        pending.push(reason.entry)
      }
    }
    return root.truth
  }

  function read(entry: Entry, of: Fixpoint): Truth {
    if (entry.component !== of.component) {
      if (depth >= maxDepth) throw new TooDeep(entry)
      return solve(entry)
    }
    if (entry.state === 'new') {
      if (depth < maxDepth) evaluate(entry, of)
      else wait(entry, of.fresh)
    }
    const { reader } = of
    if (reader !== undefined && entry.readers.at(-1) !== reader) entry.readers.push(reader)
    return entry.truth
  }

  return {
    truthOf: (body, component, entity, subject) => {
      const entry = entryOf(body, component, entity, subject)
      if (entry.state === 'settled') return entry.truth
      return current === undefined ? begin(entry) : read(entry, current)
    },
  }
}

/** Whether the entry has grown. */
function set(entry: Entry, truth: Truth): boolean {
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

function reset(entry: Entry): void {
  entry.truth = false
  entry.state = 'new'
  entry.isWaiting = false
  entry.readers = []
  entry.doubt = undefined
}

/** The truth of an atom, remembered for the rest of the decision. */
export function recalled(
  r: { memo: Memo | undefined; turn: number; atoms: number },
  body: Body,
  component: number,
  entity: Ent | undefined,
  subject: Ent,
): Truth {
  r.memo ??= newMemo(r)
  return r.memo.truthOf(body, component, entity, subject)
}
