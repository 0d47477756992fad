import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { missing } from '../../src/explain/missing.ts'
import type { EntityInput, FactInput } from '../../src/facts/fact.ts'
import type { Expr } from '../../src/ir/expr.ts'
import type { Program, Role, Rule } from '../../src/ir/program.ts'
import type { MissingFact } from '../../src/runtime/decision.ts'
import { createEvaluator } from '../../src/runtime/evaluator.ts'
import type { ActorInput, Environment } from '../../src/runtime/request.ts'
import * as ir from '../runtime/ir.ts'
import { documents, factSets } from '../runtime/random-program.ts'

const now = 1_000_000_000
const acr = (level: string): Expr => ir.obtainable({ kind: 'acr', acr: level })
const age = (atMost: number): Expr => ir.obtainable({ kind: 'auth-age', atMost, strict: false })
const confirmed: Expr = ir.obtainable({ kind: 'confirmed' })
const approved = (count: number, body: Expr = ir.yes): Expr =>
  ir.obtainable({ kind: 'approved', count, local: 'approver', body, of: 'owners' })
const scopes = [
  { scope: 'read', includedIn: ['write', 'admin'] },
  { scope: 'write', includedIn: ['admin'] },
]

function show(fact: MissingFact): string {
  switch (fact.kind) {
    case 'scope':
      return fact.scope
    case 'acr':
      return fact.acr
    case 'auth-age':
      return `age ${fact.atMost}`
    case 'confirmed':
      return 'confirmed'
    case 'approved':
      return `${fact.count} of ${fact.of}`
  }
}

function find(
  rules: readonly Rule[],
  env: Environment = {},
  actor: ActorInput = 'User:ann',
  roles: readonly Role[] = [],
) {
  const program = documents({ rules, roles, scopes })
  const facts = ir.factsOf(program, [ir.fact('Doc:1.parent = Doc:2'), ir.fact('Doc:2.parent = Doc:1')])
  const { sets, truncated } = missing(
    createEvaluator(program),
    { actor, action: 'read', resource: 'Doc:1', env: { now, ...env } },
    facts,
  )
  return { sets: sets.map((set) => set.map(show)), truncated }
}

const allow = (condition: Expr) =>
  ir.rule('allow', 'read', ir.on('Doc'), condition, { id: JSON.stringify(condition).slice(0, 80) })
const deny = (condition: Expr) => ir.rule('deny', 'read', ir.on('Doc'), condition, { id: 'deny' })
const sets = (...found: string[][]) => ({ sets: found, truncated: false })

