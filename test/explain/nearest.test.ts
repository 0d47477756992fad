import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/explain/nearest/change.ts'
import { nearest } from '../../src/explain/nearest/nearest.ts'
import { type MemoryStore, memoryStore } from '../../src/facts/memory.ts'
import { factSchema } from '../../src/facts/schema.ts'
import { compile, createEngine, type Environment, printChange, type ResourceInput, tool } from '../../src/index.ts'
import type { Program } from '../../src/ir/program.ts'
import { createEvaluator } from '../../src/runtime/evaluator.ts'
import { processorTime } from '../processor-time.ts'
import * as ir from '../runtime/ir.ts'
import { contexts, factSets, programs } from '../runtime/random-program.ts'

const policy = `
actor User in Group { clearance: int, suspended: boolean }
actor Agent { clearance: int, suspended: boolean }
resource Group in Group
context { ticket?: string }
role employee: User
role engineer if "engineering" in token.groups
resource Org { role admin: User | Group }
let quiet = now.hourIn("UTC") < 6
resource Repo {
  org: Org
  private: boolean
  size: int
  kind: "a" | "b"
  maintainers: User[]
  keeper?: User
  role owner: User
  role banned: User
  role team: Group
  role guest: User when onTicket
  role writer: User | Group if owner or org.admin
  role reader: User | Group if writer or (employee and not private)
  allow read if reader
  allow write if writer
  allow delete if owner and acr("aal2")
  allow tag if engineer and size <= 10
  allow label if kind == "a" and actor.clearance > 3
  allow keep if keeper or actor in maintainers
  allow visit if guest
  allow push if team
  allow sleep if quiet
  allow purge if owner
  deny purge if true
  deny * if banned
}
let onTicket(ticket: string) = ticket == "T1"
deny * on Repo if actor.suspended
delegate read on Repo if scope("repo")
given User:ann { clearance: 2, suspended: false }
given User:eve { clearance: 4, suspended: true }
given User:bob { clearance: 4, suspended: false }
given User:cat in Group:core { clearance: 4, suspended: false }
given Agent:pilot { clearance: 0, suspended: false }
given Repo:site {
  org: Org:acme, private: true, size: 12, kind: "b", keeper: User:bob, owner: User:bob,
  writer: Group:core, banned: User:bob, maintainers: []
}
`

function engineOf(text: string) {
  const { policy: compiled, diagnostics } = compile(text)
  if (compiled === undefined) throw new Error(JSON.stringify(diagnostics))
  return createEngine(compiled)
}

/** `User:ann via Agent:pilot can read Repo:site`, and what is told, one way a line. */
function ways(question: string, env: Environment = {}, text = policy): readonly string[] {
  const [, actor = '', agent, action = '', resource = ''] =
    /^(\S+)(?: via (\S+))? can (\S+) (\S+)$/.exec(question) ?? []
  const asked = { now: '2027-01-01T12:00:00Z', ...(agent === undefined ? {} : { agents: [agent] }), ...env }
  const found = engineOf(text).explain(actor === 'anonymous' ? null : actor, action, resource, asked).nearest
  expect(found.truncated).toBe(false)
  return found.ways.map((way) => way.map(printChange).join(' + '))
}

