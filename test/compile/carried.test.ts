import { expect, it } from 'vitest'
import type { EntityInput, Environment, FactInput } from '../../src/index.ts'
import { bothWays } from './both-ways.ts'

/** What is said of an assignment that carries the condition with these arguments, both ways. */
function check(condition: string, args: Readonly<Record<string, unknown>>, env: Environment, said: readonly string[]) {
  const text = `
    actor User  context { n: int  m?: int  d?: Doc }
    resource Doc { owner?: User  size?: int  role viewer: User when c  allow read if viewer }
    let c${condition}`
  const facts: readonly (EntityInput | FactInput)[] = [
    { type: 'Doc', id: '1', size: 3, owner: 'User:ann' },
    { object: 'Doc:1', relation: 'viewer', subject: 'User:ann', when: { let: 'c', args } },
  ]
  const { reason, errors } = bothWays(text, facts).decide('User:ann', 'read', 'Doc:1', env)
  const told = errors.map(({ code, at }) => `${code} ${at === undefined ? '' : text.slice(at.start, at.end)}`)
  expect([reason, ...told]).toEqual(said)
}

it.each<[string, Readonly<Record<string, unknown>>, Environment['context'] & object, ...string[]]>([
  ['(n: int) = n > 1', { n: 2 }, {}, 'granted'],
  ['(n: int) = n > 1', {}, { n: 2 }, 'granted'],
  ['(n: int) = n > 1', { n: 1 }, { n: 2 }, 'not-permitted'],
  ['(n: int, m?: int) = n + (m ?? 1) > 3', {}, { n: 3 }, 'granted'],
  ['(n: int) = n > 1', {}, {}, 'error', 'missing-attribute n'],
  ['(n: int) = n > 1 and n + n > 3', {}, {}, 'error', 'missing-attribute n', 'missing-attribute n'],
  ['(n: int) = 1 < 2 or n > 1', {}, {}, 'granted'],
  ['(n: int) = n > 1', {}, { n: 'x' }, 'error', 'wrong-kind n'],
  ['(d: Doc) = (d.size ?? 0) > 2', { d: 'Doc:1' }, {}, 'granted'],
  ['(d: Doc) = (d.owner ?? User:x) == actor', {}, { d: 'Doc:1' }, 'granted'],
  ['(d: Doc) = d == Doc:1', { d: 'Doc:1' }, {}, 'granted'],
  ['(d: Doc) = (d.size ?? 0) > 2', { d: 'Doc:2' }, {}, 'error', 'unknown-entity d.size'],
  ['(d: Doc) = d == Doc:1', {}, { d: 5 }, 'error', 'wrong-kind d'],
])('a fact that holds when c%s, with %j and the context %j: %s', (condition, args, context, ...said) =>
  check(condition, args, { context }, said),
)
