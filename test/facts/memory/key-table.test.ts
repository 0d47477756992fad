import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type KeyTable, newKeyTable } from '../../../src/facts/memory/key-table.ts'
import { growType, newTypeRows } from '../../../src/facts/memory/type-rows.ts'

const localBits = 20

/** A table that keeps so many keys in a Map, with room for so many numbers of two types. */
function tableOf(mapped: number, room: number): KeyTable {
  const types = [0, 1, 2].map((number) => {
    const type = newTypeRows(number, `T${number}`, undefined)
    growType(type, room)
    type.end = room
    return type
  })
  return newKeyTable(types, localBits, mapped)
}

function check(table: KeyTable, expected: ReadonlyMap<string, number>, others: Iterable<string>): void {
  const isRight = ([key, number]: readonly [string, number]) => table.get(key) === number && table.keyOf(number) === key
  expect([...expected].filter((entry) => !isRight(entry))).toEqual([])
  expect([...others].filter((key) => !expected.has(key) && table.get(key) !== undefined)).toEqual([])
  expect(table.size).toBe(expected.size)
  expect([...table].filter(([key, number]) => expected.get(key) !== number)).toEqual([])
}

const number = (type: number, local: number) => (type << localBits) | local

describe('keys', () => {
  const key = fc.oneof(
    fc.integer({ max: 40 }).map((id) => `User:${id}`),
    fc.constantFrom(
      '',
      'Doc:ä',
      'Doc:ÿ',
      'Doc:Ā',
      'Doc:\u{1f600}',
      'Doc:\ud83d',
      `Doc:${'x'.repeat(1024)}`,

      'Doc:漢字',
    ),
  )

  it.each([0, 3, 1000])('are found by number, and numbers by key, with %i of them in a Map', (mapped) => {
    const step = fc.record({ key, remove: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const table = tableOf(mapped, 200)
        const expected = new Map<string, number>()
        const free = Array.from({ length: 200 }, (_, i) => number(1 + (i & 1), i))
        for (const { key, remove } of steps) {
          const held = expected.get(key)
          if (remove) {
            table.delete(key)
            expected.delete(key)
            if (held !== undefined) free.push(held)
          } else if (held === undefined) {
            const next = free.pop() ?? 0
            table.add(key, next)
            expected.set(key, next)
          }
        }
        check(table, expected, steps.map((one) => one.key).concat('User:none', 'x'.repeat(5000)))
      }),
      { numRuns: 100 },
    )
  })

  it('that are many are found, those of one place too', () => {
    const table = tableOf(10, 20_000)
    const expected = new Map<string, number>()
    for (let i = 0; i < 20_000; i++) {
      expected.set(`Doc:${i}`, number(1, i))
      table.add(`Doc:${i}`, number(1, i))
    }
    check(table, expected, ['Doc:20000', 'Doc', 'doc:1'])
    for (let i = 0; i < 20_000; i += 2) {
      expected.delete(`Doc:${i}`)
      table.delete(`Doc:${i}`)
    }
    check(table, expected, ['Doc:0', 'Doc:19998'])
  })

  it('of any length are given back', () => {
    const table = tableOf(0, 2)
    const long = `${'T'.repeat(200_000)}:1`
    table.add(long, number(1, 0))
    check(table, new Map([[long, number(1, 0)]]), [`${long}1`, long.slice(1)])
  })

  it('that come and go take no more places', () => {
    const table = tableOf(0, 2)
    for (let i = 0; i < 50_000; i++) {
      table.add(`User:${i}`, number(1, i & 1))
      table.delete(`User:${i}`)
    }
    expect(table.keyOf(number(1, 0))).toBe(undefined)
    check(table, new Map(), ['User:1'])
  })
})
