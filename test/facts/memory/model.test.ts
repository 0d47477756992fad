import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contextualFacts } from '../../../src/facts/contextual.ts'
import type { EntityInput, FactInput } from '../../../src/facts/fact.ts'
import { inlineFacts } from '../../../src/facts/inline.ts'
import { layered } from '../../../src/facts/layers.ts'
import { type MemoryStore, memoryStore, type Snapshot } from '../../../src/facts/memory.ts'
import { runs } from '../../properties/generate/runs.ts'
import { library } from '../library.ts'
import { copyOf, type Naive, naive, naiveAdd, naiveDelete, naiveFix, naiveRecord, naiveRemove } from './naive.ts'
import { cellsOf, foundByFacts, foundNaively, seenByFacts, seenByTable, seenNaively } from './seen.ts'

const user = fc.integer({ min: 0, max: 3 }).map((n) => `User:${n}`)
const group = fc.constantFrom('Group:a', 'Group:b', 'Group:c')
const doc = fc.integer({ min: 0, max: 2 }).map((n) => `Doc:${n}`)
const members = fc.constant({ entity: 'Team:core', role: 'member' })
const until = fc.option(fc.constantFrom(3, 7), { nil: undefined })
const when = fc.constantFrom('10.0.0.0/8', '11.0.0.0/8').map((range) => ({ let: 'in_net', args: { range } }))

function relation(
  object: fc.Arbitrary<string> | undefined,
  name: string,
  subject: fc.Arbitrary<FactInput['subject']>,
  more: Readonly<Record<string, fc.Arbitrary<unknown>>> = {},
): fc.Arbitrary<FactInput> {
  const parts = { relation: fc.constant(name), subject, until, ...more }
  return (object === undefined ? fc.record(parts) : fc.record({ object, ...parts })).map(
    (fact) => Object.fromEntries(Object.entries(fact).filter(([, part]) => part !== undefined)) as unknown as FactInput,
  )
}

const contextual = fc.oneof(
  relation(doc, 'guest', user),
  relation(doc, 'session', user),
  relation(undefined, 'onCall', user),
)
const fact = fc.oneof(
  { weight: 3, arbitrary: relation(user, 'in', group) },
  { weight: 3, arbitrary: relation(group, 'in', group) },
  { weight: 3, arbitrary: relation(doc, 'writer', fc.oneof(user, members)) },
  relation(doc, 'reader', fc.oneof(user, group, fc.constant({ any: 'User' }))),
  relation(doc, 'visitor', fc.oneof(user, fc.constant({ any: 'User' })), { when }),
  relation(fc.constant('Team:core'), 'member', user),
  relation(doc, 'owner', fc.oneof(user, fc.constant('Org:o'))),
  relation(user, 'manager', user),
  relation(undefined, 'employee', fc.oneof(user, group)),
  contextual,
)
const entity: fc.Arbitrary<EntityInput> = fc.oneof(
  fc.record(
    {
      type: fc.constant('User'),
      id: fc.constantFrom('0', '1', '2', '3'),
      email: fc.constantFrom('one', 'two', null),
      clearance: fc.constantFrom(1, 2, null),
      manager: fc.oneof(user, fc.constant(null)),
      in: fc.uniqueArray(group, { maxLength: 2 }),
    },
    { requiredKeys: ['type', 'id'] },
  ),
  fc.record(
    {
      type: fc.constant('Doc'),
      id: fc.constantFrom('0', '1', '2'),
      title: fc.constantFrom('T', null),
      reviewers: fc.uniqueArray(user, { maxLength: 3 }),
      owner: user,
    },
    { requiredKeys: ['type', 'id'] },
  ),
  fc.record(
    { type: fc.constant('Org'), id: fc.constant('o'), undeclared: fc.constantFrom('x', 'y', null) },
    { requiredKeys: ['type', 'id'] },
  ),
) as fc.Arbitrary<EntityInput>

/** One write, to a store and to the naive model of it, which have to agree on whether it is let in. */
type Write = (store: MemoryStore, state: Naive) => void

const write: fc.Arbitrary<Write> = fc.oneof(
  {
    weight: 4,
    arbitrary: fact.map(
      (input): Write =>
        (store, state) =>
          expect(store.add(input).length === 0).toBe(naiveAdd(state, input)),
    ),
  },
  {
    weight: 3,
    arbitrary: fact.map(
      (input): Write =>
        (store, state) => {
          expect(store.remove(input)).toEqual([])
          naiveRemove(state, input)
        },
    ),
  },
  fc.oneof(user, group, doc, fc.constantFrom('Team:core', 'Org:o')).map(
    (key): Write =>
      (store, state) => {
        expect(store.delete(key)).toEqual([])
        naiveDelete(state, key)
      },
  ),
  entity.map(
    (input): Write =>
      (store, state) =>
        expect(store.put(input).length === 0).toBe(naiveRecord(state, input, 'put')),
  ),
  fc.array(fc.oneof(fact, entity), { maxLength: 6 }).map(
    (inputs): Write =>
      (store, state) => {
        const refused = new Set(store.load(inputs).map(({ index }) => index))
        for (const [index, input] of inputs.entries()) expect(refused.has(index)).toBe(!take(state, input))
      },
  ),
)

function take(state: Naive, input: FactInput | EntityInput): boolean {
  return 'type' in input ? naiveRecord(state, input as EntityInput, 'load') : naiveAdd(state, input as FactInput)
}

