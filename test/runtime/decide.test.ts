import { describe, expect, it } from 'vitest'
import type { EntityInput, FactInput } from '../../src/facts/fact.ts'
import type { Program } from '../../src/ir/program.ts'
import type { Environment, ResourceInput } from '../../src/runtime/request.ts'
import { ask, now } from './ask.ts'
import * as ir from './ir.ts'

const assignableTo = (...types: string[]) => types.map((type) => ({ kind: 'entity' as const, type }))

/** `User:ann read Doc:1` decided, as `granted`, `forbidden` and so on. */
function decide(program: Program, facts: Iterable<FactInput | EntityInput>, question: string, env: Environment = {}) {
  const [actor = '', action = '', resource = ''] = question.split(' ')
  return ask(program, facts, actor, action, resource, env)
}

const docs = (parts: Partial<Program>) =>
  ir.program({
    types: [
      ir.actorType('User', { containers: ['Group'], fields: [ir.declared('level', ir.integer, true)] }),
      ir.type('Group', { containers: ['Group'] }),
      ir.type('Doc', {
        fields: [
          ir.declared('size', ir.integer),
          ir.declared('parent', ir.entityType('Doc'), true),
          ir.declared('author', ir.entityType('User')),
          ir.declared('editors', ir.setType(ir.entityType('User'))),
        ],
      }),
    ],
    ...parts,
  })

describe('roles', () => {
  const program = docs({
    roles: [
      ir.role('Doc.reader', {
        assignable: [
          ...assignableTo('User', 'Group'),
          { kind: 'any', type: 'User' },
          { kind: 'holders', type: 'Doc', role: 'reader' },
        ],
      }),
    ],
    rules: [ir.rule('allow', 'read', ir.on('Doc'), ir.mine('reader'))],
  })
  const check = (facts: Iterable<FactInput | EntityInput>, question: string, env?: Environment) =>
    decide(program, facts, question, env).reason

  it('are held by who is assigned', () => {
    expect(check([ir.fact('Doc:1.reader = User:ann')], 'User:ann read Doc:1')).toBe('granted')
    expect(check([ir.fact('Doc:1.reader = User:ann')], 'User:bob read Doc:1')).toBe('not-permitted')
  })

  it('are held by whoever is in a group that is assigned, however deep', () => {
    const facts = [
      ir.fact('Doc:1.reader = Group:all'),
      ir.fact('Group:eng.in = Group:all'),
      ir.fact('User:ann.in = Group:eng'),
    ]
    expect(check(facts, 'User:ann read Doc:1')).toBe('granted')
    expect(check(facts, 'User:bob read Doc:1')).toBe('not-permitted')
  })

  it('pass through groups that contain themselves', () => {
    const facts = [
      ir.fact('Doc:1.reader = Group:b'),
      ir.fact('Group:a.in = Group:a'),
      ir.fact('Group:a.in = Group:b'),
      ir.fact('Group:b.in = Group:a'),
      ir.fact('User:ann.in = Group:a'),
    ]
    expect(check(facts, 'User:ann read Doc:1')).toBe('granted')
  })

  it('given to any of a type are held by the authenticated only', () => {
    const facts = [ir.fact('Doc:1.reader = any User')]
    expect(check(facts, 'User:new read Doc:1')).toBe('granted')
    expect(ask(program, facts, null, 'read', 'Doc:1').reason).toBe('not-permitted')
  })

  it('global ones are nothing of the anonymous actor, though neither has a type', () => {
    const global = docs({
      roles: [ir.role('author', { assignable: assignableTo('User') })],
      rules: [
        ir.rule('allow', 'read', ir.on('Doc'), ir.holds('author', ir.variable('actor'), ir.named('User:ann'))),
        ir.rule(
          'allow',
          'write',
          ir.on('Doc'),
          ir.contained(ir.named('User:ann'), ir.entities(ir.variable('actor'), 'author', true)),
        ),
        ir.rule('allow', 'delete', ir.everything),
        ir.rule('allow', 'delete', ir.on('Doc'), ir.may('delete', ir.variable('actor'))),
        ir.rule('deny', 'delete', ir.on('Doc'), ir.not(ir.may('delete', ir.variable('actor')))),
      ],
    })
    const facts = [ir.fact('author = User:ann')]
    expect(ask(global, facts, null, 'read', 'Doc:1').reason).toBe('error')
    expect(ask(global, facts, null, 'write', 'Doc:1').reason).toBe('not-permitted')
    expect(ask(global, facts, null, 'delete', 'Doc:1').reason).toBe('forbidden')
  })

  it('given to the holders of themselves are false where nothing else gives them', () => {
    expect(check([ir.fact('Doc:1.reader = Doc:1.reader')], 'User:ann read Doc:1')).toBe('not-permitted')
    const facts = [
      ir.fact('Doc:1.reader = Doc:2.reader'),
      ir.fact('Doc:2.reader = Doc:1.reader'),
      ir.fact('Doc:2.reader = User:ann'),
    ]
    expect(check(facts, 'User:ann read Doc:1')).toBe('granted')
  })

  it('end at the very instant of `until`', () => {
    // The other fact keeps the entity known.
    const until = (end: string) => [
      ir.fact('Doc:1.reader = User:bob'),
      ir.fact('Doc:1.reader = User:ann', { until: end }),
    ]
    expect(check(until(now), 'User:ann read Doc:1')).toBe('not-permitted')
    expect(check(until('2026-01-01T00:00:00.001Z'), 'User:ann read Doc:1')).toBe('granted')
  })

  it('of an entity that nothing is known of are errors', () => {
    expect(check([], 'User:ann read Doc:1')).toBe('error')
  })
})

