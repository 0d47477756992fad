import { describe, expect, it } from 'vitest'
import { tool } from '../src/index.ts'
import { bothWays } from './compile/both-ways.ts'

const long = 'x'.repeat(40_000)
const deep = Array.from({ length: 80 }).reduce<unknown>((inner) => [inner], [])
/** Claims any length at no cost. */
const many = new Array(100_001)

const context = { text: '', loose: 1 as unknown, other: 1 as unknown, list: [] as readonly unknown[] }

const words = `
  actor User
  context { text: string, loose: dynamic, other: dynamic, list: dynamic[], n: int }`

const ask = (rules: string, values: object = {}) => {
  const { decide } = bothWays(`${words}\nresource Thing { ${rules} }`)
  return decide('User:ann', 'read', 'Thing:1', { context: { ...context, ...values }, now: 0 })
}

/** What a condition comes to, looked at from all sides: `error` where it is one, and which. */
const truth = (condition: string, values: object = {}) => {
  const { reason, errors } = ask(`allow read if ${condition}`, values)
  const negated = ask(`allow read if not (${condition})`, values)
  const denied = ask(`allow read  deny read if ${condition}`, values)
  const excepted = ask(`allow read unless ${condition}`, values)
  const codes = errors.map(({ code }) => code)
  expect(negated.reason).toBe(reason === 'error' ? 'error' : reason === 'granted' ? 'not-permitted' : 'granted')
  expect(denied.reason).toBe(reason === 'error' ? 'error' : reason === 'granted' ? 'forbidden' : 'granted')
  expect(excepted.reason).toBe(negated.reason)
  for (const one of [denied, excepted, negated]) expect(one.errors.map(({ code }) => code)).toEqual(codes)
  return reason === 'error' ? codes.join() : reason === 'granted'
}

describe('`recover` does not recover from a budget', () => {
  const check = (condition: string, values: object, expected: boolean | string) =>
    expect(truth(`recover(${condition}, false)`, values), condition).toBe(expected)

  it('but from every other error', () => {
    check('context.loose + 1 > 1', { loose: 'a' }, false)
    check('context.loose + 9223372036854775807 > 1', { loose: 1 }, false)
    check('context.n > 1', {}, false)
    check('context.loose.x == 1', { loose: {} }, false)
    check('decimal(context.text) == decimal("1.0")', { text: 'no' }, false)
    check('not (context.loose + 1 > 1)', { loose: 'a' }, false)
    check('context.loose + 1 > 1', { loose: 1 }, true)
  })

  it('where a text, a list or a comparison is too large', () => {
    check('"{context.text}{context.text}" == "a"', { text: long }, 'budget')
    check('context.text + context.text == "a"', { text: long }, 'budget')
    check('context.loose == 1', { loose: many }, 'budget')
    check('context.loose == context.other', { loose: deep, other: deep }, 'budget')
    check('1 in context.list', { list: many }, 'budget')
    check('context.list.some(x => x == 1)', { list: many }, 'budget')
    check('not (context.loose == 1)', { loose: many }, 'budget')
    check('(context.loose == 1 ? true : false)', { loose: many }, 'budget')
  })

  it('what else is there decides as everywhere', () => {
    check('context.loose == 1 or context.other == 1', { loose: many }, true)
    check('context.loose == 1 and context.other == 2', { loose: many }, false)
    check('not (context.loose == 1 or context.other == 1)', { loose: many }, false)
  })

  it('is an error beside another, and tells its own alone', () => {
    check('context.loose == 1 and context.n > 1', { loose: many }, 'budget')
    check('context.n > 1 or context.loose == 1', { loose: many }, 'budget')
    check('context.n > 1 or recover(context.loose == 1, false)', { loose: many }, 'budget')
    check('recover(context.n > 1, false) or context.loose == 1', { loose: many }, 'budget')
    check('(context.n > 1 ? context.loose == 1 : true)', { loose: many }, false)
    check('(context.loose == 1 ? context.n > 1 : true)', { loose: many }, 'budget')
  })

  it('of operands in an order the first error is what the whole has', () => {
    check('context.text + context.text == context.loose.x', { text: long, loose: {} }, 'budget')
    check('context.loose.x == context.text + context.text', { text: long, loose: {} }, false)
  })

  it('is not hidden by another error of the same value', () => {
    check('context.loose == context.other', { loose: [null, many], other: [1] }, 'budget')
    check('context.list.includes(1)', { list: [null, 2] }, false)
    check('context.list.includes(1)', { list: [null, many] }, 'budget')
  })

  it('a value of any size opens no `deny`', () => {
    for (const loose of [many, deep, 'a', 1])
      expect(
        ask('allow read  deny read if recover(context.loose != context.other, false)', { loose, other: loose }).allowed,
      ).toBe(loose === 'a' || loose === 1)
  })
})

describe('`recover` of what is not known yet', () => {
  const decideItems = (rules: string) => bothWays(`${words}\nserver s { ${rules} }`)

  it('shows an item of which some use may be allowed, and hides one that may be denied', () => {
    const check = (rules: string, shown: boolean) =>
      expect(decideItems(rules).decide('User:ann', 'list', tool('s', 't'), { now: 0, context }).allowed, rules).toBe(
        shown,
      )
    check('allow call t if recover(args.x == 1, false)', true)
    check('allow call t if recover(not (args.x == 1), false)', true)
    check('allow call t if recover(args.x == 1 and context.n > 1, false)', true)
    check('allow call t if recover(1 == 2 and args.x == 1, false)', false)
    check('allow call t if recover(context.n > 1, false)', false)
    check('allow call t  deny call t if recover(args.x == 1, false)', true)
    check('allow call t  deny * * if recover(context.n == 1, false)', true)
  })

  it('is known only where no input could still be too large', () => {
    const { interpreted } = decideItems('allow call t  deny call t if recover(args.x == 1 and context.n > 1, false)')
    const question = { actor: 'User:ann', action: 'call', resource: tool('s', 't', {}), env: { now: 0, context } }
    const { outcome, residual } = interpreted.partial({ ...question, unknown: ['args'] })
    expect(outcome).toBe('depends')
    const complete = (x: unknown) => interpreted.complete(residual, { ...question, resource: tool('s', 't', { x }) })
    expect(complete(1)).toMatchObject({ allowed: true })
    expect(complete(many)).toMatchObject({ allowed: false, reason: 'error', errors: [{ code: 'budget' }] })
  })
})
