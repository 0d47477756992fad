import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { containers } from '../../../src/facts/containment.ts'
import type { FactInput } from '../../../src/facts/fact.ts'
import { inlineFacts } from '../../../src/facts/inline.ts'
import { layered } from '../../../src/facts/layers.ts'
import { memoryStore } from '../../../src/facts/memory.ts'
import { entity } from '../../../src/value/entity.ts'
import { library } from '../library.ts'
import { storeOf } from './writers.ts'

// Invariant 15.
describe('containment that is remembered', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e')
  const edge = fc.record({
    object: name.map((id) => `Group:${id}`),
    relation: fc.constant('in'),
    subject: name.map((id) => `Group:${id}`),
    until: fc.option(fc.integer({ min: 1, max: 9 })),
  })
  const step = fc.oneof(
    fc.record({ kind: fc.constantFrom('add' as const, 'add' as const, 'remove' as const), edge }),
    fc.record({ kind: fc.constant('ask' as const), of: name, now: fc.integer({ min: 0, max: 10 }) }),
    fc.record({ kind: fc.constant('request' as const), of: name, in: fc.uniqueArray(name, { maxLength: 2 }) }),
  )

  it('is what it would be without, at every revision and time', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const store = memoryStore(library)
        const { table } = store
        const ask = (of: string, now: number) => {
          const expected = [...containers(store.snapshot(), entity('Group', of), now).entities.keys()].sort()
          const number = table.ids.get(`Group:${of}`)
          if (number === undefined) return
          store.deciding(() => {
            const { list, from, to } = table.containers(number, now)
            expect([...list.subarray(from, to)].map((one) => table.keyOf(one)).sort()).toEqual(expected)
            for (const [key, other] of table.ids)
              expect(table.isWithin(number, other, now)).toBe(expected.includes(key))
            const all = Int32Array.from(table.ids, ([, other]) => other).sort()
            for (let i = 0; i <= all.length; i++)
              for (const [start, end] of [[0, i] as const, [i, all.length] as const])
                expect(table.isWithinAny(number, all, start, end, now)).toBe(
                  [...all.subarray(start, end)].some((other) => expected.includes(table.keyOf(other))),
                )
          })
        }
        for (const one of steps) {
          if (one.kind === 'add') store.add(one.edge as FactInput)
          if (one.kind === 'remove') store.remove(one.edge as FactInput)
          if (one.kind === 'ask') ask(one.of, one.now)
          if (one.kind === 'request') {
            const groups = one.in.map((id) => `Group:${id}`)
            const { value } = inlineFacts(library, [{ type: 'Group', id: one.of, in: groups }])
            const layers = value === undefined ? [] : [value]
            const facts = layered(...layers, store.snapshot())
            for (const of of ['a', 'b', 'c', 'd', 'e']) ask(of, 0)
            store.with(layers, () => {
              for (const [key, number] of table.ids) {
                const expected = containers(facts, entity('Group', key.slice(6)), 0).entities
                for (const [other, container] of table.ids)
                  expect(table.isWithin(number, container, 0)).toBe(expected.has(other))
              }
            })
          }
        }
        for (const of of ['a', 'b', 'c', 'd', 'e']) for (let now = 10; now >= 0; now--) ask(of, now)
      }),
      { numRuns: 300 },
    )
  })

  it('of a great many is bounded, and stays right', () => {
    const store = storeOf(
      ...Array.from(
        { length: 300 },
        (_, i): FactInput => ({
          object: `Group:${i}`,
          relation: 'in',
          subject: `Group:${i + 1}`,
        }),
      ),
      ...Array.from(
        { length: 6000 },
        (_, i): FactInput => ({
          object: `User:${i}`,
          relation: 'in',
          subject: `Group:${i % 100}`,
        }),
      ),
    )
    const { table } = store
    const last = table.ids.get('Group:300') ?? 0
    const first = table.ids.get('Group:0') ?? 0
    const users = Int32Array.from({ length: 6000 }, (_, i) => table.ids.get(`User:${i}`) ?? 0)
    store.deciding(() => {
      for (const round of [0, 1])
        for (let i = 0; i < 6000; i++) {
          const user = table.ids.get(`User:${i}`) ?? 0
          expect(table.isWithin(user, last, round)).toBe(true)
          expect(table.isWithin(user, first, round)).toBe(i % 100 === 0)
          expect(table.isWithinAny(user, Int32Array.of(first, last), 0, 1, round)).toBe(i % 100 === 0)
          expect(table.isWithinAny(user, users, i === 7 ? 8 : 0, i === 7 ? 5000 : 7, round)).toBe(i < 7)
        }
    })
  })
})
