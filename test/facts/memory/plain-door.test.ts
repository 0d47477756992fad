import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FactInput } from '../../../src/facts/fact.ts'
import { memoryStore } from '../../../src/facts/memory.ts'
import { hostile } from '../../value/hostile.ts'
import { library } from '../library.ts'
import { ann, writes } from './writers.ts'

describe('both doors', () => {
  const part = (names: readonly unknown[]) => fc.constantFrom(...names)
  const input = fc.record(
    {
      object: part(['Doc:1', 'Doc:2', ann, 'Group:g', 'Dock:1', 'Doc:', 'Doc', ':1', '', 7, undefined]),
      relation: part(['writer', 'owner', 'in', 'reviewers', 'title', 'employee', '__proto__', 'nothing', 3]),
      subject: part([ann, 'User:bob', 'Group:g', 'Org:o', 'User:', { any: 'User' }, `User:${'x'.repeat(1025)}`]),
      until: part([undefined, 5]),
      other: part([1]),
    },
    { requiredKeys: ['relation', 'subject'] },
  )

  it('let the same in, and say the same of what they do not', () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 12 }), (inputs) => {
        const [one, many] = [memoryStore(library), memoryStore(library)]
        const alone = (inputs as FactInput[]).flatMap((fact, index) =>
          one.add(fact).map((refusal) => ({ ...refusal, index })),
        )
        expect(many.load(inputs as FactInput[])).toEqual(alone)
        expect([...many.dump()]).toEqual([...one.dump()])
      }),
      { numRuns: 500 },
    )
  })

  it('nothing of an object without a name', () => {
    const store = memoryStore(library)
    store.add({ relation: 'employee', subject: 'User:bob' })
    const nameless = { object: '', relation: 'employee', subject: ann }
    expect(store.load([nameless])).toMatchObject([{ code: 'bad-entity', path: 'object' }])
    expect(store.snapshot().known(ann)).toBe(false)
  })

  it('of what is hostile too', () => {
    for (const input of hostile() as FactInput[]) {
      const [one, many] = [memoryStore(library), memoryStore(library)]
      expect(many.load([input]).length === 0).toBe(one.load([{ ...writes(ann) }, input]).length === 0)
      expect(many.snapshot().known(ann)).toBe(false)
    }
  })
})
