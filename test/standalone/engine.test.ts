import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile } from '../../src/index.ts'
import { irVersion } from '../../src/ir/program.ts'
import { type CompiledPolicy, createCompiledEngine } from '../../src/runtime/index.ts'
import { standalone } from '../../src/standalone.ts'
import { newPackage, type Package } from './package.ts'

let home: Package
beforeAll(async () => {
  home = await newPackage()
})
afterAll(() => home.remove())

const text = `
actor User {}
resource Doc { role owner: User  allow read if owner  allow old if owner and now > datetime("2030-01-01T00:00:00Z") }
given Doc:plan { owner: User:ann }
`

function load(policyText = text) {
  const { policy } = compile(policyText)
  if (policy === undefined) throw new Error('the policy is wrong')
  return home.load(standalone(policy, '0.1.0').module)
}

describe('the engine of a module', () => {
  it('has the facts of the policy text, and takes others', async () => {
    const { createEngine } = await load()
    const engine = createEngine({ facts: [{ object: 'Doc:other', relation: 'owner', subject: 'User:bob' }] })
    expect(engine.backend).toBe('compiled')
    expect(engine.can('User:ann', 'read', 'Doc:plan')).toBe(true)
    expect(engine.can('User:bob', 'read', 'Doc:other')).toBe(true)
    const { revision } = engine.facts
    expect(engine.facts.add({ object: 'Doc:plan', relation: 'owner', subject: 'User:eve' })).toEqual([])
    expect(engine.facts.revision).toBeGreaterThan(revision)
    expect(engine.can('User:eve', 'read', 'Doc:plan')).toBe(true)
    expect([...engine.facts.dump()]).not.toContainEqual(
      expect.objectContaining({ object: 'Doc:plan', subject: 'User:ann' }),
    )
    engine.facts.remove({ object: 'Doc:plan', relation: 'owner', subject: 'User:eve' })
    expect(engine.can('User:eve', 'read', 'Doc:plan')).toBe(false)
  })

  it('searches by regular expressions, which it loads only then', async () => {
    const engine = (
      await load('actor User\nresource Doc { name: string\n allow read if name.matches(/^a(b|c)+$/) }')
    ).createEngine()
    const named = (name: string) => ({ type: 'Doc', id: '1', name })
    expect(engine.can('User:ann', 'read', named('abcb'))).toBe(true)
    expect(engine.can('User:ann', 'read', named('abd'))).toBe(false)
  })

  it('says nothing of what is missing, which it does not know', async () => {
    const engine = (await load()).createEngine()
    expect(engine.authorize('User:eve', 'read', 'Doc:plan')).toEqual({
      allowed: false,
      reason: 'not-permitted',
      rules: [],
      errors: [],
      limits: [],
      labels: [],
    })
  })

  it('asks the clock that it was given', async () => {
    const { createEngine } = await load()
    expect(createEngine().can('User:ann', 'old', 'Doc:plan')).toBe(false)
    expect(createEngine({ now: () => Date.UTC(2031, 0) }).can('User:ann', 'old', 'Doc:plan')).toBe(true)
  })

  it('says which actions are allowed, as an engine of `licet` does', async () => {
    const { createEngine } = await load()
    const engine = createEngine()
    engine.facts.add({ object: 'Doc:x', relation: 'owner', subject: 'User:ann' })
    expect(engine.actions('User:ann', 'Doc:x')).toEqual(['read'])
    expect(engine.for('User:bob').actions('Doc:x')).toEqual([])
    expect(engine.actions('User:ann', 'nonsense')).toEqual([])
  })

  it('keeps to itself: two engines of one module share no facts', async () => {
    const { createEngine } = await load()
    const [one, other] = [createEngine(), createEngine()]
    one.facts.add({ object: 'Doc:x', relation: 'owner', subject: 'User:ann' })
    expect([one, other].map((engine) => engine.can('User:ann', 'read', 'Doc:x'))).toEqual([true, false])
  })

  it('refuses facts that the policy does not allow, and a function that is not given', async () => {
    const { createEngine } = await load()
    const facts = [{ object: 'Doc:x', relation: 'writer', subject: 'User:ann' }]
    expect(() => createEngine({ facts })).toThrow('facts that the policy does not allow')
    const calling = await load(
      `function probe(n: int): boolean\n${text.replace('if owner  allow', 'if probe(1)  allow')}`,
    )
    expect(() => calling.createEngine()).toThrow('the policy declares the function `probe`, which is not given')
    expect(calling.createEngine({ functions: { probe: () => true } }).can('User:eve', 'read', 'Doc:plan')).toBe(true)
  })

  it('keeps large integers in the facts of the policy text', async () => {
    const { createEngine } = await load(
      'actor User { n: int }\nresource Doc { allow read if actor.n == 9007199254740993 }\ngiven User:ann { n: 9007199254740993 }\ngiven User:eve { n: 9007199254740992 }\n',
    )
    const engine = createEngine()
    expect(['User:ann', 'User:eve'].map((user) => engine.can(user, 'read', 'Doc:x'))).toEqual([true, false])
  })
})

describe('a module that another version has made', () => {
  const made: CompiledPolicy = {
    irVersion,
    compiledBy: '9.9.9',
    program: {} as CompiledPolicy['program'],
    facts: [],
    calls: [],
    link: () => ({ conditions: [], bounds: [], verdicts: [], delegations: [], lines: [] }),
  }

  it.each([
    ['is of another version of the program', { irVersion: irVersion + 1 }],
    ['calls what is not there', { calls: ['and', 'nothing of this name'] }],
  ])('is refused where it %s', (_, other) => {
    expect(() => createCompiledEngine({ ...made, ...other })).toThrow(/compiled by licet 9\.9\.9, .* compile it again/)
  })
})
