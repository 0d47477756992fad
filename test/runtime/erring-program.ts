import * as fc from 'fast-check'
import type { EntityInput, FactInput } from '../../src/facts/fact.ts'
import type { Expr } from '../../src/ir/expr.ts'
import type { Program, Role, Rule } from '../../src/ir/program.ts'
import * as ir from './ir.ts'

/**
 * Programs in which everything that has operands or ranges over members may err, also only after roles have been solved. No
 * recursion: each role asks for those before it.
 */
const users = ir.field(ir.resource, 'editors', ir.setType(ir.entityType('User')), { relation: true, optional: true })
const author = ir.field(ir.resource, 'author', ir.entityType('User'), { relation: true })
const context = ir.variable('context')
const maybe = ir.field(context, 'm', ir.integer, { optional: true })
const probe = (args: readonly Expr[]): Expr => ({ kind: 'host-call', function: 'probe', args, at: ir.at })

const roleNames = ['r0', 'r1', 'r2']

const half = fc.nat(3).map((n) => n === 0)

interface Expressions {
  readonly condition: Expr
  readonly int: Expr
  readonly ints: Expr
  readonly user: Expr
  readonly people: Expr
}

/** Conditions over these roles. */
function conditionsOver(roles: readonly string[]): fc.Arbitrary<Expr> {
  const { condition } = fc.letrec<Expressions>((tie: fc.LetrecTypedTie<Expressions>) => {
    const [cond, int, ints] = [tie('condition'), tie('int'), tie('ints')] as const
    const [user, people] = [tie('user'), tie('people')] as const
    const split = (of: fc.Arbitrary<Expr>) => fc.tuple(cond, of, of).map(([c, a, b]) => ir.when(c, a, b))
    const held = (of: readonly fc.Arbitrary<Expr>[]) => (roles.length === 0 ? [] : of)
    const role = fc.constantFrom(...(roles.length === 0 ? ['none'] : roles))
    const several = (of: fc.Arbitrary<Expr>, minLength = 1) => fc.array(of, { minLength, maxLength: 3 })
    return {
      condition: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom(ir.yes, ir.no, ir.scope('x')),
        ...held([
          role.map(ir.mine),
          role.map(ir.mine),
          fc.tuple(role, user).map(([name, who]) => ir.holds(name, ir.resource, who)),
          fc.tuple(role, people).map(([name, who]) => ir.some(who, 'p', ir.holds(name, ir.resource, ir.local('p')))),
        ]),
        fc.tuple(int, fc.constantFrom('<', '==', '!=' as const), int).map(([a, op, b]) => ir.compare(a, op, b)),
        fc.tuple(cond, cond).map(([a, b]) => ir.compare(a, '==', b)),
        fc.tuple(int, ints).map(([a, b]) => ir.element(a, b)),
        fc.tuple(cond, several(cond)).map(([a, b]) => ir.element(a, ir.list(...b))),
        ints.map((of) => ir.builtin('isEmpty', of)),
        fc
          .tuple(fc.constantFrom('containsAll', 'containsAny'), ints, ints)
          .map(([name, a, b]) => ir.builtin(name, a, b)),
        fc
          .tuple(fc.constantFrom(ir.some, ir.every), ints, int)
          .map(([quantifier, of, n]) => quantifier(of, 'x', ir.compare(ir.plus(ir.local('x'), n), '<', ir.int(6)))),
        fc
          .tuple(fc.constantFrom(ir.some, ir.every), people)
          .map(([quantifier, of]) =>
            quantifier(of, 'p', ir.compare(ir.field(ir.local('p'), 'level', ir.integer), '<', ir.int(3))),
          ),
        fc.tuple(user, people).map(([a, b]) => ir.contained(a, b)),
        fc.tuple(user, fc.constantFrom('Group:g', 'Group:h')).map(([a, b]) => ir.contained(a, ir.named(b))),
        user.map((of) => ir.has(of, 'tag')),
        fc.array(int, { minLength: 1, maxLength: 2 }).map(probe),
        fc.tuple(int, fc.oneof(fc.constant(maybe), split(fc.constantFrom(maybe, ir.int(3))))).map(probe),
        several(cond, 2).map((operands) => ir.and(...operands)),
        several(cond, 2).map((operands) => ir.or(...operands)),
        cond.map(ir.not),
        split(cond),
      ),
      int: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom(1, 2, 9).map(ir.int),
        fc.constantFrom(
          ir.field(context, 'n', ir.integer),
          maybe,
          ir.field(ir.resource, 'size', ir.integer),
          ir.field(author, 'level', ir.integer),
          ir.plus(ir.int(2n ** 63n - 1n), ir.int(1)),
        ),
        fc.tuple(int, int).map(([a, b]) => ir.plus(a, b)),
        fc.tuple(int, int).map(([a, b]) => ir.orElse(a, b)),
        ints.map((of) => ir.builtin('length', of)),
        user.map((of) => ir.field(of, 'level', ir.integer)),
        split(int),
      ),
      ints: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom(ir.field(context, 'ns', ir.setType(ir.integer)), ir.list()),
        several(int).map((of) => ir.list(...of)),
        several(split(int), 2).map((of) => ir.list(...of)),
        people.map((of) => ir.field(of, 'level', ir.integer)),
        split(ints),
      ),
      user: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom(ir.variable('actor'), author, ir.named('User:bob'), ir.named('User:nobody')),
        split(user),
      ),
      people: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constant(users),
        several(user).map((of) => ir.list(...of)),
        fc.oneof(user, people).map((of) => ir.entities(of, 'manager')),
        people.map((of) => ir.field(of, 'manager', ir.entityType('User'), { relation: true })),
        split(people),
      ),
    }
  })
  return condition
}

