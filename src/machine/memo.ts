import type { Ent } from '../facts/table.ts'
import { exhausted } from '../runtime/budget.ts'
import type { Truth } from './doubt.ts'
import { type Body, begun, type Entry, grown, newEntry, reset, shown, widened } from './memo-entry.ts'

/** What is known so far of the atoms that a decision has looked into. */
export interface Memo {
  /** The truth of an atom: the least fixpoint of all that it depends on. `component`: of the predicates that depend on each other. */
  truthOf(body: Body, component: number, entity: Ent | undefined, subject: Ent): Truth
}

/** The atoms of one component of predicates that one of them has led to, until all of them are settled. */
interface Fixpoint {
  readonly component: number
  /** What is worked out of atoms that may depend on their own opposite; undefined where none does. */
  side: Side | undefined
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

/** One end of the intervals, the other being held: the least set of atoms for which it is true. */
type Side = 'low' | 'high'

/** Thrown to leave bodies that wait for an atom which has to be settled first, and lies too deep. */
class TooDeep {
  readonly entry: Entry

  constructor(entry: Entry) {
    this.entry = entry
  }
}

/**
 * Truth is ordered false, error, true. Where a component of the predicates has no recursion through a negation, every body in it is
 * monotone. So it is solved by itself, from false, and an atom is looked into again when one that it has read has grown,
 * which happens to each twice at most; what lies in other components, which may be read under a `not`, is settled before it is read.
 * A component with a negative number may have such recursion, and is solved by the alternating fixpoint of the normative text: a body
 * is evaluated on intervals, of which the low end depends on low ends under no negation and on high ends under one.
 */
export function newMemo(r: { turn: number; atoms: number; readonly tracing: boolean }): Memo {
  const entries = new Map<Body, Map<Ent | undefined, Map<Ent, Entry>>>()
  let current: Fixpoint | undefined
  let depth = 0
  let repeats = r.atoms * maxRepeats

  function entryOf(body: Body, component: number, entity: Ent | undefined, subject: Ent): Entry {
    const bySubject = within(within(entries, body), entity)
    let entry = bySubject.get(subject)
    if (entry === undefined) {
      entry = newEntry(body, component, entity, subject)
      bySubject.set(subject, entry)
    }
    return entry
  }

  function evaluate(entry: Entry, of: Fixpoint): void {
    if (entry.state === 'new') {
      of.reached.push(entry)
      r.atoms -= 1
      if (of.side !== undefined) begun(entry, of.side)
    } else repeats -= 1
    if (r.atoms < 0 || repeats < 0) throw exhausted
    const truth = evaluated(entry, of)
    if (of.side !== undefined) {
      if (widened(entry, of.side, truth)) for (const one of entry.readers) wait(one, of.again)
    } else if (grown(entry, truth)) for (const one of entry.readers) if (one.truth !== true) wait(one, of.again)
  }

  function evaluated(entry: Entry, of: Fixpoint): Truth {
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
    return truth
  }

  function wait(entry: Entry, list: Entry[]): void {
    if (entry.isWaiting) return
    entry.isWaiting = true
    list.push(entry)
  }

  /** Evaluates until nothing waits. */
  function settle(of: Fixpoint): void {
    // No `shift`: it would take as long as the list is.
    for (let i = 0; ; ) {
      const entry = of.fresh.pop() ?? of.again[i++]
      if (entry === undefined) break
      entry.isWaiting = false
      evaluate(entry, of)
    }
    of.again.length = 0
  }

  /** The low ends that follow from the high ones, the high ones that follow from those, until neither changes. */
  function alternate(of: Fixpoint): void {
    for (let changed = true; changed; ) {
      changed = false
      for (const side of ['low', 'high'] as const) {
        const before = of.reached.map((entry) => entry[side])
        of.side = side
        for (const entry of of.reached) {
          entry[side] = false
          entry.readers = []
          shown(entry)
          wait(entry, of.again)
        }
        settle(of)
        // An atom that is met for the first time is a change: what its readers make of its other end is not known yet.
        if (of.reached.some((entry, i) => entry[side] !== before[i])) changed = true
      }
    }
    of.side = undefined
    if (!r.tracing) return
    for (const entry of of.reached) if (typeof entry.truth === 'object') grown(entry, evaluated(entry, of))
  }

  /** Solves what the root leads to in its component. */
  function solve(root: Entry): Truth {
    const outer = current
    const isMixed = root.component < 0
    const of: Fixpoint = {
      ...{ component: root.component, reached: [], fresh: [root], again: [], reader: undefined },
      side: isMixed ? 'low' : undefined,
    }
    current = of
    root.isWaiting = true
    try {
      settle(of)
      if (isMixed) alternate(of)
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

/** The truth of an atom, remembered for the rest of the decision. */
export function recalled(
  r: { memo: Memo | undefined; turn: number; atoms: number; readonly tracing: boolean },
  body: Body,
  component: number,
  entity: Ent | undefined,
  subject: Ent,
): Truth {
  r.memo ??= newMemo(r)
  return r.memo.truthOf(body, component, entity, subject)
}

function within<K, V extends Map<unknown, unknown>>(map: Map<K, V>, key: K): V {
  let found = map.get(key)
  if (found === undefined) {
    found = new Map() as V
    map.set(key, found)
  }
  return found
}