const fixed = fc.array(fc.oneof(fact, entity), { maxLength: 5 })

function begin(inputs: readonly (FactInput | EntityInput)[]): { readonly store: MemoryStore; readonly state: Naive } {
  const state = naive()
  for (const input of inputs) take(state, input)
  naiveFix(state)
  return { store: memoryStore(library, inputs), state }
}

function checkSnapshot(store: MemoryStore, snapshot: Snapshot, state: Naive): void {
  const expected = seenNaively(state)
  expect(seenByFacts(snapshot)).toEqual(expected)
  expect(foundByFacts(snapshot)).toEqual(foundNaively(state))
  expect(store.at(snapshot, () => seenByTable(store.table))).toEqual(expected)
}

describe('a store of integers', () => {
  it('is what a list of facts would be, now and at every moment that somebody holds on to', () => {
    const step = fc.tuple(write, fc.constantFrom('look', 'hold', 'go on', 'go on'))
    fc.assert(
      fc.property(fixed, fc.array(step, { maxLength: 30 }), (inputs, steps) => {
        const { store, state } = begin(inputs)
        const held: { readonly snapshot: Snapshot; readonly state: Naive }[] = []
        for (const [apply, then] of steps) {
          apply(store, state)
          if (then === 'hold') held.push({ snapshot: store.snapshot(), state: copyOf(state) })
          if (then === 'look') expect(store.deciding(() => seenByTable(store.table))).toEqual(seenNaively(state))
        }
        for (const one of held) checkSnapshot(store, one.snapshot, one.state)
        for (const one of held.reverse()) checkSnapshot(store, one.snapshot, one.state)
        checkSnapshot(store, store.snapshot(), state)
      }),
      runs(150),
    )
  })

  it('comes back from an earlier moment cell by cell', () => {
    fc.assert(
      fc.property(fixed, fc.array(write, { maxLength: 10 }), fc.array(write, { maxLength: 20 }), (inputs, one, two) => {
        const { store, state } = begin(inputs)
        for (const apply of one) apply(store, state)
        const snapshot = store.snapshot()
        for (const apply of two) apply(store, state)
        const before = store.deciding(() => cellsOf(store.table))
        store.at(snapshot, () => undefined)
        expect(cellsOf(store.table)).toEqual(before)
      }),
      runs(100),
    )
  })

  it('dumps what was added, and not what the policy says', () => {
    fc.assert(
      fc.property(fixed, fc.array(write, { maxLength: 20 }), (inputs, writes) => {
        const { store, state } = begin(inputs)
        for (const apply of writes) apply(store, state)
        const added = copyOf(state)
        added.facts = added.facts.filter((fact) => fact.added)
        for (const [key, record] of added.records) {
          if (record.added) for (const value of record.attributes.values()) value.fixed = undefined
          else added.records.delete(key)
          record.fixed = false
        }
        const copy = memoryStore(library)
        expect(copy.load(store.dump())).toEqual([])
        expect(seenByFacts(copy.snapshot())).toEqual(seenNaively(added))
      }),
      runs(100),
    )
  })
})

describe('the facts of a request', () => {
  const request = fc.record({
    facts: fc.option(fc.array(contextual, { maxLength: 12 }), { nil: undefined }),
    entities: fc.array(
      fc.tuple(entity, fc.constantFrom(undefined, 'wrong')).map(([one, clearance]) => {
        const input: EntityInput = { ...one, ...(one.type === 'User' && clearance ? { clearance } : {}) }
        return input
      }),
      { maxLength: 2 },
    ),
  })

  it('lie over the stored ones in the table as in the layers, and leave nothing behind', () => {
    fc.assert(
      fc.property(
        fixed,
        fc.array(fc.tuple(write, fc.boolean()), { maxLength: 12 }),
        fc.array(request, { minLength: 1, maxLength: 3 }),
        fc.array(write, { maxLength: 8 }),
        (inputs, steps, requests, afterwards) => {
          const { store, state } = begin(inputs)
          const held: Snapshot[] = []
          for (const [apply, hold] of steps) {
            apply(store, state)
            if (hold) held.push(store.snapshot())
          }
          const moments = [store.snapshot(), ...held]
          for (const { facts, entities } of requests) {
            const inline = inlineFacts(library, entities).value
            const context = facts === undefined ? undefined : contextualFacts(library, facts).value
            const layers = [inline, context].filter((layer) => layer !== undefined)
            for (const moment of moments) {
              // Closures are remembered before and after.
              const then = store.at(moment, () => seenByTable(store.table))
              const before = store.at(moment, () => cellsOf(store.table))
              const expected = seenByFacts(layered(...layers, moment))
              store.at(moment, () =>
                store.with(layers, () => {
                  expect(seenByTable(store.table)).toEqual(expected)
                  // Another question, asked by a host function.
                  const now = seenNaively(state)
                  expect(store.deciding(() => seenByTable(store.table))).toEqual(now)
                  expect(seenByFacts(moments[0] as Snapshot)).toEqual(now)
                  expect(seenByTable(store.table)).toEqual(expected)
                }),
              )
              expect(store.at(moment, () => cellsOf(store.table))).toEqual(before)
              expect(store.at(moment, () => seenByTable(store.table))).toEqual(then)
            }
          }
          for (const apply of afterwards) apply(store, state)
          expect(store.deciding(() => seenByTable(store.table))).toEqual(seenNaively(state))
        },
      ),
      runs(80),
    )
  })
})
