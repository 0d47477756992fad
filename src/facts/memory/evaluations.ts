import { newClosures } from './closure-cache.ts'
import { newJournal, replay, rewind } from './journal.ts'
import { settleAll } from './lists.ts'
import { freshenEnds } from './mentions.ts'
import { forget } from './numbering.ts'
import { containmentVersion, type Rows } from './rows.ts'

/**
 * The state of the rows that an evaluation sees. One at a time: whatever asks another question in the middle of an evaluation finds
 * the present, and the first one then finds its own state again.
 */
export interface Evaluations {
  /** An evaluation is taking place: nothing can be written. */
  readonly busy: boolean
  readonly gate: Gate
  /** Where the evaluation is, if not at present. */
  readonly place: Place | undefined
  /** From here until `leave`, the rows are as they are at present, and in order. */
  enter(): void
  leave(): void
  deciding<T>(evaluation: () => T): T
  /** From where the rows are now, at another place. */
  away<T>(place: Place, evaluation: () => T): T
  /** As `apply` changes the rows, all of which is undone when the evaluation is over. */
  passing<T>(apply: () => void, evaluation: () => T): T
}

/** For an evaluation that takes less time than it takes to enter and to leave. */
export interface Gate {
  /** No evaluation takes place, and the rows are as they are at present, and in order. */
  isOpen: boolean
  /** To be set for as long as such an evaluation takes place. */
  isInside: boolean
}

/** A state of the rows, with the way there and back. */
export interface Place {
  go(): void
  comeBack(): void
}

export function newEvaluations(rows: Rows): Evaluations {
  const { history } = rows
  const ids = rows.ids.lasting
  const closures = { atPresent: rows.closures, elsewhere: newClosures() }
  const gate: Gate = { isOpen: false, isInside: false }
  let busy = 0
  let places: Place[] = []
  /** Of the evaluations around this one those that are not at present, outermost first, with what `busy` was in them. */
  const around: { readonly places: Place[]; readonly busy: number }[] = []

  function chooseClosures(): void {
    const isPresent = places.length === 0 || closures.atPresent.version === rows.counters.cells[containmentVersion]
    rows.closures = isPresent ? closures.atPresent : closures.elsewhere
  }

  function isSettled(): boolean {
    return history.unsettled.size === 0 && rows.staleEnds.size === 0
  }

  /** Puts in order what writes have left for later. */
  function settle(): void {
    if (history.unsettled.size > 0) settleAll(history)
    if (rows.staleEnds.size > 0) freshenEnds(rows)
  }

  function enter(): void {
    busy += 1
    gate.isOpen = false
    if (places.length === 0) {
      settle()
      return
    }
    around.push({ places, busy })
    for (const place of places.toReversed()) place.comeBack()
    places = []
    chooseClosures()
  }

  function leave(): void {
    const outer = around.length === 0 ? undefined : around[around.length - 1]
    if (outer?.busy === busy) {
      around.pop()
      goBack(outer.places)
    }
    busy -= 1
    gate.isOpen = busy === 0 && places.length === 0 && isSettled()
  }

  function goBack(to: Place[]): void {
    places = to
    for (const place of places) place.go()
    chooseClosures()
  }

  function deciding<T>(evaluation: () => T): T {
    enter()
    try {
      return evaluation()
    } finally {
      leave()
    }
  }

  function away<T>(place: Place, evaluation: () => T): T {
    gate.isOpen = false
    place.go()
    places.push(place)
    chooseClosures()
    try {
      return evaluation()
    } finally {
      places.pop()
      place.comeBack()
      chooseClosures()
    }
  }

  function passing<T>(apply: () => void, evaluation: () => T): T {
    if (places.length === 0) settle()
    const outer = history.journal
    const journal = newJournal(history, true)
    const comeBack = () => rewind(journal, ids)
    let go = () => {
      go = () => replay(journal, ids)
      try {
        apply()
      } catch (error) {
        comeBack()
        throw error
      }
    }
    busy += 1
    history.journal = journal
    try {
      return away({ go: () => go(), comeBack }, evaluation)
    } finally {
      history.journal = outer?.passing ? outer : history.kept
      forget(rows, journal, outer)
      busy -= 1
    }
  }

  return {
    // First, as in `tableOf`.
    ...{ enter, leave, deciding, away, passing },
    get busy() {
      return busy > 0 || gate.isInside
    },
    gate,
    get place() {
      return places.at(-1)
    },
  }
}