describe('an unknown entity', () => {
  const blocked = docs({
    roles: [ir.role('Doc.blocked', { assignable: assignableTo('User') })],
    rules: [ir.rule('allow', 'read', ir.on('Doc'), ir.not(ir.mine('blocked')))],
  })

  it('does not open `allow if not blocked` for ids that somebody made up', () => {
    const facts = [ir.fact('Doc:1.blocked = User:bob')]
    expect(decide(blocked, facts, 'User:ann read Doc:1').allowed).toBe(true)
    expect(decide(blocked, facts, 'User:bob read Doc:1').allowed).toBe(false)
    const decision = decide(blocked, facts, 'User:ann read Doc:made-up')
    expect(decision).toMatchObject({ allowed: false, reason: 'error', errors: [{ code: 'unknown-entity' }] })
  })

  it('of a virtual type is known', () => {
    const virtual = docs({ ...blocked, types: [ir.actorType('User'), ir.type('Doc', { virtual: true })] })
    expect(decide(virtual, [], 'User:ann read Doc:made-up').allowed).toBe(true)
  })

  it('is known by the attributes that the request gives', () => {
    const sized = docs({
      rules: [
        ir.rule('allow', 'read', ir.on('Doc'), ir.compare(ir.field(ir.resource, 'size', ir.integer), '<', ir.int(9))),
      ],
    })
    expect(decide(sized, [], 'User:ann read Doc:1').reason).toBe('error')
    expect(ask(sized, [], 'User:ann', 'read', { type: 'Doc', id: '1', size: 3 }).reason).toBe('granted')
    expect(ask(sized, [], 'User:ann', 'read', { type: 'Doc', id: '1', size: 30 }).reason).toBe('not-permitted')
    const wrong = ask(sized, [], 'User:ann', 'read', { type: 'Doc', id: '1', size: '3' })
    expect(wrong).toMatchObject({ reason: 'error', errors: [{ code: 'wrong-kind' }] })
  })
})