describe('the nearest ways to an allow', () => {
  it.each<[string, readonly string[], Environment?]>([
    [
      'User:ann can read Repo:site',
      [
        'User:ann needs `reader` on Repo:site',
        'User:ann needs `writer` on Repo:site',
        'User:ann needs to be in Group:core',
        'User:ann needs `admin` on Org:acme',
        'User:ann needs `owner` on Repo:site',
        'User:ann needs `employee` + `private` of Repo:site needs to be false (it is true)',
      ],
    ],
    ['User:ann can delete Repo:site', ['the caller needs acr("aal2") + User:ann needs `owner` on Repo:site']],
    ['User:ann can delete Repo:site', ['User:ann needs `owner` on Repo:site'], { token: { acr: 'aal2' } }],
    [
      'User:ann can tag Repo:site',
      ['`token.groups` needs to be ["engineering"] (it is []) + `size` of Repo:site needs to be 10 (it is 12)'],
    ],
    [
      'User:ann can label Repo:site',
      ['`kind` of Repo:site needs to be "a" (it is "b") + `clearance` of User:ann needs to be 4 (it is 2)'],
    ],
    [
      'User:ann can keep Repo:site',
      ['`maintainers` of Repo:site needs User:ann', '`keeper` of Repo:site needs to be "User:ann" (it is "User:bob")'],
    ],
    ['User:bob can keep Repo:site', ['User:bob must not have `banned` on Repo:site']],
    ['User:cat can push Repo:site', ['Group:core needs `team` on Repo:site']],
    ['User:ann can push Repo:site', []],
    [
      'User:ann can visit Repo:site',
      ['User:ann needs `guest` on Repo:site when onTicket'],
      { context: { ticket: 'T1' } },
    ],
    [
      'User:ann can visit Repo:site',
      ['User:ann needs `guest` on Repo:site when onTicket + `context.ticket` needs to be "T1"'],
    ],
    ['User:ann can sleep Repo:site', ['`now.hourIn("UTC") < 6` needs to hold']],
    [
      'User:bob can purge Repo:site',
      ['User:bob must not have `banned` on Repo:site + the deny `Repo.deny:purge#1` would have to fall'],
    ],
    ['User:cat via Agent:pilot can read Repo:site', ['the caller needs scope("repo")']],
    [
      'User:cat can keep Repo:new',
      ['`maintainers` of Repo:new needs User:cat', '`keeper` of Repo:new needs to be "User:cat"'],
    ],
    ['anonymous can read Repo:site', []],
    ['User:cat can read Repo:site', []],
    ['User:cat can fly Repo:site', []],
  ])('%s: %j', (question, expected, env) => {
    expect(ways(question, env)).toEqual(expected)
  })
})

/** The store, the request and the policy after the changes, made as whoever is told of them would; undefined where they cannot be made. */
function changed(program: Program, store: MemoryStore, env: Environment, changes: readonly Change[]) {
  let rules = program.rules
  let asked = env
  for (const change of changes) {
    switch (change.kind) {
      case 'obtain':
        if (change.fact.kind !== 'scope') return undefined
        asked = { ...asked, token: { scopes: [...((asked.token?.scopes as string[]) ?? []), change.fact.scope] } }
        break
      case 'add':
        expect(store.add(change.fact)).toEqual([])
        break
      case 'remove':
        expect(store.remove(change.fact)).toEqual([])
        break
      case 'set': {
        const [name = ''] = change.path
        if (change.of === 'context') asked = { ...asked, context: { ...asked.context, [name]: change.to } }
        else {
          const colon = change.of.indexOf(':')
          const entity = { type: change.of.slice(0, colon), id: change.of.slice(colon + 1), [name]: change.to }
          expect(store.put(entity)).toEqual([])
        }
        break
      }
      case 'rule':
        rules = rules.filter(({ id }) => id !== change.rule)
        break
      case 'condition':
        return undefined
    }
  }
  return { program: { ...program, rules }, env: asked }
}

/** `PROPERTY_RUNS` asks for many more, on new seeds. */
const long = process.env.PROPERTY_RUNS !== undefined

const questions = fc.record({
  program: programs,
  facts: factSets,
  context: fc.constantFrom(...contexts),
  agents: fc.constantFrom([], ['Agent:good'], ['Agent:bad']),
  resource: fc.constantFrom('Doc:1', 'Doc:2'),
})

function parts<T>(all: readonly T[]): readonly (readonly T[])[] {
  let found: readonly (readonly T[])[] = [[]]
  for (const one of all) found = found.flatMap((part) => [part, [...part, one]])
  return found
}

describe('of generated policies, each way', () => {
  it('is an allow when the engine is asked again with it, and no part of it is', () => {
    const counts = { ways: 0, of: new Map<string, number>() }
    fc.assert(
      fc.property(questions, ({ program, facts, context, agents, resource }) => {
        const env = { now: 0, context, agents, token: { scopes: [] } }
        const request = (asked: Environment) => ({ actor: 'User:ann', action: 'read', resource, env: asked })
        const load = () => {
          const store = memoryStore(factSchema(program))
          expect(store.load(facts)).toEqual([])
          return store
        }
        const isAllowed = (changes: readonly Change[]) => {
          const store = load()
          const made = changed(program, store, env, changes)
          return made && createEvaluator(made.program).can(request(made.env), store.snapshot())
        }
        const { ways } = nearest(createEvaluator(program), request(env), load().snapshot())
        if (isAllowed([])) expect(ways).toEqual([])
        for (const way of ways) {
          for (const part of parts(way)) {
            const answer = isAllowed(part)
            if (answer === undefined) continue
            expect(answer).toBe(part.length === way.length)
          }
          if (isAllowed(way) === undefined) continue
          counts.ways++
          for (const { kind } of way) counts.of.set(kind, (counts.of.get(kind) ?? 0) + 1)
        }
      }),
      { numRuns: long ? 3000 : 30 },
    )
    expect(counts.ways).toBeGreaterThan(5)
    if (long)
      for (const kind of ['add', 'set', 'rule', 'obtain', 'remove']) expect(counts.of.get(kind)).toBeGreaterThan(0)
  })

  it('is found in the same order, in whatever order rules, roles and facts are written', () => {
    fc.assert(
      fc.property(questions, ({ program, facts, context, agents, resource }) => {
        const request = { actor: 'User:ann', action: 'read', resource, env: { now: 0, context, agents } }
        const told = (of: Program, some: typeof facts) => nearest(createEvaluator(of), request, ir.factsOf(of, some))
        const turned = { ...program, rules: program.rules.toReversed(), roles: program.roles.toReversed() }
        const [one, other] = [told(program, facts), told(turned, facts.toReversed())]
        if (!one.truncated && !other.truncated) expect(other).toEqual(one)
      }),
      { numRuns: long ? 1000 : 12 },
    )
  })
})

