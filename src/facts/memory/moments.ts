import type { Facts } from '../store.ts'
import { newClosures } from './closure-cache.ts'
import { append, type Journal, newJournal, replay, rewind } from './journal.ts'
import { settleAll } from './lists.ts'
import { freshenEnds } from './mentions.ts'
import { forget } from './numbering.ts'
import { remembering } from './remembering.ts'
import { containmentVersion, type Rows } from './rows.ts'
import { viewOf } from './view.ts'

/** The facts as they were at a moment, whatever is written later. */
interface Snapshot extends Facts {
  readonly moment: Moment
}

/**
 * What leads back to a moment: what was written until the next one, if there is one. A moment knows the next and nothing knows the
 * previous one, so that what nobody reads is collected.
 */
interface Moment {
  readonly of: Rows
  readonly journal: Journal
  readonly revision: number
  next: Snapshot | undefined
}

/** The rows at other times: each evaluation takes place at one moment, nothing can be written during it, and the next finds the present. */
export interface Moments {
  readonly revision: number
  /** An evaluation is taking place. */
  readonly busy: boolean
  /** To be called with every write. */
  changed(): void
  snapshot(): Facts
  /** Throws a TypeError for facts that are no snapshot of these rows. */
  at<T>(snapshot: Facts, evaluation: () => T): T
  deciding<T>(evaluation: () => T): T
  enter(): void
  leave(): void
  /** On top of the moment that is being evaluated at: `apply` writes what is undone when the evaluation is over. */
  passing<T>(apply: () => void, evaluation: () => T): T
}

/** Away from the present: how to get there for a while, and back. */
interface Displacement {
  readonly snapshot: Snapshot | undefined
  toPresent(): void
  back(): void
}

export function newMoments(rows: Rows): Moments {
  const { history } = rows
  const ids = rows.ids.lasting
  const view = viewOf(rows)
  const lasting = rows.closures
  const passingClosures = newClosures()
  let revision = 0
  let busy = 0
  let current: Snapshot | undefined
  let latest: Moment | undefined
  let displaced: Displacement[] = []
  const put: (Displacement[] | undefined)[] = []
  // Where nobody can be watched leaving, everybody is taken to have stayed.
  const watch = typeof FinalizationRegistry === 'function' ? new FinalizationRegistry(gone) : undefined

  function gone(moment: Moment): void {
    if (latest !== moment) return
    latest = undefined
    history.journal = undefined
  }

  function chooseClosures(): void {
    const version = rows.counters.cells[containmentVersion]
    rows.closures = displaced.length === 0 || lasting.version === version ? lasting : passingClosures
  }

  function enter(): void {
    busy += 1
    if (displaced.length > 0) {
      put.push(displaced)
      for (const step of displaced.toReversed()) step.toPresent()
      displaced = []
      chooseClosures()
      return
    }
    put.push(undefined)
    settle()
  }

  /** Puts in order what writes have left for later. */
  function settle(): void {
    if (history.unsettled.size > 0) settleAll(history)
    if (rows.staleEnds.size > 0) freshenEnds(rows)
  }

  function leave(): void {
    busy -= 1
    const away = put.pop()
    if (away === undefined) return
    displaced = away
    for (const step of displaced) step.back()
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

  function at<T>(snapshot: Facts, evaluation: () => T): T {
    if (!isSnapshot(snapshot) || snapshot.moment.of !== rows) throw new TypeError('no snapshot of this store')
    if (displaced.at(-1)?.snapshot === snapshot) return evaluation()
    return deciding(() => (snapshot.moment.revision === revision ? evaluation() : rewound(snapshot, evaluation)))
  }

  /** From the present. */
  function rewound<T>(snapshot: Snapshot, evaluation: () => T): T {
    catchUp(snapshot.moment)
    const journals = journalsSince(snapshot)
    const back = () => {
      for (const journal of journals.toReversed()) rewind(journal, ids)
    }
    const toPresent = () => {
      for (const journal of journals) replay(journal, ids)
    }
    return away({ snapshot, back, toPresent }, evaluation)
  }

  function away<T>(step: Displacement, evaluation: () => T): T {
    step.back()
    displaced.push(step)
    chooseClosures()
    try {
      return evaluation()
    } finally {
      displaced.pop()
      step.toPresent()
      chooseClosures()
    }
  }

  function passing<T>(apply: () => void, evaluation: () => T): T {
    if (displaced.length === 0) settle()
    const around = history.journal
    const journal = newJournal(history, true)
    const toPresent = () => rewind(journal, ids)
    busy += 1
    try {
      history.journal = journal
      const write = () => {
        try {
          apply()
        } catch (error) {
          toPresent()
          throw error
        }
      }
      let back = write
      const step = { snapshot: undefined, back: () => back(), toPresent }
      return away(step, () => {
        back = () => replay(journal, ids)
        return evaluation()
      })
    } finally {
      history.journal = around?.passing ? around : latest?.journal
      forget(rows, journal, around)
      busy -= 1
    }
  }

  function snapshot(): Snapshot {
    return current ?? deciding(take)
  }

  function take(): Snapshot {
    const moment: Moment = { of: rows, journal: newJournal(history, false), revision, next: undefined }
    const taken = newSnapshot(moment)
    if (latest !== undefined) {
      latest.next = taken
      watch?.unregister(latest)
    }
    watch?.register(taken, moment, moment)
    latest = moment
    current = taken
    if (!history.journal?.passing) history.journal = moment.journal
    return taken
  }

  function newSnapshot(moment: Moment): Snapshot {
    const read = <T>(look: () => T): T => (isHere() ? look() : at(taken, look))
    const isHere = () => (displaced.length === 0 ? moment.revision === revision : displaced.at(-1)?.snapshot === taken)
    const taken: Snapshot = {
      moment,
      known: (key, now) => read(() => view.known(key, now)),
      facts: remembering((key, relation) => read(() => view.facts(key, relation))),
      direct: (key, relation, subject) => read(() => view.direct(key, relation, subject)),
      indirect: (key, relation) => read(() => view.indirect(key, relation)),
      mentions: (key) => read(() => view.mentions(key)),
      attribute: (key, name) => read(() => view.attribute(key, name)),
      entities: (type) => read(() => view.entities(type)),
    }
    return taken
  }

  return {
    get revision() {
      return revision
    },
    get busy() {
      return busy > 0
    },
    changed: () => {
      revision += 1
      current = undefined
    },
    snapshot,
    at,
    deciding,
    enter,
    leave,
    passing,
  }
}

function isSnapshot(facts: Facts): facts is Snapshot {
  return 'moment' in facts
}

/** Takes over what later moments kept, but for the latest, which may still be written to. */
function catchUp(moment: Moment): void {
  while (moment.next?.moment.next !== undefined) {
    append(moment.journal, moment.next.moment.journal)
    moment.next = moment.next.moment.next
  }
}

function journalsSince({ moment }: Snapshot): readonly Journal[] {
  return moment.next === undefined ? [moment.journal] : [moment.journal, ...journalsSince(moment.next)]
}