describe('errors', () => {
  const size = ir.field(ir.resource, 'size', ir.integer)
  const isSmall = ir.compare(size, '<', ir.int(9))
  const known: EntityInput[] = [{ type: 'Doc', id: '1', editors: [] }]

  it('under `unless` do not widen', () => {
    const program = docs({ rules: [ir.rule('allow', 'read', ir.on('Doc'), ir.and(ir.yes, ir.not(isSmall)))] })
    expect(decide(program, known, 'User:ann read Doc:1')).toMatchObject({
      allowed: false,
      reason: 'error',
      errors: [{ code: 'missing-attribute' }],
    })
  })

  it('in a role line used negatively do not widen', () => {
    const program = docs({
      roles: [ir.role('Doc.banned', { condition: isSmall })],
      rules: [
        ir.rule('allow', 'read', ir.on('Doc')),
        ir.rule('deny', 'read', ir.on('Doc'), ir.mine('banned'), { id: 'ban' }),
      ],
    })
    expect(decide(program, known, 'User:ann read Doc:1')).toMatchObject({
      allowed: false,
      reason: 'error',
      rules: [{ id: 'ban' }],
    })
  })

  it('do not matter beside what decides', () => {
    const program = docs({
      rules: [
        ir.rule('allow', 'read', ir.on('Doc'), ir.or(isSmall, ir.yes), { id: 'a' }),
        ir.rule('allow', 'read', ir.on('Doc'), isSmall, { id: 'b' }),
        ir.rule('deny', 'read', ir.on('Doc'), ir.and(isSmall, ir.no), { id: 'c' }),
      ],
    })
    expect(decide(program, known, 'User:ann read Doc:1')).toMatchObject({
      allowed: true,
      rules: [{ id: 'a' }],
      errors: [],
    })
  })

  it('make way for a prohibition that is definite', () => {
    const program = docs({
      rules: [
        ir.rule('allow', 'read', ir.on('Doc'), isSmall),
        ir.rule('deny', 'read', ir.on('Doc'), ir.yes, { id: 'never', doc: 'Never.' }),
      ],
    })
    expect(decide(program, known, 'User:ann read Doc:1')).toMatchObject({
      reason: 'forbidden',
      rules: [{ id: 'never', doc: 'Never.' }],
      errors: [],
    })
  })
})

describe('recursion', () => {
  // a if b or x, b if a: wherever the search begins, x gives both.
  const program = (order: readonly string[]) =>
    docs({
      roles: order.map((name) => {
        const bodies: Record<string, ReturnType<typeof ir.or>> = {
          a: ir.or(ir.mine('b'), ir.mine('x')),
          b: ir.or(ir.mine('a'), ir.mine('c')),
          c: ir.mine('b'),
        }
        const condition = bodies[name]
        return condition === undefined
          ? ir.role(`Doc.${name}`, { assignable: assignableTo('User') })
          : ir.role(`Doc.${name}`, { condition })
      }),
      rules: [
        ir.rule('allow', 'read', ir.on('Doc'), ir.and(ir.mine('c'), ir.mine('a'))),
        ir.rule('allow', 'write', ir.on('Doc'), ir.and(ir.mine('a'), ir.mine('c'))),
        ir.rule('allow', 'delete', ir.on('Doc'), ir.and(ir.mine('b'), ir.not(ir.mine('c')))),
      ],
    })

  it.each([[['a', 'b', 'c', 'x']], [['x', 'c', 'b', 'a']], [['b', 'x', 'a', 'c']]])(
    'through %j answers alike wherever the search begins',
    (order) => {
      const held = [ir.fact('Doc:1.x = User:ann')]
      for (const action of ['read', 'write']) {
        expect(decide(program(order), held, `User:ann ${action} Doc:1`).allowed).toBe(true)
        expect(decide(program(order), held, `User:bob ${action} Doc:1`).reason).toBe('not-permitted')
      }
      expect(decide(program(order), held, 'User:ann delete Doc:1').reason).toBe('not-permitted')
    },
  )

  it('goes through an entity that is its own parent', () => {
    const inherited = docs({
      roles: [
        ir.role('Doc.reader', {
          assignable: assignableTo('User'),
          condition: ir.holds('reader', ir.entities(ir.resource, 'parent', true)),
        }),
      ],
      rules: [ir.rule('allow', 'read', ir.on('Doc'), ir.mine('reader'))],
    })
    const loop = [ir.fact('Doc:1.parent = Doc:1'), ir.fact('Doc:2.parent = Doc:1')]
    expect(decide(inherited, loop, 'User:ann read Doc:1').reason).toBe('not-permitted')
    expect(decide(inherited, [...loop, ir.fact('Doc:1.reader = User:ann')], 'User:ann read Doc:2').reason).toBe(
      'granted',
    )
  })

  it('follows a chain of 30,000 entities without a deep stack', () => {
    const inherited = docs({
      roles: [
        ir.role('Doc.reader', {
          assignable: assignableTo('User'),
          condition: ir.holds('reader', ir.entities(ir.resource, 'parent', true)),
        }),
      ],
      rules: [ir.rule('allow', 'read', ir.on('Doc'), ir.mine('reader'))],
    })
    const length = 30_000
    const chain = Array.from({ length }, (_, i) => ir.fact(`Doc:${i}.parent = Doc:${i + 1}`))
    const facts = [...chain, ir.fact(`Doc:${length}.reader = User:ann`)]
    expect(decide(inherited, facts, 'User:ann read Doc:0').reason).toBe('granted')
    expect(decide(inherited, facts, 'User:bob read Doc:0').reason).toBe('not-permitted')
  })

  it('through negation is an error where it has no answer', () => {
    const paradox = docs({
      roles: [ir.role('Doc.odd', { condition: ir.not(ir.mine('odd')) })],
      rules: [ir.rule('allow', 'read', ir.on('Doc'), ir.mine('odd'))],
    })
    expect(decide(paradox, [{ type: 'Doc', id: '1', editors: [] }], 'User:ann read Doc:1').reason).toBe('error')
  })
})