it('the order of statements does not matter', () => {
  const statements = [
    'allow read if context.a.startsWith("x") and context.n > 4 and not context.b.endsWith("y")',
    'allow read if reader or writer',
    'deny read if context.n < 5 or context.a.length > 3',
    'role reader: User if writer',
    'role writer: User',
  ]
  const told = (lines: readonly string[]) =>
    ways(
      'User:ann can read Doc:1',
      { context: { a: 'b', b: 'y', n: 1 } },
      `
      actor User
      context { a: string, b: string, n: int }
      resource Doc { ${lines.join('\n')} }
      given Doc:1`,
    )
  expect(told(statements)).toEqual([
    'User:ann needs `reader` on Doc:1 + `context.n` needs to be 5 (it is 1)',
    'User:ann needs `writer` on Doc:1 + `context.n` needs to be 5 (it is 1)',
    '`context.n` needs to be 5 (it is 1) + `context.a.startsWith("x")` needs to hold + `context.b.endsWith("y")` must not hold',
  ])
  expect(told(statements.toReversed())).toEqual(told(statements))
})

describe('looking for ways', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'many alternatives of many conditions',
      Array.from(
        { length: 30 },
        (_, i) => `(${Array.from({ length: 30 }, (_, j) => `n${i} == ${j + 1}`).join(' or ')})`,
      ).join(' and '),
      Array.from({ length: 30 }, (_, i) => `n${i}: int`),
    ],
    [
      'a long sum of roles',
      Array.from({ length: 300 }, (_, i) => `r${i}`).join(' and '),
      Array.from({ length: 300 }, (_, i) => `role r${i}: User`),
    ],
  ])('ends soon: %s', (_, condition, members) => {
    const engine = engineOf(`actor User
resource Doc {
${members.join('\n')}
allow read if ${condition}
}
given User:ann {}`)
    const begin = processorTime()
    const found = engine.explain('User:ann', 'read', 'Doc:1').nearest
    expect(found.ways).toEqual([])
    expect(found.truncated).toBe(true)
    expect(processorTime() - begin).toBeLessThan(8000)
  })

  it('changes the text that is the id of an entity, and composes none', () => {
    const text = `
actor User
resource Org
resource Doc { org: Org  allow read if actor is User  allow write if token has tenant and org == Org["{token.tenant}/x"] }
deny read on Doc unless resource.org == Org[token.tenant ?? "none"]
given Doc:1 { org: Org:acme }`
    expect(ways('User:ann can read Doc:1', { token: { tenant: 'rival' } }, text)).toEqual([
      '`token.tenant` needs to be "acme" (it is "rival")',
      '`org` of Doc:1 needs to be "Org:rival" (it is "Org:acme")',
    ])
    expect(ways('User:ann can write Doc:1', { token: { tenant: 'rival' } }, text)).toEqual([
      '`org` of Doc:1 needs to be "Org:rival/x" (it is "Org:acme")',
    ])
    const [, deny] = engineOf(text).explain('User:ann', 'read', 'Doc:1').proof.children
    expect(deny?.text).toBe('deny read if not (Doc:1.org == Org[token.tenant ?? "none"])')
  })

  it('changes arguments of a call', () => {
    const engine = engineOf(`actor User
server s {
  allow call pay if args.amount <= 100
}`)
    const { nearest: found } = engine.explain('User:ann', 'call', tool('s', 'pay', { amount: 500 }) as ResourceInput)
    expect(found.ways.map((way) => way.map(printChange))).toEqual([['`args.amount` needs to be 100 (it is 500)']])
  })
})
