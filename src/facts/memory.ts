import type { EntityInput, EntityName, FactInput } from './fact.ts'
import type { GivenLayer } from './given.ts'
import { type FactRejection, isEntity, loadAll, rejections } from './load.ts'
import { dumpRows } from './memory/dump.ts'
import { type Edit, nothing, refusal } from './memory/edit.ts'
import { deleteInput, loadInput, putInput } from './memory/entity-edits.ts'
import { type Gate, newEvaluations } from './memory/evaluations.ts'
import { addInput, removeInput } from './memory/fact-edits.ts'
import { newMoments, type Snapshot } from './memory/moments.ts'
import { plainDoor } from './memory/plain-door.ts'
import { fixAll } from './memory/policy-text.ts'
import { writeGiven } from './memory/request-writes.ts'
import { newRows } from './memory/rows.ts'
import { checkPins, tableOf } from './memory/rows-table.ts'
import { type Reason, reason } from './reason.ts'
import type { FactSchema } from './schema.ts'
import type { FactStore } from './store.ts'
import type { Table } from './table.ts'

export type { Snapshot } from './memory/moments.ts'

/** Facts that can be changed. What the schema refuses is not taken, and told; nothing throws, whatever is given. */
export interface EditableFacts {
  /** Grows with every change. */
  readonly revision: number
  /** One more fact. One that is there already changes nothing; two subjects of a relation that holds one conflict. */
  add(fact: FactInput): readonly FactRejection[]
  /** Takes a fact out: with its `until` or `when` that one, without them all facts of this object, relation and subject. */
  remove(fact: FactInput): readonly FactRejection[]
  /** Sets the given fields of an entity, and what contains it, in place of what they were; null takes away. */
  put(entity: EntityInput): readonly FactRejection[]
  /** Takes an entity out, with all facts that mention it. */
  delete(entity: EntityName): readonly FactRejection[]
  /** Many facts and entities, in any order: only ever adds. A field that already has another value is a conflict. */
  load(inputs: Iterable<FactInput | EntityInput>): readonly FactRejection[]
  /** Everything, in an order that depends on nothing but what is there, in a form that `load` takes. */
  dump(): Iterable<FactInput | EntityInput>
}

/** Facts in memory. While an evaluation takes place nothing can be written: writes are refused, and told. */
export interface MemoryStore extends FactStore, EditableFacts {
  /** To be read within `deciding`, `at` or `with`. */
  readonly table: Table
  snapshot(): Snapshot
  /** An evaluation of the present facts, wherever it is called from. */
  deciding<T>(evaluation: () => T): T
  /** The same without a function: everything until `leave`, which has to follow whatever happens, is one evaluation. */
  enter(): void
  leave(): void
  readonly gate: Gate
  /**
   * An evaluation of the facts as they were: the table shows them, until it is over.
   *
   * @throws TypeError for a snapshot of another store
   */
  at<T>(snapshot: Snapshot, evaluation: () => T): T
  /**
   * Within an evaluation, one with the facts of a request laid over, the first on top: nothing of them is left behind.
   *
   * @throws RangeError when there are no numbers left for the request's entities
   */
  with<T>(layers: readonly GivenLayer[], evaluation: () => T): T
}

const untimely = 'facts cannot change while a decision is being made'
const noReasons: readonly Reason[] = Object.freeze([])

/** `fixed`: facts of the policy text, which hold beside those that are added, are not dumped, and cannot be changed; none may conflict with them. */
export function memoryStore(schema: FactSchema, fixed: Iterable<FactInput | EntityInput> = []): MemoryStore {
  const rows = newRows(schema)
  const evaluations = newEvaluations(rows)
  const moments = newMoments(rows, evaluations)
  const table = tableOf(rows)

  function changes(): void {
    moments.changed()
    evaluations.gate.isOpen = false
  }

  /** A write, unless it comes from within an evaluation: from a host function, or a getter of a request. */
  function write(edit: () => Edit): readonly Reason[] {
    const { changed, reasons } = evaluations.busy ? refusal([reason('bad-fact', untimely)]) : edit()
    if (changed) changes()
    return reasons
  }

  function writeOne(edit: () => Edit): readonly FactRejection[] {
    return rejections(0, write(edit))
  }

  function load(inputs: Iterable<unknown>): readonly FactRejection[] {
    const takePlain = plainDoor(rows)
    const refused = loadAll(inputs, (input) => {
      const passage = evaluations.busy ? 'other-door' : takePlain(input)
      if (passage === 'added') changes()
      if (passage !== 'other-door') return noReasons
      return write(() => (isEntity(input) ? loadInput(rows, input) : addInput(rows, input)))
    })
    // What has been put off takes room.
    evaluations.deciding(() => undefined)
    return refused
  }

  load(fixed)
  fixAll(rows)
  const store: Omit<MemoryStore, 'revision'> = {
    table,
    snapshot: moments.snapshot,
    deciding: evaluations.deciding,
    enter: evaluations.enter,
    leave: evaluations.leave,
    gate: evaluations.gate,
    at: (snapshot, evaluation) =>
      moments.at(snapshot, () => {
        if (evaluations.place !== undefined) checkPins(rows)
        return evaluation()
      }),
    with: (layers, evaluation) => {
      // Before anything is written: reading what was given may call what the caller made, which may ask another question.
      const given = layers.map((layer) => layer.given())
      const apply = () => {
        for (const layer of given.toReversed()) writeGiven(rows, layer)
      }
      return evaluations.passing(apply, evaluation)
    },
    add: (fact) => writeOne(() => addInput(rows, fact)),
    remove: (fact) => writeOne(() => removeInput(rows, fact)),
    put: (entity) => writeOne(() => putInput(rows, entity)),
    delete: (name) => writeOne(() => deleteInput(rows, name)),
    load: (inputs) => (evaluations.busy ? writeOne(() => nothing) : load(inputs)),
    dump: () => dumpRows(rows, moments),
  }
  return {
    // First, as in `tableOf`.
    ...store,
    get revision() {
      return moments.revision
    },
  }
}