describe('gaps', () => {
  // Doc:2 has no author, though it has to have one.
  const docsOf = ir.list(ir.named('Doc:1'), ir.named('Doc:2'))
  const authors = ir.entities(docsOf, 'author')
  const facts = [ir.fact('Doc:1.author = User:ann'), { type: 'Doc', id: '2', size: 1 }]
  const reason = (condition: ReturnType<typeof ir.and>, actor: string) =>
    decide(docs({ rules: [ir.rule('allow', 'read', ir.on('Doc'), condition)] }), facts, `${actor} read Doc:1`).reason

  it('in `in`: true where a known member contains it, else an error', () => {
    expect(reason(ir.contained(ir.variable('actor'), authors), 'User:ann')).toBe('granted')
    expect(reason(ir.contained(ir.variable('actor'), authors), 'User:bob')).toBe('error')
    expect(reason(ir.not(ir.contained(ir.variable('actor'), authors)), 'User:bob')).toBe('error')
  })

  it('in `some` and `every`', () => {
    const isAnn = ir.compare(ir.local('x'), '==', ir.named('User:ann'))
    const isBob = ir.compare(ir.local('x'), '==', ir.named('User:bob'))
    expect(reason(ir.some(authors, 'x', isAnn), 'User:ann')).toBe('granted')
    expect(reason(ir.some(authors, 'x', isBob), 'User:ann')).toBe('error')
    expect(reason(ir.every(authors, 'x', isAnn), 'User:ann')).toBe('error')
    expect(reason(ir.every(authors, 'x', isBob), 'User:ann')).toBe('not-permitted')
  })

  it('in what is counted', () => {
    expect(reason(ir.compare(ir.builtin('length', authors), '>', ir.int(0)), 'User:ann')).toBe('error')
    expect(reason(ir.not(ir.builtin('isEmpty', authors)), 'User:ann')).toBe('granted')
  })

  it('are left by elements that err', () => {
    const set = ir.list(ir.int(1), ir.plus(ir.int(2n ** 63n - 1n), ir.int(1)))
    expect(reason(ir.element(ir.int(1), set), 'User:ann')).toBe('granted')
    expect(reason(ir.element(ir.int(2), set), 'User:ann')).toBe('error')
  })
})

describe('values of the wrong kind', () => {
  const tool = (args: unknown) => ({ kind: 'tool' as const, server: 's', name: 't', args })
  const program = (condition: ReturnType<typeof ir.and>) =>
    ir.program({ servers: [{ name: 's' }], rules: [ir.rule('allow', 'call', ir.items(ir.all), condition)] })
  const reason = (condition: ReturnType<typeof ir.and>, args: unknown) =>
    ask(program(condition), [], 'User:ann', 'call', tool(args)).reason

  it.each([['5'], [[7]], [null], [true], [{}], [Number.NaN]])('%j < 100 is an error, whatever JavaScript says', (n) => {
    expect(reason(ir.compare(ir.arg('n', ir.integer), '<', ir.int(100)), { n })).toBe('error')
    expect(reason(ir.not(ir.compare(ir.arg('n', ir.integer), '<', ir.int(100))), { n })).toBe('error')
  })

  it('of `json` are seen when they are compared', () => {
    const less = ir.compare(ir.arg('n', ir.json, true), '<', ir.int(100))
    expect(reason(less, { n: 5 })).toBe('granted')
    expect(reason(less, { n: '5' })).toBe('error')
    expect(reason(less, { n: [7] })).toBe('error')
    expect(reason(less, {})).toBe('error')
    expect(reason(ir.compare(ir.builtin('length', ir.arg('n', ir.json)), '==', ir.int(2)), { n: ['a', 'b'] })).toBe(
      'granted',
    )
    expect(reason(ir.compare(ir.builtin('length', ir.arg('n', ir.json)), '==', ir.int(2)), { n: '𝒳y' })).toBe('granted')
  })

  it('are not found on the prototype', () => {
    const reads = (name: string) => ir.has(ir.variable('args'), name)
    expect(reason(reads('constructor'), {})).toBe('not-permitted')
    expect(reason(reads('__proto__'), JSON.parse('{"__proto__": {"admin": true}}'))).toBe('granted')
    expect(reason(ir.arg('admin', ir.boolean, true), JSON.parse('{"__proto__": {"admin": true}}'))).toBe('error')
    expect(({} as { admin?: unknown }).admin).toBeUndefined()
  })

  it('overflow is an error', () => {
    const sum = ir.plus(ir.int(2n ** 63n - 1n), ir.int(1))
    expect(reason(ir.compare(sum, '>', ir.int(0)), {})).toBe('error')
    expect(reason(ir.compare(ir.plus(ir.int(2n ** 63n - 2n), ir.int(1)), '==', ir.int(2n ** 63n - 1n)), {})).toBe(
      'granted',
    )
  })

  it('absent is taken by `??` only', () => {
    const n = ir.arg('n', ir.integer, true)
    expect(reason(ir.compare(ir.orElse(n, ir.int(10)), '<=', ir.int(100)), {})).toBe('granted')
    expect(reason(ir.compare(ir.orElse(n, ir.int(10)), '<=', ir.int(100)), { n: 'x' })).toBe('error')
    expect(reason(ir.compare(n, '<=', ir.int(100)), {})).toBe('error')
  })
})

