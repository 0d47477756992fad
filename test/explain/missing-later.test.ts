import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { MissingLater } from '../../src/explain/missing-later.ts'
import { compile, createEngine } from '../../src/index.ts'

const { policy } = compile('actor User\nresource Doc { allow read if scope("docs:read")\n}')
if (policy === undefined) throw new Error('a mistake in the test')
const engine = createEngine(policy)
const denied = () => engine.authorize('User:ann', 'read', 'Doc:1', { token: {} })
const wanted = { sets: [[{ kind: 'scope', scope: 'docs:read' }]], truncated: false }

describe('what is missing', () => {
  it.each([
    ['looked at', () => ({ sets: denied().missing.sets, truncated: denied().missing.truncated })],
    ['in a copy of the decision', () => JSON.parse(JSON.stringify({ ...denied() })).missing],
    ['as JSON', () => JSON.parse(JSON.stringify(denied())).missing],
  ] as [string, () => unknown][])('is there %s', (_, look) => {
    expect(look()).toEqual(wanted)
  })

  it('is printed', () => {
    expect(inspect(denied(), { depth: 9 })).toContain('docs:read')
  })

  it('is worked out once, and only where somebody looks', () => {
    let times = 0
    const later = new MissingLater(() => {
      times += 1
      return { sets: [], truncated: false }
    })
    const before = times
    expect([before, later.sets, later.truncated, JSON.stringify(later), times]).toEqual([
      0,
      [],
      false,
      '{"sets":[],"truncated":false}',
      1,
    ])
  })
})
