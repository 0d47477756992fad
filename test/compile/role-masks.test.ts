import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { roleMasks } from '../../src/compile/passes/role-masks.ts'
import { compile } from '../../src/index.ts'
import { runs } from '../properties/generate/runs.ts'
import { bothWays } from './both-ways.ts'

const now = 1_000
/** Each compiles a policy, or loads its facts, and asks it some hundred questions in two ways. */

/** Global roles a0 to a7, of which some are more than facts, claims and each other. */
const line = fc.constantFrom(
  '',
  ': User',
  ': User | Group',
  ': any User',
  ': User when soon',
  ': User | Group | User when soon',
  ': Group',
)
const part = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 7 }).map((i) => `a${i}`) },
  { weight: 3, arbitrary: fc.constantFrom('x', 'y', 'z').map((text) => `"${text}" in token.roles`) },
  fc.constantFrom('x', 'y').map((text) => `"${text}" in context.tags`),
  fc.constantFrom('x', 'y').map((text) => `token.dept == "${text}"`),
  fc.constant('"z" == token.dept'),
  fc.constantFrom('actor.level > 1', 'context.depth < 2', 'token.rank > 1'),
)
const role = fc.record({ line, parts: fc.array(part, { maxLength: 3 }) })
const source = fc.array(role, { minLength: 8, maxLength: 8 }).map((roles) =>
  [
    'actor User in Group { level: int }',
    'resource Group in Group',
    'context { tags: string[]  depth: int }',
    'token { dept: string  rank: int }',
    'let soon = context.depth < 3',
    ...roles.map(({ line: head, parts }, i) => {
      const conditions = parts.length === 0 && head === '' ? ['"x" in token.roles'] : parts
      return `role a${i}${head}${conditions.length === 0 ? '' : ` if ${conditions.join(' or ')}`}`
    }),
    'resource Doc {',
    '  author: User',
    ...roles.map((_, i) => `  allow do${i} if a${i}`),
    '  allow some if a0 or a3 or a5',
    '  allow most if a1 or a2 or resource.author == actor',
    '  allow all if a0 and a1 unless a2',
    '  deny all if a3 or a4',
    '}',
  ].join('\n'),
)
const subject = fc.constantFrom<unknown>('User:u0', 'User:u1', 'User:u2', 'Group:g0', 'Group:g1', { any: 'User' })
const facts = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record(
        {
          relation: fc.integer({ min: 0, max: 7 }).map((i) => `a${i}`),
          subject,
          until: fc.constantFrom(now, now + 1),
          when: fc.constant({ let: 'soon', args: {} }),
        },
        { requiredKeys: ['relation', 'subject'] },
      ),
    },
    fc.record({
      object: fc.constantFrom('User:u0', 'User:u1', 'Group:g0'),
      relation: fc.constant('in'),
      subject: fc.constantFrom('Group:g0', 'Group:g1'),
    }),
  ),
  { maxLength: 12 },
)
const texts = fc.array(fc.constantFrom<unknown>('x', 'y', 'z', 'w', 1, null, '\ud800'), { maxLength: 3 })
const claims = fc.record(
  {
    roles: fc.oneof({ weight: 5, arbitrary: texts }, fc.constantFrom<unknown>(null, 'x', 7, new Set(['x', 'y']))),
    dept: fc.constantFrom<unknown>('x', 'y', 'z', 'w', null, 3),
    rank: fc.constantFrom<unknown>(1, 2, 'x'),
  },
  { requiredKeys: [] },
)
const context = fc.record({ tags: texts, depth: fc.constantFrom<unknown>(1, 2, 3, 'x') }, { requiredKeys: [] })
const environments = fc.array(fc.record({ token: claims, context }, { requiredKeys: [] }), {
  minLength: 1,
  maxLength: 4,
})

const actions = [...Array.from({ length: 8 }, (_, i) => `do${i}`), 'some', 'most', 'all']