describe('entity keys', () => {
  const key = ir.construct('Doc', ir.arg('owner', ir.string), '/', ir.arg('name', ir.string))
  const program = docs({
    servers: [{ name: 's' }],
    roles: [ir.role('Doc.reader', { assignable: assignableTo('User') })],
    rules: [ir.rule('allow', 'call', ir.items(ir.all), ir.holds('reader', key))],
  })
  const reason = (args: unknown) => {
    const facts = [ir.fact('Doc:a/b/c.reader = User:ann'), ir.fact('Doc:a/b.reader = User:ann')]
    return ask(program, facts, 'User:ann', 'call', { kind: 'tool', server: 's', name: 't', args }).reason
  }

  it('are made of values without the separators', () => {
    expect(reason({ owner: 'a', name: 'b' })).toBe('granted')
    expect(reason({ owner: 'a/b', name: 'c' })).toBe('error')
    expect(reason({ owner: 'a', name: 'b/c' })).toBe('error')
  })

  it.each(['', '.', '..', '\ud800'])('never of %j', (name) => {
    expect(reason({ owner: 'a', name })).toBe('error')
  })
})

describe('bad requests', () => {
  const program = docs({
    rules: [ir.rule('allow', 'read', ir.everything)],
    groups: [{ name: 'browse', actions: ['read', 'write'] }],
    servers: [{ name: 's' }],
  })

  it.each([
    ['an actor that cannot act', 'Doc:1', 'read', 'Doc:1'],
    ['an actor of no type', 'Robot:1', 'read', 'Doc:1'],
    ['an action that nothing allows', 'User:ann', 'shred', 'Doc:1'],
    ['a group of actions', 'User:ann', 'browse', 'Doc:1'],
    ['a resource of no type', 'User:ann', 'read', 'Robot:1'],
    ['an action that the kind of item does not have', 'User:ann', 'call', { kind: 'prompt', server: 's', name: 'p' }],
    ['nothing', 'User:ann', 'read', undefined],
    ['a number', 'User:ann', 'read', 7],
    [
      'a getter that throws',
      'User:ann',
      'read',
      Object.defineProperty({}, 'type', {
        enumerable: true,
        get: () => {
          throw new Error()
        },
      }),
    ],
  ])('%s is a denial with an error', (_, actor, action, resource) => {
    const decision = ask(program, [], actor, action, resource as ResourceInput)
    expect(decision).toMatchObject({ allowed: false, reason: 'error', errors: [{ code: 'bad-request' }] })
  })

  it('say what a group has', () => {
    expect(ask(program, [], 'User:ann', 'browse', 'Doc:1').errors[0]?.message).toContain('`read`, `write`')
  })

  it('include one without a time', () => {
    expect(ask(program, [], 'User:ann', 'read', 'Doc:1', { now: 'yesterday' }).reason).toBe('error')
  })
})
