import { describe, expect, it } from 'vitest'
import type { ActorInput, Decision, Environment, ResourceInput } from '../../src/index.ts'
import { engine } from './policy.ts'

const policyOf = (condition: string) => `
  actor User in Group { level: int  manager: User  tags: string[] }
  resource Group
  context { n: int  m?: int  ns: int[]  on: boolean }
  function probe(n: int, m?: int): boolean
  resource Doc {
    size: int
    author: User
    editors: User[]
    role keeper: User
    role vague: User if context.on
    allow read if ${condition}
  }`

const facts = `
  given Doc:1 { editors: [User:cat, User:bob, User:dan] }
  given Doc:2 { keeper: User:ann }
  given User:bob { level: 2 }`

const functions = {
  probe: (n: unknown, m: unknown) => {
    if (n === 1) throw new Error('a probe that fails')
    return m === undefined
  },
}

interface Question {
  readonly env?: Environment
  readonly actor?: ActorInput
  readonly resource?: ResourceInput
}

/** The reason, or, of an error, each with the text of the policy where it is told. */
function check(condition: string, { env = {}, actor = 'User:ann', resource = 'Doc:1' }: Question = {}) {
  const policy = policyOf(condition)
  const [told, other] = (['interpreted', 'compiled'] as const).map((backend) =>
    engine(policy, facts, { functions, backend }).authorize(actor, 'read', resource, env),
  )
  expect(other).toEqual(told)
  const { reason, errors } = told as Decision
  if (reason !== 'error') return reason
  return errors.map(({ message, at }) => `${message} @ ${at === undefined ? '' : policy.slice(at.start, at.end)}`)
}

const noSize = '`size` of `Doc:1` is not set @ size'
const noContext = '`n` is not set @ context.n'
const isVague = '`on` is not set @ context.on'

describe('the error of what has operands', () => {
  it('is that of the first one that errs', () => {
    expect(check('size + context.n > 1')).toEqual([noSize])
    expect(check('context.n + size > 1')).toEqual([noContext])
    expect(check('probe(context.n, size)')).toEqual([noContext])
    expect(check('probe(1, size)')).toEqual([noSize])
    expect(check('context.n in [size]')).toEqual([noContext])
  })

  it('is that, too, where the operand hangs on a role', () => {
    expect(check('(vague ? 1 : 2) < size')).toEqual([isVague])
    expect(check('size < (vague ? 1 : 2)')).toEqual([noSize])
    expect(check('(keeper ? context.n : 1) < size')).toEqual([noSize])
    expect(check('(keeper ? context.n : 1) < size', { resource: 'Doc:2' })).toEqual([noContext])
    expect(check('(not vague) == (size > 1)')).toEqual([isVague])
  })

  it('of a membership is that of the one asked about, whatever it is asked to be in', () => {
    expect(check('author in editors')).toEqual(['`author` of `Doc:1` is not set @ author'])
  })
})

describe('the errors of a choice', () => {
  it('are those of its condition alone', () => {
    expect(check('context.on ? size > 1 : context.n > 1')).toEqual([isVague])
    expect(check('vague ? size > 1 : context.n > 1')).toEqual([isVague])
    expect(check('(vague ? size : context.n) > 1')).toEqual([isVague])
    expect(check('(vague or size > 1) ? size > 1 : context.n > 1')).toEqual([isVague, noSize])
    expect(check('(vague ? size > 1 : context.n > 1) ? size > 2 : size > 3')).toEqual([isVague])
  })

  it('are those of the one chosen where there is one', () => {
    const env = { context: { on: true } }
    expect(check('vague ? size > 1 : context.n > 1', { env })).toEqual([noSize])
    expect(check('not vague ? size > 1 : context.n > 1', { env })).toEqual([noContext])
  })
})

describe('a set literal', () => {
  it('has the first element that errs for a gap', () => {
    expect(check('1 in [size, context.n]')).toEqual([noSize])
    expect(check('1 in [context.n, 2, size]')).toEqual([noContext])
    expect(check('1 in [context.n, 1, size]')).toBe('granted')
  })

  it('has a gap, and no more, where an element hangs on what errs', () => {
    for (const condition of ['context.on', 'vague', '(vague or context.on)', '(vague and not vague)']) {
      expect(check(`3 in [(${condition} ? 1 : 2), 3]`)).toBe('granted')
      expect(check(`4 in [(${condition} ? 1 : 2), 3]`)[0]).toEqual(isVague)
      expect(check(`4 in [size, (${condition} ? 1 : 2)]`)).toEqual([noSize])
      expect(check(`[(${condition} ? 1 : 2), 3].isEmpty()`)).toBe('not-permitted')
    }
  })
})

describe('what ranges over members', () => {
  it('has the errors of all of them, in no order of the facts', () => {
    expect(check('editors.some(e => e.level > 4)')).toEqual([
      '`level` of `User:cat` is not set @ e.level',
      '`level` of `User:dan` is not set @ e.level',
    ])
    expect(check('editors.level.some(l => l > 4)')).toEqual([
      '`level` of `User:cat` is not set @ editors.level',
      '`level` of `User:dan` is not set @ editors.level',
    ])
    expect(check('editors.manager')).toEqual(
      ['bob', 'cat', 'dan'].map((id) => `\`manager\` of \`User:${id}\` is not set @ editors.manager`),
    )
  })
})

describe('an error is told', () => {
  it('at each place that reads what is wrong', () => {
    const decided = check('context.n > 1 or (context.n) * 2 > 4')
    expect(decided).toEqual([noContext, noContext])
  })

  it('at the read, where an element of a list is wrong', () => {
    const wrong = 'expected an integer @ context.ns'
    expect(check('3 in context.ns', { env: { context: { ns: [1, 'x', null] } } })).toEqual([wrong])
    expect(check('[3].containsAll(context.ns)', { env: { context: { ns: [3, 'x'] } } })).toEqual([wrong])
    expect(check('context.ns.some(n => n > 4)', { env: { context: { ns: ['x'] } } })).toEqual([wrong])
    const actor = { type: 'User', id: 'ann', tags: ['a', 7] }
    expect(check('actor.tags.length > 3', { actor })).toEqual(['expected text @ actor.tags'])
    expect(check('"b" in actor.tags', { actor })).toEqual(['expected text @ actor.tags'])
  })

  it('at the operator, where its operands are well and it is not', () => {
    expect(check('9223372036854775807 + context.n > 1', { env: { context: { n: 1 } } })).toEqual([
      'an integer that does not fit into 64 bits @ 9223372036854775807 + context.n',
    ])
  })
})

describe('an optional parameter', () => {
  it('may be absent in one case of a choice, too', () => {
    expect(check('probe(2, context.m)')).toBe('granted')
    expect(check('probe(2, (context.on ? context.m : 1))', { env: { context: { on: true } } })).toBe('granted')
    expect(check('probe(2, (vague ? context.m : 1))', { env: { context: { on: true } } })).toBe('granted')
    expect(check('probe(2, (vague ? context.m : 1))', { env: { context: { on: false } } })).toBe('not-permitted')
  })
})
