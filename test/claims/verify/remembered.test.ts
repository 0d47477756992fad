import { expect, it } from 'vitest'
import { remembered } from '../../../src/surfaces/claims/verify/remembered.ts'

it('what is remembered of tokens ends when it should, and the oldest goes first when there is no more room', () => {
  const known = remembered<string>(2)
  known.set('a', 'ann', 10)
  known.set('b', 'bob', 20)
  expect([known.get('a', 9), known.get('a', 10), known.get('a', 9)]).toEqual(['ann', undefined, undefined])
  known.set('c', 'cid', 20)
  known.set('d', 'dan', 20)
  expect(['b', 'c', 'd'].map((token) => known.get(token, 0))).toEqual([undefined, 'cid', 'dan'])
  known.set('c', 'cid again', 20)
  expect(['c', 'd'].map((token) => known.get(token, 0))).toEqual(['cid again', 'dan'])
})