const assignable: Role['assignable'] = [
  { kind: 'entity', type: 'User' },
  { kind: 'entity', type: 'Group' },
  { kind: 'entity', type: 'User', when: 'small' },
  { kind: 'any', type: 'User' },
]

const roles: fc.Arbitrary<readonly Role[]> = fc.tuple(
  ...roleNames.map((name, i) => {
    const condition = conditionsOver(roleNames.slice(0, i))
    const below = roleNames.slice(0, i).map((role) => ({ kind: 'holders', type: 'Doc', role }) as const)
    return fc.tuple(condition, condition, half).map(([given, except, hasExcept]) =>
      ir.role(`Doc.${name}`, {
        assignable: [...assignable, ...below],
        condition: given,
        ...(hasExcept ? { except } : {}),
      }),
    )
  }),
)

const conditions = conditionsOver(roleNames)

function programOf(parts: { readonly roles: readonly Role[]; readonly rules: readonly Rule[] }): Program {
  return placed(
    ir.program({
      types: [
        ir.actorType('User', {
          containers: ['Group'],
          fields: [
            ir.declared('level', ir.integer),
            ir.declared('tag', ir.string, true),
            ir.declared('manager', ir.entityType('User')),
          ],
        }),
        ir.type('Group', { containers: ['Group'] }),
        ir.type('Doc', {
          fields: [
            ir.declared('size', ir.integer),
            ir.declared('author', ir.entityType('User')),
            ir.declared('editors', ir.setType(ir.entityType('User')), true),
          ],
        }),
      ],
      context: [
        ir.declared('n', ir.integer),
        ir.declared('m', ir.integer, true),
        ir.declared('ns', ir.setType(ir.integer)),
      ],
      conditions: [
        {
          name: 'small',
          params: [ir.declared('limit', ir.integer)],
          body: ir.compare(ir.plus(ir.local('limit'), ir.field(context, 'n', ir.integer)), '<', ir.int(6)),
        },
      ],
      functions: [
        {
          name: 'probe',
          params: [ir.declared('a', ir.integer), ir.declared('b', ir.integer, true)],
          result: ir.boolean,
        },
      ],
      ...parts,
    }),
  )
}

/** One rule that allows; a role may have two lines. */
export const programs = fc
  .tuple(roles, fc.option(conditionsOver([]), { freq: 1 }), conditions)
  .map(([someRoles, second, condition]) =>
    programOf({
      roles: second === null ? someRoles : [...someRoles, ir.role('Doc.r0', { assignable, condition: second })],
      rules: [ir.rule('allow', 'read', ir.on('Doc'), condition, { id: 'allow' })],
    }),
  )

