import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Expr } from '../../src/ir/expr.ts'
import type { Program } from '../../src/ir/program.ts'
import { createEvaluator } from '../../src/runtime/evaluator.ts'
import { evaluateResidual, partial } from '../../src/runtime/partial/partial.ts'
import { printResidual } from '../../src/runtime/partial/print-residual.ts'
import type { UnknownInput } from '../../src/runtime/question.ts'
import type { Environment, Item } from '../../src/runtime/request.ts'
import { now } from './ask.ts'
import * as ir from './ir.ts'
import { conditions, contexts, documents, factSets, programs } from './random-program.ts'

const repo = ir.construct('Repo', ir.arg('owner', ir.string), '/', ir.arg('name', ir.string))
const facts = [
  ir.fact('Repo:acme/site.reader = User:ann'),
  ir.fact('Repo:acme/lab.reader = User:bob', { until: '2027-01-01T00:00:00Z' }),
]

function policy(rules: Program['rules']): Program {
  return ir.program({
    types: [ir.actorType('User'), ir.actorType('Agent'), ir.type('Repo', { virtual: true })],
    roles: [
      ir.role('Repo.reader', { assignable: [{ kind: 'entity', type: 'User' }], except: ir.mine('banned') }),
      ir.role('Repo.banned', { assignable: [{ kind: 'entity', type: 'User' }] }),
    ],
    servers: [{ name: 's' }],
    rules,
    delegates: true,
  })
}

const tool = (args: unknown = {}): Item => ({ kind: 'tool', server: 's', name: 't', args })
const call = (condition: Expr, effect: 'allow' | 'deny' = 'allow') =>
  ir.rule(effect, 'call', ir.items(ir.all), condition, { id: effect })

function check(program: Program, resource: Item, open: readonly UnknownInput[], action = 'call', actor = 'User:ann') {
  const request = { actor, action, resource, env: { now } }
  return partial(createEvaluator(program), request, ir.factsOf(program, facts), open)
}

describe('with arguments unknown', () => {
  it('a rule that does not look at them decides', () => {
    expect(check(policy([call(ir.yes)]), tool(), ['args']).outcome).toBe('allow')
    expect(check(policy([call(ir.no)]), tool(), ['args']).outcome).toBe('deny')
    expect(check(policy([]), tool(), ['args']).outcome).toBe('deny')
  })

  it('a role on what they name is what remains', () => {
    const { outcome, residual } = check(policy([call(ir.and(ir.holds('reader', repo), ir.yes))]), tool(), ['args'])
    expect(outcome).toBe('depends')
    expect(printResidual(residual)).toBe('allow if Repo["{args.owner}/{args.name}"].reader  // allow')
  })

  it('an error that they cannot mend denies', () => {
    const broken = ir.compare(ir.plus(ir.int(2n ** 63n - 1n), ir.int(1)), '<', ir.arg('n', ir.integer))
    expect(check(policy([call(broken)]), tool(), ['args']).outcome).toBe('deny')
  })

  it('a prohibition that may hold leaves it open', () => {
    const denied = call(ir.builtin('startsWith', ir.arg('path', ir.string), ir.text('/etc/')), 'deny')
    const { outcome, residual } = check(policy([call(ir.yes), denied]), tool(), ['args'])
    expect(outcome).toBe('depends')
    expect(printResidual(residual)).toBe('allow  // allow\ndeny if args.path.startsWith("/etc/")  // deny')
  })
})

describe('with the time unknown', () => {
  it('a fact that ends is what remains', () => {
    const program = policy([call(ir.holds('reader', ir.named('Repo:acme/lab')))])
    const { outcome, residual } = check(program, tool(), ['now'], 'call', 'User:bob')
    expect(outcome).toBe('depends')
    expect(printResidual(residual)).toBe(
      'allow if User:bob in Repo:"acme/lab".reader  // allow\n' +
        'User:bob in Repo:"acme/lab".reader if now < datetime("2027-01-01T00:00:00Z")',
    )
    expect(check(program, tool(), ['now'], 'call', 'User:ann').outcome).toBe('deny')
  })
})

