import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { compile, createEngine, type Decision } from '../../src/index.ts'

const { policy } = compile('actor User\nresource Doc { allow read if scope("docs:read")\n}')
if (policy === undefined) throw new Error('a mistake in the test')
const engine = createEngine(policy)
const denied = (): Decision => engine.authorize('User:ann', 'read', 'Doc:1', { token: {} })

it.each<[string, (decision: Decision) => unknown]>([
  ['looked at', ({ missing }) => missing],
  ['in a copy', (decision) => ({ ...decision }).missing],
  ['in a deep copy', (decision) => structuredClone(decision).missing],
  ['in JSON', (decision) => JSON.parse(JSON.stringify(decision)).missing],
])('what is missing is there, %s', (_, look) => {
  expect(look(denied())).toEqual({ sets: [[{ kind: 'scope', scope: 'docs:read' }]], truncated: false })
})

it('what is missing is printed', () => {
  expect(inspect(denied(), { depth: 9, getters: true })).toContain('docs:read')
})
