import fc from 'fast-check'
import { expect } from 'vitest'
import { play } from '../generate/entry/play.ts'
import { type Script, script } from '../generate/entry/script.ts'
import { policies } from '../generate/entry/world.ts'
import { backend } from '../generate/wide/sides.ts'
import type { Licet } from '../licet.ts'
import type { Invariant } from './invariant.ts'

/** Both are asked the same, in the same words, and say the same; what is said first is what is said again. */
function bothSay(licet: Licet, one: Script, clean: boolean): void {
  const policy = policies[one.policy]
  if (policy === undefined) throw new RangeError('no such policy')
  const right = play(one, backend(licet, policy, 'interpreted'), clean)[Symbol.iterator]()
  for (const { what, decision, allowed, can } of play(one, backend(licet, policy, 'compiled'))) {
    const { value } = right.next()
    expect(decision, what).toBe(value?.decision)
    expect(can, `${what}, asked again`).toEqual(can.map(() => allowed))
    expect(value?.can, `${what}, asked again of the interpreter`).toEqual(can.map(() => allowed))
  }
  expect(right.next().done).toBe(true)
}

export const forms: Invariant = {
  number: 6,
  title: 'a request is decided alike in whatever form it comes',
  runs: 20,
  property: (licet) => fc.property(script(), (one) => bothSay(licet, one, false)),
}

export const pollution: Invariant = {
  number: 19,
  title: 'what the prototype of all objects has is no part of a request',
  runs: 20,
  property: (licet) => fc.property(script({ steps: 40, polluted: 90 }), (one) => bothSay(licet, one, true)),
}
