import { setFlagsFromString } from 'node:v8'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/facts/memory.ts'
import { library } from '../library.ts'

setFlagsFromString('--allow-natives-syntax')
const isFast = new Function('object', 'return %HasFastProperties(object)') as (object: object) => boolean

describe('what every decision reads', () => {
  const store = memoryStore(library)
  const { table } = store
  it.each([
    ['the store', store],
    ['the table', table],
    ['the numbers', table.ids],
    ['those that stay', table.lasting],
    ['a type', table.types[1] ?? {}],
    ['a relation', table.relation(1, 'in')],
  ])('is no dictionary to V8: %s', (_, object) => {
    expect(isFast(object)).toBe(true)
  })
})
