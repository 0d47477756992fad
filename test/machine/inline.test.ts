import { describe, expect, it } from 'vitest'
import { bothWays } from '../compile/both-ways.ts'

/** Entities that come with their attributes: read where they stand, and decided about as the interpreter decides. */
const { decide, compiled } = bothWays(
  `
  actor User { level: int, dept: string, ratio?: number, on?: boolean, kind: "a" | "b", since: datetime, boss: User }
  actor Robot { level: int }
  resource Doc { dept: string, secret: boolean, owner: User
    allow read if actor is User and actor.level >= 3 and actor.dept == resource.dept unless resource.secret
    allow rate if actor is User and actor.ratio ?? 0.0 > 0.5
    allow open if actor is User and actor.kind == "a"
    allow meet if actor is User and actor.boss == resource.owner
    allow late if actor is User and actor.since < now
    allow name if actor is User and actor.level == 0
  }`,
  [
    { type: 'User', id: 'stored', level: 1, dept: 'eng' },
    { type: 'Doc', id: 'stored', dept: 'eng', secret: false },
  ],
)
const user = { type: 'User', id: 'u', level: 3, dept: 'eng' }
const doc = { type: 'Doc', id: 'd', dept: 'eng', secret: false }

const actors: readonly (readonly [string, unknown])[] = [
  ['with all that is asked', user],
  ['with less than is asked', { ...user, level: 2 }],
  ['without what is asked', { type: 'User', id: 'u', dept: 'eng' }],
  ['with an attribute of another kind', { ...user, level: '3' }],
  ['with an integer that is none', { ...user, level: 3.5 }],
  ['with a zero below zero', { ...user, level: -0 }],
  ['with text that is not well-formed', { ...user, dept: '\ud800' }],
  ['with an attribute that is null', { ...user, dept: null }],
  ['with an attribute that is not declared', { ...user, other: 1 }],
  ['with a literal', { ...user, kind: 'a' }],
  ['with a literal that is none of them', { ...user, kind: 'c' }],
  ['with a number', { ...user, ratio: 0.75 }],
  ['with a time', { ...user, since: '2020-01-01T00:00:00Z' }],
  ['with a relation', { ...user, boss: 'User:stored' }],
  ['with attributes apart', { type: 'User', id: 'u', attributes: { level: 3, dept: 'eng' } }],
  ['with the name of nobody', { ...user, id: '' }],
  ['with a name that is no text', { ...user, id: 7 }],
  ['that cannot act', doc],
  ['of another type', { type: 'Robot', id: 'u', level: 3 }],
  ['of a type that is not declared', { ...user, type: 'Nobody' }],
  ['of whom facts say something', { ...user, id: 'stored' }],
  ['by name only', 'User:u'],
  ['by a prototype', Object.create(user)],
  [
    'whose name is not to be enumerated',
    Object.defineProperty({ type: 'User', level: 3, dept: 'eng' }, 'id', { value: 'u' }),
  ],
  [
    'whose level is not to be enumerated',
    Object.defineProperty({ type: 'User', id: 'u', dept: 'eng' }, 'level', { value: 3 }),
  ],
]
const resources: readonly (readonly [string, unknown])[] = [
  ['one that comes with its attributes', doc],
  ['one that is stored', 'Doc:stored'],
  ['one that is both', { ...doc, id: 'stored', dept: 'ops' }],
  ['a secret one', { ...doc, secret: true }],
  ['one with an owner', { ...doc, owner: 'User:stored' }],
  ['one with something wrong', { ...doc, secret: 'no' }],
  ['one of which nothing is said', { type: 'Doc', id: 'd' }],
]

describe('somebody', () => {
  it.each(actors)('%s is judged as the interpreter judges', (_, actor) => {
    for (const [, resource] of resources)
      for (const action of ['read', 'rate', 'open', 'meet', 'late', 'name']) {
        const decision = decide(actor as never, action, resource as never, { now: 1.7e12 })
        // Once more, when it is known what rules there are, and in a session.
        expect(compiled.can(actor as never, action, resource as never, { now: 1.7e12 })).toBe(decision.allowed)
        const session = compiled.for(actor as never, { now: 1.7e12 })
        expect(session.authorize(action, resource as never)).toEqual(decision)
      }
  })
})

it('who answers otherwise the second time is held to the first', () => {
  let reads = 0
  const shifting = Object.defineProperty({ ...user }, 'level', { get: () => (reads++ === 0 ? 2 : 3), enumerable: true })
  for (const resource of [doc, { ...doc, owner: 'User:stored' }]) {
    reads = 0
    expect(compiled.can(shifting as never, 'read', resource as never)).toBe(false)
  }
})

it('nothing of an entity stays for the next question', () => {
  expect(compiled.can(user, 'read', doc)).toBe(true)
  expect(compiled.authorize('User:u', 'read', doc).reason).toBe('error')
  expect(compiled.authorize(user, 'read', 'Doc:d').reason).toBe('error')
})
