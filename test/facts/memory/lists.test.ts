import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contextualFacts } from '../../../src/facts/contextual.ts'
import type { FactInput } from '../../../src/facts/fact.ts'
import { inlineFacts } from '../../../src/facts/inline.ts'
import type { Snapshot } from '../../../src/facts/memory.ts'
import { library } from '../library.ts'
import { codes } from './seen.ts'
import { ann, storeOf, subjects, writer, writes } from './writers.ts'

describe('a list', () => {
  const user = fc.integer({ min: 0, max: 9000 }).map((n) => `User:${n}`)

  // With lists of more than 4096 subjects, to which changes are put off.
  it('of any length is sorted, and has what was added and not removed', () => {
    const op = fc.tuple(fc.constantFrom('add', 'remove', 'load', 'delete', 'look', 'hold'), fc.array(user))
    fc.assert(
      fc.property(fc.constantFrom(0, 4090, 6000), fc.array(op, { maxLength: 40 }), (length, ops) => {
        const first = Array.from({ length }, (_, i) => `User:${(i * 7919) % 9001}`)
        const store = storeOf(...first.map((key) => writes(key)))
        const naive = new Set(first)
        const held: { readonly snapshot: Snapshot; readonly keys: readonly string[] }[] = []
        for (const [what, keys] of ops) {
          if (what === 'load') store.load(keys.map((key) => writes(key)))
          if (what === 'add') for (const key of keys) store.add(writes(key))
          if (what === 'remove') for (const key of keys) store.remove(writes(key))
          if (what === 'delete') for (const key of keys) store.delete(key)
          if (what === 'load' || what === 'add') for (const key of keys) naive.add(key)
          if (what === 'remove' || what === 'delete') for (const key of keys) naive.delete(key)
          if (what === 'look') expect([...subjects(store, 'Doc:1')].sort()).toEqual([...naive].sort())
          if (what === 'hold') held.push({ snapshot: store.snapshot(), keys: [...naive] })
        }
        held.push({ snapshot: store.snapshot(), keys: [...naive] })
        for (const { snapshot, keys } of held) {
          store.at(snapshot, () => {
            const list = codes(writer(store), 0)
            expect(list).toEqual([...list].sort((a, b) => a - b))
          })
          const found = snapshot.facts('Doc:1', 'writer')
          expect(found.map(({ subject }) => (subject.kind === 'entity' ? subject.entity.key : '')).sort()).toEqual(
            [...keys].sort(),
          )
          for (const key of keys.slice(0, 20)) {
            expect([...snapshot.mentions(key)].map(({ object }) => object)).toEqual(['Doc:1'])
            expect(snapshot.direct('Doc:1', 'writer', key)).toHaveLength(1)
          }
        }
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  it('that is long is read by a request as it was last written', () => {
    const store = storeOf(...Array.from({ length: 6000 }, (_, i) => writes(`User:${i}`)))
    store.remove(writes('User:17'))
    store.add({ object: 'Doc:2', relation: 'writer', subject: 'User:17' })
    const { value } = contextualFacts(library, [])
    const number = store.table.ids.get('User:17') ?? 0
    store.with(value === undefined ? [] : [value], () => {
      expect(codes(writer(store), 0)).not.toContain(number)
      expect(codes(writer(store), 0)).toHaveLength(5999)
    })
  })

  it('takes no more room for being laid over by requests, or changed back and forth', () => {
    const store = storeOf(
      ...Array.from(
        { length: 50 },
        (_, i): FactInput => ({ object: 'Doc:1', relation: 'guest', subject: `User:${i}` }),
      ),
    )
    const { table } = store
    const guests = table.relation(table.typeNumber('Doc') ?? 0, 'guest')
    const layers = [
      contextualFacts(library, [
        { object: 'Doc:1', relation: 'guest', subject: 'User:new' },
        { object: 'Doc:1', relation: 'guest', subject: 'User:1', until: 5 },
      ]).value,
      inlineFacts(library, [{ type: 'Doc', id: '1', guest: ['User:other'] }]).value,
    ].filter((layer) => layer !== undefined)
    const rooms = [1, 2].map(() => {
      for (let i = 0; i < 1000; i++) store.with(layers, () => expect(codes(guests, 0)).toHaveLength(53))
      return [guests.pool.length, guests.terms.length, [...table.ids].length]
    })
    expect(rooms[1]).toEqual(rooms[0])
    for (let i = 0; i < 5000; i++) {
      store.add({ object: 'Doc:1', relation: 'guest', subject: `User:${50 + (i % 90)}`, until: 7 })
      store.remove({ object: 'Doc:1', relation: 'guest', subject: `User:${50 + (i % 90)}` })
    }
    expect(guests.pool.length).toBeLessThan(1000)
    expect(guests.terms.length).toBeLessThan(10)
  })

  it('takes no more room for growing and shrinking', () => {
    const store = storeOf(...['a', 'b', 'c'].map((id) => writes(`User:${id}`)))
    for (let i = 0; i < 20_000; i++) {
      store.add(writes('User:d'))
      store.remove(writes('User:d'))
    }
    expect(writer(store).pool.length).toBeLessThan(2000)
    expect(subjects(store, 'Doc:1')).toHaveLength(3)
  })

  it('of objects is sorted, in whatever order they come', () => {
    const store = storeOf(...Array.from({ length: 6000 }, (_, i): FactInput => ({ type: 'Doc', id: `${i}` }) as never))
    const owns = (i: number): FactInput => ({ object: `Doc:${i}`, relation: 'writer', subject: ann })
    const all = Array.from({ length: 6000 }, (_, i) => owns((i * 7919) % 6000))
    store.load(all.slice(0, 5000))
    for (const fact of all.slice(0, 300)) store.remove(fact)
    // Some of them have not been taken out of the long list yet.
    store.load(all)
    const { table } = store
    const number = table.ids.get(ann) ?? 0
    store.deciding(() => {
      const lists = writer(store).reverse.get(number >>> table.localBits)
      const docs = lists === undefined ? [] : codes(lists, number & table.localMask)
      expect(docs).toHaveLength(6000)
      expect(docs).toEqual([...new Set(docs)].sort((a, b) => a - b))
    })
    store.delete(ann)
    expect(all.every(({ object }) => store.snapshot().facts(object as string, 'writer').length === 0)).toBe(true)
  })
})
