import { describe, expect, it } from 'vitest'
import { compile, createEngine } from '../../src/index.ts'

const { policy } = compile(`
actor User in Team
resource Team
resource Doc {
  allow read if context.who in Team:core
  allow write if context.who in [User:ann]
  allow share if not (context.who in Team:core)
}
context { who: json }
given User:ann in Team:core
given Doc:1
`)

/** A text or a number of JSON is no entity, whatever it looks like, and never taken for one. */
const check = (who: unknown, action: string) => {
  if (policy === undefined) throw new Error('invariant: the policy has no mistakes')
  const ask = (backend: 'interpreted' | 'compiled') =>
    createEngine(policy, { backend }).authorize('User:bob', action, 'Doc:1', { context: { who }, now: 0 })
  expect(ask('compiled')).toMatchObject({ allowed: false, reason: 'error' })
  expect(ask('interpreted')).toMatchObject({ allowed: false, reason: 'error' })
}

describe('something from outside that is asked for membership', () => {
  it.each(['User:ann', 'Team:core', 0, 1, 2, 65_536, -1, true])('%j is an error', (who) => {
    for (const action of ['read', 'write', 'share']) check(who, action)
  })
})
