import { describe, expect, it } from 'vitest'
import { contextualFacts } from '../../../src/facts/contextual.ts'
import type { FactInput } from '../../../src/facts/fact.ts'
import { memoryStore } from '../../../src/facts/memory.ts'
import { library } from '../library.ts'
import { codes } from './seen.ts'
import { ann, storeOf, subjects, writes } from './writers.ts'

describe('a moment of the past', () => {
  it('takes a request over it whose terms are written where now others are free', () => {
    const guest = (subject: string, until: number): FactInput => ({
      object: 'Doc:1',
      relation: 'guest',
      subject,
      until,
    })
    const store = storeOf(guest(ann, 5), guest('User:bob', 7))
    const past = store.snapshot()
    store.remove(guest(ann, 5))
    const { value } = contextualFacts(library, [guest('User:cleo', 9)])
    const { table } = store
    store.at(past, () =>
      store.with(value === undefined ? [] : [value], () => {
        const guests = table.relation(table.typeNumber('Doc') ?? 0, 'guest')
        const ends = codes(guests, 0).map((code) => guests.terms[~code]?.until)
        expect(ends.sort()).toEqual([5, 7, 9])
        expect(table.expiring).toBe(3)
      }),
    )
    expect(table.expiring).toBe(1)
    expect(past.facts('Doc:1', 'guest')).toHaveLength(2)
  })

  it('of another store is refused', () => {
    expect(() => storeOf().at(storeOf().snapshot(), () => 0)).toThrow(TypeError)
  })

  it('is told when a number that the policy took since was another entity', () => {
    const store = memoryStore(library)
    for (let i = 0; i < 2000; i++) store.add(writes(`User:${i}`))
    const past = store.snapshot()
    for (let i = 0; i < 2000; i++) store.delete(`User:${i}`)
    store.add(writes('User:root'))
    store.table.pin('User:root')
    expect(() => store.at(past, () => 0)).toThrow(RangeError)
    expect(past.facts('Doc:1', 'writer')).toHaveLength(2000)
    expect(subjects(store, 'Doc:1')).toEqual(['User:root'])
  })
})
