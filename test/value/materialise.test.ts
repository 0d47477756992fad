import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Type } from '../../src/ir/type.ts'
import { equal } from '../../src/value/equal.ts'
import { isError } from '../../src/value/evaluation-error.ts'
import { materialise } from '../../src/value/materialise.ts'
import { toPlain } from '../../src/value/plain.ts'
import { readVisible } from '../../src/value/read.ts'
import { absent, type RecordValue } from '../../src/value/value.ts'
import { hostile } from './hostile.ts'

const limits: Type = { kind: 'record', fields: [{ name: 'max', type: { kind: 'int' }, optional: false }] }

describe('a copy for storing', () => {
  it('does not change with the original', () => {
    const original = { max: 5 }
    const copy = materialise(original, limits) as RecordValue
    original.max = 500
    expect(readVisible(copy, 'max')).toBe(5)
  })

  it.each([[{ max: '5' }], [{ max: 5, mx: 6 }], [[{ max: 5 }]]])('of %j is refused', (raw) => {
    expect(isError(materialise(raw, limits))).toBe(true)
  })

  it('may lack a required field: reading it is the error', () => expect(isError(materialise({}, limits))).toBe(false))

  it('has no gaps', () => expect(isError(materialise([1, 'a'], { kind: 'set', of: { kind: 'int' } }))).toBe(true))

  it('written out reads back as itself', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (raw) => {
        const value = materialise(raw, { kind: 'json' })
        if (value === absent || isError(value)) return
        const again = materialise(toPlain(value), { kind: 'json' })
        expect(again !== absent && !isError(again) && equal(value, again)).toBe(true)
      }),
    )
  })

  it('of hostile input throws nothing and ends', () => {
    for (const raw of hostile()) expect(() => materialise(raw, { kind: 'json' })).not.toThrow()
  })
})
