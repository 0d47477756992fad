import { describe, expect, it } from 'vitest'
import type { FactInput } from '../../../src/facts/fact.ts'
import { inlineFacts } from '../../../src/facts/inline.ts'
import { memoryStore } from '../../../src/facts/memory.ts'
import { library } from '../library.ts'
import { ann, storeOf, writes } from './writers.ts'

describe('numbers', () => {
  it('are small, and told apart by type and local', () => {
    const { table } = storeOf(writes(ann), writes('User:bob'))
    const [first, second] = [table.ids.get(ann) ?? -1, table.ids.get('User:bob') ?? -1]
    expect([first, second].every((number) => number > 0 && number < 2 ** 31)).toBe(true)
    expect(first >>> table.localBits).toBe(table.typeNumber('User'))
    expect([first & table.localMask, second & table.localMask]).toEqual([0, 1])
    expect([table.keyOf(first), table.keyOf(0), table.typeNumber('Nothing')]).toEqual([ann, '', undefined])
  })

  it('are used again', () => {
    const store = memoryStore(library)
    let most = 0
    for (let i = 0; i < 20_000; i++) {
      store.add(writes(`User:${i}`))
      most = Math.max(most, (store.table.ids.get(`User:${i}`) ?? 0) & store.table.localMask)
      store.remove(writes(`User:${i}`))
    }
    expect(most).toBeLessThan(5000)
    expect([...store.table.ids].length).toBeLessThan(5000)
  })

  it('are never those of two entities', () => {
    const store = memoryStore(library)
    const within = (i: number): FactInput => ({ object: `Group:${i}`, relation: 'in', subject: `Group:${i}` })
    for (let i = 0; i < 3000; i++) {
      store.add(within(i))
      store.remove(within(i))
    }
    store.load(Array.from({ length: 3000 }, (_, i) => within(-i)))
    const numbers = Array.from(store.table.ids, ([, number]) => number)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect([...store.snapshot().entities('Group')]).toHaveLength(3000)
  })

  it('that change hands while facts are loaded are looked up anew', () => {
    const store = memoryStore(library)
    const all = Array.from({ length: 1500 }, (_, i) => writes(`User:${i}`))
    function* inputs(): Iterable<FactInput> {
      yield* all
      yield* all
      for (const { subject } of all) store.delete(subject as string)
      for (const { subject } of all.toReversed()) yield { object: 'Doc:2', relation: 'writer', subject }
    }
    store.load(inputs())
    store.remove({ object: 'Doc:2', relation: 'writer', subject: 'User:7' })
    expect(store.snapshot().known('User:7')).toBe(false)
    expect(store.snapshot().facts('Doc:2', 'writer')).toHaveLength(1499)
  })

  it.each([0, 6000])('are in each snapshot those that they were, beside %i others', (others) => {
    const store = memoryStore(library)
    store.load(
      Array.from(
        { length: others },
        (_, i): FactInput => ({ object: 'Doc:o', relation: 'reader', subject: `Group:${i}` }),
      ),
    )
    const rounds = [0, 1, 2, 3].map((round) => {
      const keys = Array.from({ length: 1500 }, (_, i) => `User:${(i * 7 + round * 400) % 2000}`)
      for (const { key } of store.snapshot().entities('User')) store.delete(key)
      for (const key of keys) store.add({ object: `Doc:${round}`, relation: 'writer', subject: key })
      return { round, keys, snapshot: store.snapshot() }
    })
    for (const { round, keys, snapshot } of [...rounds, ...rounds.toReversed()]) {
      expect(
        snapshot
          .facts(`Doc:${round}`, 'writer')
          .map(({ subject }) => (subject.kind === 'entity' ? subject.entity.key : ''))
          .sort(),
      ).toEqual([...keys].sort())
      for (const key of ['User:3', 'User:1999', 'User:700'])
        expect([...snapshot.mentions(key)].map(({ object }) => object)).toEqual(
          keys.includes(key) ? [`Doc:${round}`] : [],
        )
    }
  })

  it('stay those of whoever is pinned, known or not', () => {
    const store = storeOf(writes(ann))
    const { table } = store
    const numbers = [table.pin(ann), table.pin('User:root')]
    expect(table.known(numbers[1] ?? 0, 0)).toBe(false)
    expect(store.snapshot().known('User:root')).toBe(false)
    for (let i = 0; i < 3000; i++) {
      store.add(writes(`User:${i}`))
      store.delete(`User:${i}`)
    }
    store.delete(ann)
    expect([table.ids.get(ann), table.ids.get('User:root')]).toEqual(numbers)
    expect(numbers.map((number) => table.keyOf(number))).toEqual([ann, 'User:root'])
    expect(() => table.pin('Nothing:1')).toThrow(RangeError)
    // A name that no door lets in is the policy's alone.
    expect(table.pin('User:')).toBe(table.pin('User:'))
    expect(store.load([writes('User:')])).toMatchObject([{ code: 'bad-entity' }])
  })

  it('of a request are given back, but for one that is pinned meanwhile', () => {
    const store = storeOf(writes(ann))
    const { table } = store
    const { value } = inlineFacts(library, [
      { type: 'User', id: 'x', clearance: 1 },
      { type: 'User', id: 'y', clearance: 1 },
      { type: 'User', id: 'z', clearance: 1 },
    ])
    const pinned = store.with(value === undefined ? [] : [value], () => {
      expect(table.known(table.ids.get('User:y') ?? 0, 0)).toBe(true)
      return [table.pin('User:y'), table.pin('User:new')]
    })
    expect(['User:x', 'User:z'].map((key) => table.ids.get(key))).toEqual([undefined, undefined])
    store.load(Array.from({ length: 100 }, (_, i) => writes(`User:${i}`)))
    expect(['User:y', 'User:new'].map((key) => table.ids.get(key))).toEqual(pinned)
    const locals = [...table.ids].flatMap(([key, number]) => (key.startsWith('User:') ? number & table.localMask : []))
    expect(locals.sort((a, b) => a - b)).toEqual([...locals.keys()])
    expect(table.known(pinned[0] ?? 0, 0)).toBe(false)
  })
})
