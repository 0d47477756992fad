import { expect } from 'vitest'
import type { EntityInput, FactInput } from '../../../src/facts/fact.ts'
import { type MemoryStore, memoryStore } from '../../../src/facts/memory.ts'
import type { Relation } from '../../../src/facts/table.ts'
import { library } from '../library.ts'
import { codes } from './seen.ts'

export const ann = 'User:ann'

export function storeOf(...inputs: readonly (FactInput | EntityInput)[]): MemoryStore {
  const store = memoryStore(library)
  expect(store.load(inputs)).toEqual([])
  return store
}

export function writes(subject: FactInput['subject'], more: Partial<FactInput> = {}): FactInput {
  return { object: 'Doc:1', relation: 'writer', subject, ...more }
}

export function writer({ table }: MemoryStore): Relation {
  return table.relation(table.typeNumber('Doc') ?? 0, 'writer')
}

/** The writers of a document as the table has them. */
export function subjects(store: MemoryStore, key: string): readonly string[] {
  const { table } = store
  return store.deciding(() => {
    const number = table.ids.get(key)
    return number === undefined ? [] : codes(writer(store), number & table.localMask).map((code) => table.keyOf(code))
  })
}