describe('roles with bits', () => {
  it('are held by whom the interpreter says, and err as it says', () => {
    fc.assert(
      fc.property(source, facts, environments, (text, given, asked) => {
        fc.pre(compile(text).policy !== undefined)
        const { decide, compiled, interpreted } = bothWays(text, [{ type: 'Doc', id: 'd', author: 'User:u1' }])
        // What a role does not admit is refused.
        for (const engine of [compiled, interpreted]) engine.facts.load(given as never)
        for (const env of asked) {
          for (const actor of ['User:u0', 'User:u1', 'User:stranger', null]) {
            const bound = compiled.for(actor, { ...env, now } as never)
            for (const action of actions) {
              const decision = decide(actor, action, 'Doc:d', { ...env, now } as never)
              expect(bound.authorize(action, 'Doc:d')).toEqual(decision)
              expect(bound.can(action, 'Doc:d')).toBe(decision.allowed)
            }
          }
        }
        // After a write, those whom nothing was remembered of and those of whom something was.
        for (const engine of [compiled, interpreted]) engine.facts.remove({ relation: 'a0', subject: 'User:u0' })
        for (const action of actions) decide('User:u0', action, 'Doc:d', { ...asked[0], now } as never)
        // At another time some facts have ended.
        for (const action of actions) decide('User:u0', action, 'Doc:d', { ...asked[0], now: now + 1 } as never)
      }),
      runs(20),
    )
  }, 60_000)

  it('include what the facts of the request say, for that request only', () => {
    const { decide } = bothWays('actor User  contextual role admin: User  resource Doc { allow read if admin }', [
      { type: 'User', id: 'ann' },
    ])
    const facts = [{ relation: 'admin', subject: 'User:ann' }]
    expect(decide('User:ann', 'read', 'Doc:d').allowed).toBe(false)
    expect(decide('User:ann', 'read', 'Doc:d', { facts }).allowed).toBe(true)
    expect(decide('User:ann', 'read', 'Doc:d').allowed).toBe(false)
  })

  it('of a bound session are those of the moment at which it was bound', () => {
    const { compiled } = bothWays('actor User  role admin: User  resource Doc { allow read if admin }', [
      { relation: 'admin', subject: 'User:ann' },
    ])
    const session = compiled.for('User:ann')
    expect(session.can('read', 'Doc:d')).toBe(true)
    compiled.facts.remove({ relation: 'admin', subject: 'User:ann' })
    expect(compiled.can('User:ann', 'read', 'Doc:d')).toBe(false)
    expect(session.can('read', 'Doc:d')).toBe(true)
    expect(compiled.for('User:ann').can('read', 'Doc:d')).toBe(false)
  })

  it('inherit nothing from the prototypes of claims', () => {
    const { decide } = bothWays(
      'actor User  token { dept?: string }  role admin if (token.dept ?? "") == "x" or "x" in token.roles  resource Doc { allow read if admin }',
    )
    expect(decide('User:ann', 'read', 'Doc:d', { token: Object.create({ roles: ['x'] }) } as never).allowed).toBe(false)
  })

  it('may be thousands', () => {
    const names = Array.from({ length: 3_000 }, (_, i) => `r${i}`)
    const text = `actor User\n${names.map((name, i) => `role ${name}: User${i % 10 === 0 ? '' : ` if r${i - 1}`}`).join('\n')}\nresource Doc { allow read if r2999  allow write if r2998 or r15 }`
    const { compiled } = bothWays(text, [
      { relation: 'r2995', subject: 'User:ann' },
      { relation: 'r15', subject: 'User:bob' },
    ])
    expect(compiled.can('User:ann', 'read', 'Doc:d')).toBe(true)
    expect(compiled.can('User:bob', 'read', 'Doc:d')).toBe(false)
    expect(compiled.can('User:bob', 'write', 'Doc:d')).toBe(true)
  })
})

describe('which roles have bits:', () => {
  const indexed = (roles: string) => {
    const { policy } = compile(`actor User { level: int }  ${roles}  resource Doc { allow read if a }`)
    const masks = policy && roleMasks(policy.program)
    return ['a', 'b', 'c'].filter((name) => masks?.indexOf(name) !== undefined)
  }

  it.each([
    ['role a: User', ['a']],
    ['role a if "x" in token.roles or b  role b: User', ['a', 'b']],
    ['role a if b  role b if a', ['a', 'b']],
    ['role a if b  role b if actor.level > 1  role c: User', ['c']],
    ['role a: User unless b  role b: User', ['b']],
    ['role a if "x" in token.roles and "y" in token.roles  role b: User', ['b']],
  ])('%s', (roles, expected) => expect(indexed(roles)).toEqual(expected))
})