describe('what is missing', () => {
  it('is nothing for an allow, and nothing where it would not help', () => {
    expect(find([allow(ir.yes)])).toEqual(sets())
    expect(find([allow(ir.no)])).toEqual(sets())
    expect(find([allow(ir.scope('x')), deny(ir.yes)])).toEqual(sets())
    expect(find([allow(ir.and(ir.scope('x'), ir.no))])).toEqual(sets())
  })

  it('is one set for each way, the smallest first', () => {
    expect(find([allow(ir.and(ir.scope('x'), acr('aal2'))), allow(confirmed)])).toEqual(
      sets(['confirmed'], ['aal2', 'x']),
    )
    expect(find([allow(ir.or(ir.scope('x'), ir.and(ir.scope('x'), confirmed)))])).toEqual(sets(['x']))
  })

  it('is not what is held', () => {
    const rules = [allow(ir.and(ir.scope('x'), acr('aal2')))]
    expect(find(rules, { token: { scopes: ['x'] } })).toEqual(sets(['aal2']))
    expect(find(rules, { token: { scopes: ['x'], acr: 'aal2' } })).toEqual(sets())
  })

  it('counts under `deny … unless`', () => {
    expect(find([allow(ir.yes), deny(ir.not(ir.scope('x')))])).toEqual(sets(['x']))
    expect(find([allow(acr('aal2')), deny(ir.not(ir.scope('x')))])).toEqual(sets(['aal2', 'x']))
  })

  it('names the weakest scope, and none that another gives', () => {
    expect(find([allow(ir.or(ir.scope('write'), ir.scope('read')))])).toEqual(sets(['read']))
    expect(find([allow(ir.and(ir.scope('write'), ir.scope('read')))])).toEqual(sets(['write']))
    expect(find([allow(ir.and(ir.scope('write'), ir.scope('read')))], { token: { scopes: ['admin'] } })).toEqual(sets())
  })

  it('names the youngest authentication that is needed', () => {
    expect(find([allow(ir.and(age(100), age(50)))])).toEqual(sets(['age 50']))
    expect(find([allow(ir.or(age(100), age(50)))])).toEqual(sets(['age 100']))
  })

  it('never wants two authentication contexts at once', () => {
    expect(find([allow(ir.and(acr('aal2'), acr('aal3')))])).toEqual(sets())
  })

  it('goes through roles, also recursive ones, and through permissions', () => {
    const parent = ir.entities(ir.resource, 'parent', true)
    const role = ir.role('Doc.r0', { condition: ir.or(ir.holds('r0', parent), ir.scope('x')) })
    expect(find([allow(ir.mine('r0'))], {}, 'User:ann', [role])).toEqual(sets(['x']))
    const banned = ir.role('Doc.r1', { condition: ir.not(ir.scope('x')) })
    expect(find([allow(ir.yes), deny(ir.mine('r1'))], {}, 'User:ann', [banned])).toEqual(sets(['x']))
    expect(find([allow(ir.may('write', ir.resource)), ir.rule('allow', 'write', ir.on('Doc'), confirmed)])).toEqual(
      sets(['confirmed']),
    )
  })

  it('asks for approvals, not by whom has approved but by how many', () => {
    expect(find([allow(approved(2))])).toEqual(sets(['2 of owners']))
    expect(find([allow(approved(2))], { approvals: ['User:bob'] })).toEqual(sets(['2 of owners']))
    expect(find([allow(approved(2))], { approvals: ['User:bob', 'User:eve'] })).toEqual(sets())
    // Who asks approves nothing, and nobody approves twice.
    expect(find([allow(approved(2))], { approvals: ['User:ann', 'User:bob', 'User:bob'] })).toEqual(
      sets(['2 of owners']),
    )
  })

  it('is nothing that an error stands beside', () => {
    const broken = ir.compare(ir.field(ir.resource, 'size', ir.integer), '<', ir.int(5))
    expect(find([allow(ir.and(ir.scope('x'), broken))])).toEqual(sets())
    expect(find([allow(ir.scope('x')), deny(broken)])).toEqual(sets())
    expect(find([allow(ir.or(broken, ir.scope('x')))])).toEqual(sets(['x']))
  })

  it('is not told to who is not authenticated', () => {
    expect(find([allow(ir.scope('x'))], {}, null)).toEqual(sets())
  })

  it('is bounded, and says so', () => {
    const many = (n: number) => Array.from({ length: n }, (_, i) => ir.scope(`s${i}`))
    expect(find([allow(ir.and(...many(4)))])).toEqual(sets(['s0', 's1', 's2', 's3']))
    expect(find([allow(ir.and(...many(5)))])).toEqual({ sets: [], truncated: true })
    expect(find([allow(ir.or(...many(9)))])).toMatchObject({ truncated: true })
    expect(find([allow(ir.or(...many(9)))]).sets).toHaveLength(8)
    expect(find([allow(ir.or(...many(8)))]).truncated).toBe(false)
  })
})

/** Conditions in which obtainable facts stand at positive sign only, as the checker has it. */
const pure = [ir.yes, ir.no, ir.mine('r0'), ir.holds('r0', ir.entities(ir.resource, 'parent', true))]
const wanted = [
  ir.scope('read'),
  ir.scope('write'),
  ir.scope('other'),
  acr('aal2'),
  acr('aal3'),
  age(50),
  age(100),
  confirmed,
  ir.mine('r1'),
  ir.holds('r1', ir.entities(ir.resource, 'parent', true)),
  ir.may('read', ir.entities(ir.resource, 'parent', true)),
]
const missingSize = ir.compare(ir.field(ir.resource, 'size', ir.integer), '<', ir.int(5))

const { positive, negative } = fc.letrec<{ positive: Expr; negative: Expr }>((tie) => {
  const connective = (side: 'positive' | 'negative') =>
    fc
      .tuple(fc.boolean(), fc.array(tie(side), { minLength: 2, maxLength: 3 }))
      .map(([all, operands]) => (all ? ir.and(...operands) : ir.or(...operands)))
  return {
    positive: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(...wanted, ...pure, missingSize),
      connective('positive'),
      tie('negative').map(ir.not),
    ),
    negative: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(...pure, missingSize),
      connective('negative'),
      tie('positive').map(ir.not),
    ),
  }
})