/** Several rules, also that deny. */
export const ruleSets = fc
  .tuple(
    roles,
    fc.array(fc.tuple(fc.constantFrom('allow', 'deny' as const), conditions), { minLength: 1, maxLength: 4 }),
  )
  .map(([someRoles, rules]) =>
    programOf({
      roles: someRoles,
      rules: rules.map(([effect, condition], i) =>
        ir.rule(effect, 'read', ir.on('Doc'), condition, { id: `rule ${i}` }),
      ),
    }),
  )

/** Every expression, rule and role at a place of its own. */
function placed(program: Program): Program {
  let next = 0
  const place = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(place)
    if (typeof part !== 'object' || part === null) return part
    const copy = Object.fromEntries(Object.entries(part).map(([name, of]) => [name, name === 'at' ? of : place(of)]))
    if ('at' in copy) {
      copy.at = { file: 'test', start: next, end: next + 1 }
      next += 1
    }
    return copy
  }
  return place(program) as Program
}

export const functions = {
  probe: (a: unknown, b: unknown): boolean => {
    if (a === 1) throw new Error('a probe that fails')
    return b === undefined ? a === 2 : Number(a) < Number(b)
  },
}

export const contexts = [
  {},
  { n: 1, ns: [1, 2] },
  { n: 9, m: 2, ns: [3, 'x', null] },
  { n: 'x', ns: 7 },
  { n: 1, m: 1 },
]
export const tokens = [{}, { scopes: ['x'] }, { scopes: ['y', 7] }, { scopes: 7 }]

const people = ['User:ann', 'User:bob', 'User:cat', 'User:dan']

/** What is known of some people and two documents. */
const factSets: fc.Arbitrary<readonly (FactInput | EntityInput)[]> = fc
  .record({
    levels: fc.tuple(...people.map(() => fc.constantFrom(1, 5, undefined))),
    managers: fc.tuple(...people.map(() => fc.constantFrom(...people, undefined))),
    tagged: fc.subarray(people),
    editors: fc.subarray([...people, 'User:eve', 'User:fay']),
    author: fc.constantFrom('User:ann', 'User:bob', 'User:gus', undefined),
    size: fc.constantFrom(1, 9, undefined),
    member: half,
    roles: fc.array(
      fc.record({
        doc: fc.constantFrom('Doc:1', 'Doc:2'),
        role: fc.constantFrom(...roleNames),
        subject: fc.constantFrom('User:ann', 'User:bob', 'Group:g', 'any User', 'Doc:2.r0', 'Doc:1.r0', 'Doc:3.r0'),
        limit: fc.constantFrom(undefined, undefined, 1, 9),
      }),
      { maxLength: 5 },
    ),
  })
  .map(({ levels, managers, tagged, editors, author: by, size, member, roles: assigned }) => [
    { type: 'Doc', id: '1', ...(size === undefined ? {} : { size }) },
    ...people.flatMap((who, i) => {
      const [level, manager] = [levels[i], managers[i]]
      const [type = '', id = ''] = who.split(':')
      const record = { ...(level === undefined ? {} : { level }), ...(tagged.includes(who) ? { tag: 'a' } : {}) }
      return [
        ...(Object.keys(record).length === 0 ? [] : [{ type, id, ...record }]),
        ...(manager === undefined ? [] : [ir.fact(`${who}.manager = ${manager}`)]),
      ]
    }),
    ...editors.map((who) => ir.fact(`Doc:1.editors = ${who}`)),
    ...(by === undefined ? [] : [ir.fact(`Doc:1.author = ${by}`)]),
    ...(member ? [ir.fact('User:ann.in = Group:g')] : []),
    ...assigned.flatMap(({ doc, role, subject, limit }) => {
      const holders = /\.r0$/.test(subject)
      if (holders && role === 'r0') return []
      const carries = limit !== undefined && /^User:/.test(subject)
      return [ir.fact(`${doc}.${role} = ${subject}`, carries ? { when: { let: 'small', args: { limit } } } : {})]
    }),
  ])

export const questions = fc.record({
  facts: factSets,
  context: fc.constantFrom(...contexts),
  token: fc.constantFrom(...tokens),
})
