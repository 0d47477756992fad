import * as fc from 'fast-check'
import type { EntityInput, FactInput } from '../../src/facts/fact.ts'
import type { Expr } from '../../src/ir/expr.ts'
import type { Program, Role, Rule } from '../../src/ir/program.ts'
import * as ir from './ir.ts'

/**
 * Small random policies on documents with parents: roles that recurse, also through negation, permissions inside conditions,
 * errors from fields that are not set and from the context, prohibitions, agents.
 */
const roleNames = ['r0', 'r1', 'r2']

const parent = ir.entities(ir.resource, 'parent', true)
const size = ir.compare(ir.field(ir.resource, 'size', ir.integer), '<', ir.int(5))
/** An error where the context has no `n`, or one of the wrong kind. */
const small = ir.compare(ir.field(ir.variable('context'), 'n', ir.integer), '<', ir.int(5))
const trusted = ir.field(ir.variable('agent'), 'trusted', ir.boolean)
const inScope = ir.scope('x')

const leaves: Expr[] = [
  ir.yes,
  ir.no,
  size,
  small,
  inScope,
  ...roleNames.flatMap((name) => [ir.mine(name), ir.holds(name, parent)]),
  ir.may('read', ir.resource),
  ir.may('write', parent),
  ir.contained(ir.variable('actor'), ir.named('Group:g')),
  ir.some(parent, 'p', ir.holds('r0', ir.local('p'))),
  // A value that hangs on a role.
  ir.compare(
    ir.when(ir.mine('r1'), ir.int(1), ir.int(2)),
    '==',
    ir.orElse(ir.field(ir.variable('context'), 'm', ir.integer, { optional: true }), ir.int(1)),
  ),
]

export function conditions(of: readonly Expr[]): fc.Arbitrary<Expr> {
  const { condition } = fc.letrec<{ condition: Expr }>((tie) => ({
    condition: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(...of),
      fc.array(tie('condition'), { minLength: 2, maxLength: 3 }).map((operands) => ir.and(...operands)),
      fc.array(tie('condition'), { minLength: 2, maxLength: 3 }).map((operands) => ir.or(...operands)),
      tie('condition').map(ir.not),
      fc.tuple(tie('condition'), tie('condition'), tie('condition')).map(([a, b, c]) => ir.when(a, b, c)),
    ),
  }))
  return condition
}

const roles: fc.Arbitrary<readonly Role[]> = fc
  .tuple(...roleNames.map((name) => fc.tuple(fc.constant(name), conditions(leaves), fc.option(conditions(leaves)))))
  .map((all) =>
    all.map(([name, condition, except]) =>
      ir.role(`Doc.${name}`, {
        assignable: [
          { kind: 'entity', type: 'User' },
          { kind: 'entity', type: 'Group' },
          { kind: 'any', type: 'User' },
          { kind: 'holders', type: 'Doc', role: 'r0' },
        ],
        condition,
        ...(except === null ? {} : { except }),
      }),
    ),
  )

const rules: fc.Arbitrary<readonly Rule[]> = fc
  .array(
    fc.tuple(
      fc.constantFrom<Rule['effect'] | 'agent deny'>('allow', 'allow', 'deny', 'delegate', 'agent deny'),
      fc.constantFrom('read', 'write'),
      conditions(leaves),
      fc.boolean(),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((all) =>
    all.map(([effect, action, condition, everywhere], i) => {
      const mentionsAgent = effect === 'agent deny'
      return ir.rule(
        mentionsAgent ? 'deny' : (effect as Rule['effect']),
        action,
        everywhere ? ir.everything : ir.on('Doc'),
        mentionsAgent
          ? ir.and(condition, ir.not(trusted))
          : effect === 'delegate'
            ? ir.or(condition, trusted)
            : condition,
        { id: `rule ${i}`, mentionsAgent: mentionsAgent || effect === 'delegate' },
      )
    }),
  )

export const programs: fc.Arbitrary<Program> = fc
  .tuple(roles, rules)
  .map(([someRoles, someRules]) => documents({ roles: someRoles, rules: someRules }))

export function documents(parts: Partial<Program>): Program {
  return ir.program({
    types: [
      ir.actorType('User', { containers: ['Group'] }),
      ir.actorType('Agent', { fields: [ir.declared('trusted', ir.boolean)] }),
      ir.type('Group', { containers: ['Group'] }),
      ir.type('Doc', {
        fields: [ir.declared('size', ir.integer), ir.declared('parent', ir.entityType('Doc'), true)],
      }),
    ],
    context: [ir.declared('n', ir.integer), ir.declared('m', ir.integer, true)],
    delegates: true,
    ...parts,
  })
}

const docs = ['Doc:1', 'Doc:2', 'Doc:3']

/** Facts about three documents; agents of which one is trusted, one is not, and one is not known. */
export const factSets: fc.Arbitrary<readonly (FactInput | EntityInput)[]> = fc
  .record({
    parents: fc.tuple(...docs.map((doc) => fc.option(fc.constantFrom(...docs)).map((of) => [doc, of] as const))),
    sizes: fc.tuple(...docs.map(() => fc.constantFrom(1, 9, undefined))),
    roles: fc.array(
      fc.tuple(
        fc.constantFrom(...docs),
        fc.constantFrom(...roleNames),
        fc.constantFrom('User:ann', 'Group:g', 'any User', 'Doc:2.r0'),
      ),
      { maxLength: 4 },
    ),
    member: fc.boolean(),
  })
  .map(({ parents, sizes, roles: assigned, member }) => [
    ...parents.flatMap(([doc, of]) => (of === null ? [] : [ir.fact(`${doc}.parent = ${of}`)])),
    ...sizes.flatMap((value, i) => (value === undefined ? [] : [{ type: 'Doc', id: `${i + 1}`, size: value }])),
    ...assigned.map(([doc, name, subject]) => ir.fact(`${doc}.${name} = ${subject}`)),
    ...(member ? [ir.fact('User:ann.in = Group:g')] : []),
    { type: 'Agent', id: 'good', trusted: true },
    { type: 'Agent', id: 'bad', trusted: false },
  ])

/** Contexts, from knowing nothing to knowing the wrong thing. */
export const contexts = [{}, { n: 1 }, { n: 9 }, { n: 'x' }, { n: 1, m: 2 }]