const policies: fc.Arbitrary<Program> = fc
  .record({
    r0: fc.constantFrom(...pure, missingSize),
    r1: positive,
    except: negative,
    allows: fc.array(positive, { minLength: 1, maxLength: 3 }),
    denies: fc.array(negative, { maxLength: 2 }),
    delegate: positive,
  })
  .map(({ r0, r1, except, allows, denies, delegate }) => {
    const assignable = [
      { kind: 'entity' as const, type: 'User' },
      { kind: 'entity' as const, type: 'Group' },
      { kind: 'any' as const, type: 'User' },
      { kind: 'holders' as const, type: 'Doc', role: 'r0' },
    ]
    return documents({
      scopes,
      roles: [
        ir.role('Doc.r0', { assignable, condition: r0 }),
        ir.role('Doc.r1', { assignable, condition: r1, except }),
        ir.role('Doc.r2', { assignable }),
      ],
      rules: [
        ...allows.map((condition, i) => ir.rule('allow', 'read', ir.on('Doc'), condition, { id: `allow ${i}` })),
        ...denies.map((condition, i) => ir.rule('deny', 'read', ir.on('Doc'), condition, { id: `deny ${i}` })),
        ir.rule('delegate', 'read', ir.on('Doc'), delegate, { id: 'delegate' }),
      ],
    })
  })

interface Held {
  scopes: readonly string[]
  acr?: string
  authTime?: string
  confirmed: boolean
}

/** The caller, having got these facts, too. */
function withFacts(held: Held, facts: readonly MissingFact[]): Held {
  const all = { ...held, scopes: [...held.scopes] }
  for (const fact of facts) {
    if (fact.kind === 'scope') all.scopes.push(fact.scope)
    else if (fact.kind === 'acr') all.acr = fact.acr
    else if (fact.kind === 'auth-age') all.authTime = new Date(now - fact.atMost).toISOString()
    else all.confirmed = true
  }
  return all
}

describe('each missing set', () => {
  it('is sufficient, minimal and disjoint from what is held (invariant 12)', () => {
    const holdings: fc.Arbitrary<Held> = fc
      .tuple(fc.constantFrom([], ['read'], ['write']), fc.boolean(), fc.boolean())
      .map(([scopes, isConfirmed, signedIn]) => ({
        scopes,
        confirmed: isConfirmed,
        ...(signedIn ? { authTime: new Date(now - 70).toISOString() } : {}),
      }))
    let told = 0
    const question = fc.record({
      program: policies,
      facts: factSets,
      held: holdings,
      agents: fc.constantFrom([], ['Agent:good']),
    })
    fc.assert(
      fc.property(question, ({ program, facts: inputs, held, agents }) => {
        const evaluator = createEvaluator(program)
        const facts = ir.factsOf(program, inputs as readonly (FactInput | EntityInput)[])
        const request = ({ confirmed: isConfirmed, ...token }: Held) => ({
          actor: 'User:ann',
          action: 'read',
          resource: 'Doc:1',
          env: { now, agents, token, confirmed: isConfirmed },
        })
        const found = missing(evaluator, request(held), facts)
        if (evaluator.can(request(held), facts)) expect(found.sets).toEqual([])
        for (const set of found.sets) {
          told++
          expect(evaluator.can(request(withFacts(held, set)), facts)).toBe(true)
          for (const fact of set) {
            expect(
              evaluator.can(
                request(
                  withFacts(
                    held,
                    set.filter((other) => other !== fact),
                  ),
                ),
                facts,
              ),
            ).toBe(false)
          }
        }
        // Nothing is left out: where all that can be got together helps, something is told.
        const everything = withFacts(held, [
          { kind: 'scope', scope: 'write' },
          { kind: 'scope', scope: 'other' },
          { kind: 'auth-age', atMost: 50, strict: false },
          { kind: 'confirmed' },
        ])
        if (!evaluator.can(request(held), facts) && evaluator.can(request(everything), facts)) {
          expect(found.sets.length > 0 || found.truncated).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
    expect(told).toBeGreaterThan(50)
  })
})