describe('with the URI unknown, but its template', () => {
  const program = policy([
    ir.rule(
      'allow',
      'read',
      ir.items(ir.uris('repo://{owner}/{name}/{+path}')),
      ir.holds('reader', ir.construct('Repo', ir.local('owner'), '/', ir.local('name'))),
      { id: 'read' },
    ),
  ])
  const template = (uriTemplate: string): Item => ({ kind: 'template', server: 's', uriTemplate })

  it('a template that no rule meets is denied', () => {
    expect(check(program, template('user://{id}'), ['uri'], 'read').outcome).toBe('deny')
    expect(check(program, template('repo://{a}/{b}/{+c}'), ['uri'], 'read').outcome).toBe('depends')
  })

  it('the residual is the decision on each URI', () => {
    const evaluator = createEvaluator(program)
    const { residual } = check(program, template('repo://{a}/{+c}'), ['uri'], 'read')
    const wired = JSON.parse(JSON.stringify(residual))
    for (const uri of [
      'repo://acme/site/x',
      'repo://acme/lab/x',
      'repo://acme/site',
      'other://acme/site/x',
      'repo://acme/../x',
    ]) {
      const request = {
        actor: 'User:ann',
        action: 'read',
        resource: { kind: 'resource', server: 's', uri } as const,
        env: { now },
      }
      const view = ir.factsOf(program, facts)
      expect(evaluateResidual(evaluator, wired, request, view)).toEqual(evaluator.decide(request, view))
    }
  })
})

const strings = ir.setType(ir.string)
const leaves = [
  ir.yes,
  ir.no,
  ir.compare(ir.arg('n', ir.integer), '<', ir.int(5)),
  ir.compare(ir.orElse(ir.arg('n', ir.integer, true), ir.int(1)), '==', ir.int(1)),
  ir.has(ir.variable('args'), 'n'),
  ir.holds('reader', repo),
  ir.not(ir.holds('banned', repo)),
  ir.some(ir.arg('list', strings), 'x', ir.compare(ir.local('x'), '==', ir.arg('owner', ir.string))),
  ir.every(
    ir.list(ir.text('acme'), ir.text('other')),
    'x',
    ir.compare(ir.local('x'), '==', ir.arg('owner', ir.string)),
  ),
  ir.compare(
    ir.when(ir.holds('reader', ir.named('Repo:acme/site')), ir.int(1), ir.arg('n', ir.integer)),
    '==',
    ir.int(1),
  ),
  ir.obtainable({ kind: 'confirmed' }),
  ir.obtainable({
    kind: 'approved',
    count: 1,
    local: 'approver',
    body: ir.holds('reader', repo, ir.local('approver')),
    of: 'repo.reader',
  }),
]
const argumentSets = [
  {},
  { n: 1 },
  { n: 9, owner: 'acme', name: 'site' },
  { owner: 'acme', name: 'lab', list: ['acme'] },
  { owner: 'a/b', name: '', list: [] },
  { n: 'x', owner: 7, list: 'no' },
]
const situations: Environment[] = [
  {},
  { confirmed: true },
  { approvals: ['User:bob'] },
  { agents: ['Agent:a'], confirmed: true },
]

const policies = fc
  .record({
    allows: fc.array(conditions(leaves), { minLength: 1, maxLength: 2 }),
    denies: fc.array(conditions(leaves), { maxLength: 1 }),
    delegates: fc.array(conditions(leaves), { maxLength: 1 }),
  })
  .map(({ allows, denies, delegates }) =>
    policy([
      ...allows.map((condition, i) => ir.rule('allow', 'call', ir.items(ir.all), condition, { id: `allow ${i}` })),
      ...denies.map((condition) => ir.rule('deny', 'call', ir.items(ir.all), condition, { id: 'deny' })),
      ...delegates.map((condition) => ir.rule('delegate', 'call', ir.items(ir.all), condition, { id: 'delegate' })),
    ]),
  )

