import type { Facts } from '../store.ts'
import type { Evaluations, Place } from './evaluations.ts'
import { append, type Journal, newJournal, replay, rewind } from './journal.ts'
import { remembering } from './remembering.ts'
import type { Rows } from './rows.ts'
import { viewOf } from './view.ts'

/** The facts as they were at a moment, whatever is written later. */
export interface Snapshot extends Facts {
  readonly moment: Moment
}

export interface Moment {
  readonly revision: number
}

/**
 * What leads back to a moment: what was written until the next one, if there is one. A moment knows the next and nothing knows the
 * previous one, so that what nobody reads is collected.
 */
interface Past extends Moment {
  readonly of: Rows
  readonly journal: Journal
  next: PastFacts | undefined
}

interface PastFacts extends Snapshot {
  readonly moment: Past
}

export interface Moments {
  readonly revision: number
  /** To be called with every write. */
  changed(): void
  snapshot(): Snapshot
  /** @throws TypeError for a snapshot of other rows */
  at<T>(snapshot: Snapshot, evaluation: () => T): T
}

export function newMoments(rows: Rows, evaluations: Evaluations): Moments {
  const { history } = rows
  const ids = rows.ids.lasting
  const view = viewOf(rows)
  const places = new WeakMap<Snapshot, Place>()
  let revision = 0
  /** Only until the next write: then it has to be kept by somebody else. */
  let current: PastFacts | undefined
  let latest: Past | undefined
  // Where nobody can be watched leaving, everybody is taken to have stayed.
  const watch = typeof FinalizationRegistry === 'function' ? new FinalizationRegistry(gone) : undefined

  function gone(past: Past): void {
    if (latest !== past) return
    latest = undefined
    history.kept = undefined
    history.journal = undefined
  }

  function take(): PastFacts {
    const past: Past = { of: rows, journal: newJournal(history, false), revision, next: undefined }
    const taken = factsOf(past)
    if (latest !== undefined) {
      latest.next = taken
      watch?.unregister(latest)
    }
    watch?.register(taken, past, past)
    latest = past
    current = taken
    history.kept = past.journal
    if (!history.journal?.passing) history.journal = past.journal
    return taken
  }

  function at<T>(snapshot: Snapshot, evaluation: () => T): T {
    if (!isPast(snapshot.moment) || snapshot.moment.of !== rows) throw new TypeError('no snapshot of this store')
    const { moment } = snapshot
    if (isHere(snapshot)) return evaluations.place === undefined ? evaluations.deciding(evaluation) : evaluation()
    return evaluations.deciding(() => {
      if (moment.revision === revision) return evaluation()
      const place = wayTo(moment)
      places.set(snapshot, place)
      return evaluations.away(place, evaluation)
    })
  }

  /** From the present. */
  function wayTo(past: Past): Place {
    catchUp(past)
    const journals = journalsSince(past)
    return {
      go: () => {
        for (const journal of journals.toReversed()) rewind(journal, ids)
      },
      comeBack: () => {
        for (const journal of journals) replay(journal, ids)
      },
    }
  }

  /** The rows are as they were then. */
  function isHere(snapshot: Snapshot): boolean {
    const { place } = evaluations
    return place === undefined ? snapshot.moment.revision === revision : places.get(snapshot) === place
  }

  function factsOf(moment: Past): PastFacts {
    const read = <T>(look: () => T): T => (isHere(taken) ? look() : at(taken, look))
    const taken: PastFacts = {
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

  function changed(): void {
    revision += 1
    current = undefined
  }

  return {
    // First, as in `tableOf`.
    ...{ changed, snapshot: () => current ?? evaluations.deciding(take), at },
    get revision() {
      return revision
    },
  }
}

function isPast(moment: Moment): moment is Past {
  return 'of' in moment
}

/** Takes over what later moments kept, but for the latest, which may still be written to. */
function catchUp(past: Past): void {
  while (past.next?.moment.next !== undefined) {
    append(past.journal, past.next.moment.journal)
    past.next = past.next.moment.next
  }
}

function journalsSince({ journal, next }: Past): readonly Journal[] {
  return next === undefined ? [journal] : [journal, ...journalsSince(next.moment)]
}
