import type { Ent } from '../facts/table.ts'
import { exhausted } from '../runtime/budget.ts'
import { Doubt, highOf, lowOf, type Truth } from './doubt.ts'

/** The body of an atom: whether the subject holds a role or permission on an entity, or globally. */
export type Body = (entity: Ent | undefined, subject: Ent) => Truth

/** What is known so far of the atoms that a decision has looked into. */
export interface Memo {
  /** The truth of an atom: the least fixpoint of all that it depends on. */
  truthOf(body: Body, entity: Ent | undefined, subject: Ent): Truth
}

interface Entry {
  readonly body: Body
  readonly entity: Ent | undefined
  readonly subject: Ent
  truth: Truth
  /** The round in which it has been looked into last; `settled` once its truth is final. */
  round: number
  running: boolean
  /** Stands for its error, whatever that turns out to be made of. */
  readonly doubt: Doubt
}

const settled = Number.POSITIVE_INFINITY

/** Beyond this nesting an atom is put off to the next round: the stack is not ours. */
const maxDepth = 200

/**
 * Least fixpoints by rounds. Truth is ordered false, error, true, and every body is monotone in the atoms that depend on it in turn
 * (there is no recursion through negation), so that evaluating each atom once a round, from false, until nothing grows any more,
 * ends in the least solution. Without cycles one round is enough.
 */
export function newMemo(r: { turn: number; atoms: number }): Memo {
  const entries = new Map<Body, Map<Ent | undefined, Map<Ent, Entry>>>()
  /** Of the fixpoint that is being worked out, in the order in which they were reached. */
  let open: Entry[] = []
  let putOff: Entry[] = []
  let round = 0
  let depth = 0
  let isRunning = false
  /** Something has been read that may still grow. */
  let provisional = false
  let grown = false

  function entryOf(body: Body, entity: Ent | undefined, subject: Ent): Entry {
    let byEntity = entries.get(body)
    if (byEntity === undefined) entries.set(body, (byEntity = new Map()))
    let bySubject = byEntity.get(entity)
    if (bySubject === undefined) byEntity.set(entity, (bySubject = new Map()))
    let entry = bySubject.get(subject)
    if (entry === undefined) {
      const doubt = new Doubt(false, [])
      entry = { body, entity, subject, truth: false, round: 0, running: false, doubt }
      bySubject.set(subject, entry)
    }
    return entry
  }

  function evaluate(entry: Entry): void {
    r.atoms -= 1
    if (r.atoms < 0) throw exhausted
    if (entry.round === 0) open.push(entry)
    entry.round = round
    entry.running = true
    depth += 1
    const truth = entry.body(entry.entity, entry.subject)
    depth -= 1
    entry.running = false
    if (lowOf(truth) !== lowOf(entry.truth) || highOf(truth) !== highOf(entry.truth)) grown = true
    if (typeof truth === 'object' && !truth.low) {
      entry.doubt.from.splice(0, entry.doubt.from.length, ...(truth === entry.doubt ? [] : [truth]))
      entry.truth = entry.doubt
    } else entry.truth = truth
  }

  function within(entry: Entry): Truth {
    if (entry.round === settled) return entry.truth
    if (entry.round === round) {
      if (entry.running) provisional = true
      return entry.truth
    }
    if (depth < maxDepth) evaluate(entry)
    else {
      provisional = true
      putOff.push(entry)
    }
    return entry.truth
  }

  function solve(root: Entry): Truth {
    isRunning = true
    try {
      do {
        round += 1
        r.turn += 1
        provisional = false
        grown = false
        // What was put off is deepest: looked into first, it is known to those that wait for it.
        const deep = putOff.reverse()
        putOff = []
        for (const entry of deep) if (entry.round !== round) evaluate(entry)
        if (root.round !== round) evaluate(root)
        for (let i = 0; i < putOff.length; i++) {
          const entry = putOff[i]
          if (entry !== undefined && entry.round !== round) evaluate(entry)
        }
      } while (provisional && grown)
      // What the last round did not need any more may have been left before its time.
      for (const entry of open) entry.round = entry.round === round ? settled : 0
      return root.truth
    } finally {
      isRunning = false
      depth = 0
      open = []
      putOff = []
    }
  }

  return {
    truthOf: (body, entity, subject) => {
      const entry = entryOf(body, entity, subject)
      if (isRunning) return within(entry)
      return entry.round === settled ? entry.truth : solve(entry)
    },
  }
}
