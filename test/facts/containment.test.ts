import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { containers } from '../../src/facts/containment.ts'
import type { FactInput } from '../../src/facts/fact.ts'
import { memoryStore } from '../../src/facts/memory.ts'
import { entity } from '../../src/value/entity.ts'
import { library } from './library.ts'

type Edge = readonly [inner: string, outer: string, until?: number | undefined]

/** The names of all groups that a group is in, by `[inner, outer, until?]`. */
function check(start: string, edges: readonly Edge[], now = 0) {
  const store = memoryStore(library)
  const fact = ([inner, outer, until]: Edge): FactInput => ({
    object: `Group:${inner}`,
    relation: 'in',
    subject: `Group:${outer}`,
    ...(until === undefined ? {} : { until }),
  })
  expect(store.load(edges.map(fact))).toEqual([])
  const { entities, validUntil } = containers(store.snapshot(), entity('Group', start), now)
  return {
    in: [...entities.values()]
      .map(({ id }) => id)
      .sort()
      .join(''),
    validUntil,
  }
}

describe('containment', () => {
  it.each([
    ['a', [], 'a'],
    [
      'a',
      [
        ['a', 'b'],
        ['b', 'c'],
        ['x', 'a'],
      ],
      'abc',
    ],
    ['a', [['a', 'a']], 'a'],
    [
      'a',
      [
        ['a', 'b'],
        ['b', 'a'],
      ],
      'ab',
    ],
    [
      'a',
      [
        ['a', 'b'],
        ['a', 'c'],
        ['b', 'd'],
        ['c', 'd'],
      ],
      'abcd',
    ],
  ] as const)('from %s through %j is %s', (start, edges, all) => expect(check(start, edges).in).toBe(all))

  // Invariant 20.
  it('ends at the instant that a fact is good until, and says when that is', () => {
    const edges = [
      ['a', 'b', 100],
      ['b', 'c', 50],
      ['c', 'd'],
    ] as const
    expect(check('a', edges, 49)).toEqual({ in: 'abcd', validUntil: 50 })
    expect(check('a', edges, 50)).toEqual({ in: 'ab', validUntil: 100 })
    expect(check('a', edges, 100)).toEqual({ in: 'a', validUntil: undefined })
  })

  it('of a chain of any length needs no stack', () => {
    const store = memoryStore(library)
    const links = Array.from({ length: 20_000 }, (_, i) => ({
      object: `Group:${i}`,
      relation: 'in',
      subject: `Group:${i + 1}`,
    }))
    store.load(links)
    expect(containers(store.snapshot(), entity('Group', '0'), 0).entities.size).toBe(20_001)
  })

  it('is the least closure, and stays it until its end', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    const edge = fc.tuple(name, name, fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }))
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 12 }), fc.integer({ min: 0, max: 9 }), (edges, now) => {
        const naive = new Set(['a'])
        for (let round = 0; round < 5; round++) {
          for (const [inner, outer, until] of edges) {
            if (naive.has(inner) && (until === undefined || now < until)) naive.add(outer)
          }
        }
        const found = check('a', edges, now)
        expect(found.in).toBe([...naive].sort().join(''))
        if (found.validUntil !== undefined) expect(check('a', edges, found.validUntil - 1).in).toBe(found.in)
        else expect(check('a', edges, 10).in).toBe(found.in)
      }),
    )
  })
})
