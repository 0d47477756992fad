import { describe, expect, it } from 'vitest'
import { contextualFacts } from '../../../src/facts/contextual.ts'
import { inlineFacts } from '../../../src/facts/inline.ts'
import type { MemoryStore } from '../../../src/facts/memory.ts'
import { library } from '../library.ts'
import { ann, storeOf, subjects, writes } from './writers.ts'

describe('during an evaluation', () => {
  const refused = [{ index: 0, code: 'bad-fact', message: 'facts cannot change while a decision is being made' }]

  it.each([
    ['deciding', (store: MemoryStore, evaluation: () => void) => store.deciding(evaluation)],
    ['at', (store: MemoryStore, evaluation: () => void) => store.at(store.snapshot(), evaluation)],
    ['with', (store: MemoryStore, evaluation: () => void) => store.with([], evaluation)],
  ])('%s: facts are read, and cannot change', (_, evaluate) => {
    const store = storeOf(writes(ann))
    evaluate(store, () => {
      expect(store.add(writes('User:bob'))).toEqual(refused)
      expect(store.remove(writes(ann))).toEqual(refused)
      expect(store.put({ type: 'User', id: 'ann' })).toEqual(refused)
      expect(store.delete(ann)).toEqual(refused)
      expect(store.load([writes('User:bob'), writes('User:cleo')])).toEqual(refused)
      expect(store.snapshot().known(ann)).toBe(true)
      expect([...store.dump()]).toHaveLength(1)
    })
    expect(store.add(writes('User:bob'))).toEqual([])
  })

  it('that throws, everything is put back', () => {
    const store = storeOf(writes(ann))
    const past = store.snapshot()
    store.add(writes('User:bob'))
    const { value } = contextualFacts(library, [{ object: 'Doc:1', relation: 'guest', subject: 'User:x' }])
    const fail = () => {
      throw new Error('a host function that fails')
    }
    const layers = value === undefined ? [] : [value]
    expect(() => store.at(past, () => store.with(layers, fail))).toThrow('fails')
    expect(subjects(store, 'Doc:1')).toHaveLength(2)
    expect(store.add(writes('User:cleo'))).toEqual([])
  })

  it('a getter of a request that asks another question gets the answer of the stored facts', () => {
    const store = storeOf({ type: 'User', id: 'ann', email: 'stored' })
    const seen: unknown[] = []
    const input = {
      type: 'Org',
      id: 'o',
      attributes: Object.defineProperty({}, 'id', {
        enumerable: true,
        get: () => {
          seen.push(store.deciding(() => store.table.ids.get('Org:o') !== undefined))
          return 'x'
        },
      }),
    }
    const { value } = inlineFacts(library, [input])
    store.with(value === undefined ? [] : [value], () => expect(store.table.ids.get('Org:o') !== undefined).toBe(true))
    expect(new Set(seen)).toEqual(new Set([false]))
  })
})