describe('whatever the arguments turn out to be', () => {
  it('a partial decision agrees with each completion, and its residual evaluates to the decision (invariant 9)', () => {
    fc.assert(
      fc.property(policies, fc.constantFrom(...situations), (program, env) => {
        const evaluator = createEvaluator(program)
        const view = ir.factsOf(program, facts)
        const ask = (args: unknown) => ({
          actor: 'User:ann',
          action: 'call',
          resource: tool(args),
          env: { now, ...env },
        })
        const { outcome, residual } = partial(evaluator, ask({}), view, ['args'])
        const wired = JSON.parse(JSON.stringify(residual))
        for (const args of argumentSets) {
          const decision = evaluator.decide(ask(args), view)
          if (outcome !== 'depends') expect(decision.allowed).toBe(outcome === 'allow')
          const { allowed, reason, rules } = evaluateResidual(evaluator, wired, ask(args), view)
          expect({ allowed, reason, rules }).toEqual({
            allowed: decision.allowed,
            reason: decision.reason,
            rules: decision.rules,
          })
        }
      }),
      { numRuns: 300 },
    )
  })

  it('an item that is not listed is denied (invariant 10)', () => {
    fc.assert(
      fc.property(policies, fc.constantFrom(...situations), (program, env) => {
        const evaluator = createEvaluator(program)
        const view = ir.factsOf(program, facts)
        const { agents = [] } = env
        const listing = { actor: 'User:ann', action: 'list', resource: tool(), env: { now, agents } }
        if (evaluator.can(listing, view)) return
        for (const args of argumentSets) {
          const use = { actor: 'User:ann', action: 'call', resource: tool(args), env: { now, ...env } }
          expect(evaluator.can(use, view)).toBe(false)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('with the fields unknown', () => {
  const size = ir.compare(ir.field(ir.resource, 'size', ir.integer), '<', ir.int(5))
  const inGroup = ir.contained(ir.variable('actor'), ir.named('Group:g'))
  const parent = ir.entities(ir.resource, 'parent', true)
  const allow = (condition: Expr) => ir.rule('allow', 'read', ir.on('Doc'), condition, { id: 'allow' })
  const role = ir.role('Doc.r0', { assignable: [{ kind: 'entity', type: 'User' }] })

  it.each<[string, Expr, readonly string[], string, string]>([
    ['a field that is not set is what remains', size, [], 'depends', 'allow if Doc:1.size < 5  // allow'],
    ['a field that is set decides', size, ['Doc:1.size'], 'deny', ''],
    ['so does a role', ir.mine('r0'), ['Doc:1.r0 = User:ann'], 'allow', 'allow  // allow'],
    ['and that there is none', ir.and(ir.mine('r0'), size), ['Doc:1.size'], 'deny', ''],
    ['what the actor is in is open', inGroup, [], 'depends', 'allow if User:ann in Group:g  // allow'],
    ['and decides where it is known', inGroup, ['User:ann.in = Group:g'], 'allow', 'allow  // allow'],
    ['a path over an open field is', ir.holds('r0', parent), [], 'depends', 'allow if Doc:1.parent.r0  // allow'],
  ])('%s', (_, condition, given, outcome, text) => {
    const program = documents({ rules: [allow(condition)], roles: [role] })
    const some = given.map((line) => (line.endsWith('size') ? { type: 'Doc', id: '1', size: 9 } : ir.fact(line)))
    const view = ir.factsOf(program, [{ type: 'Doc', id: '1' }, ...some])
    const request = { actor: 'User:ann', action: 'read', resource: 'Doc:1', env: { now } }
    const found = partial(createEvaluator(program), request, view, ['fields'])
    expect({ outcome: found.outcome, text: printResidual(found.residual) }).toEqual({ outcome, text })
  })

  it('agrees with the decision on all facts that have more fields, and its residual evaluates to it (invariant 9)', () => {
    const isRole = (fact: object) => 'relation' in fact && /^r\d$/.test(`${fact.relation}`)
    fc.assert(
      fc.property(programs, factSets, factSets, fc.constantFrom(...contexts), (program, some, others, context) => {
        const evaluator = createEvaluator(program)
        const roles = some.filter(isRole)
        const request = { actor: 'User:ann', action: 'read', resource: 'Doc:1', env: { now, context } }
        const { outcome, residual } = partial(evaluator, request, ir.factsOf(program, roles), ['fields'])
        const wired = JSON.parse(JSON.stringify(residual))
        for (const fields of [some, others]) {
          const view = ir.factsOf(program, [...roles, ...fields.filter((fact) => !isRole(fact))])
          const { allowed, reason } = evaluator.decide(request, view)
          if (outcome !== 'depends') expect(allowed).toBe(outcome === 'allow')
          const completed = evaluateResidual(evaluator, wired, request, view)
          expect({ allowed: completed.allowed, reason: completed.reason }).toEqual({ allowed, reason })
        }
      }),
      { numRuns: 40 },
    )
  })
})
