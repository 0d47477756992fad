import { describe, expect, it } from 'vitest'
import { contextualFacts } from '../../src/facts/contextual.ts'
import type { EntityInput, FactInput } from '../../src/facts/fact.ts'
import { inlineFacts } from '../../src/facts/inline.ts'
import { type Layer, layered } from '../../src/facts/layers.ts'
import { memoryStore } from '../../src/facts/memory.ts'
import type { Facts } from '../../src/facts/store.ts'
import { subjectKey } from '../../src/facts/subject.ts'
import { hostile } from '../value/hostile.ts'
import { library } from './library.ts'

function stored(...inputs: readonly (FactInput | EntityInput)[]): Facts {
  const store = memoryStore(library)
  expect(store.load(inputs)).toEqual([])
  return store.snapshot()
}

function inline(...inputs: readonly unknown[]): Layer {
  const { value, reasons } = inlineFacts(library, inputs)
  if (value === undefined) throw new Error(JSON.stringify(reasons))
  return value
}

function subjects(facts: Facts, key: string, relation: string): readonly string[] {
  return facts
    .facts(key, relation)
    .map(({ subject }) => subjectKey(subject))
    .sort()
}

const ann = 'User:ann'

describe('layers', () => {
  it('unite facts, and take an attribute from the first that has it', () => {
    const facts = layered(
      stored({ type: 'User', id: 'ann', email: 'first' }, { object: 'Doc:1', relation: 'writer', subject: ann }),
      stored(
        { type: 'User', id: 'ann', email: 'second', clearance: 2 },
        { object: 'Doc:1', relation: 'writer', subject: 'User:bob' },
      ),
    )
    expect(subjects(facts, 'Doc:1', 'writer')).toEqual([ann, 'User:bob'])
    expect(facts.attribute(ann, 'email')).toBe('first')
    expect(facts.attribute(ann, 'clearance')).toBe(2)
    expect([...facts.entities('User')].map(({ id }) => id).sort()).toEqual(['ann', 'bob'])
    expect(facts.known('User:bob')).toBe(true)
    expect(facts.direct('Doc:1', 'writer', 'User:bob')).toHaveLength(1)
    expect([...facts.mentions('User:bob')]).toHaveLength(1)
  })
})

describe('an inline entity', () => {
  const base = stored(
    { type: 'User', id: 'ann', email: 'stored', clearance: 2, manager: 'User:boss', in: ['Group:a'] },
    { object: 'Doc:1', relation: 'writer', subject: ann },
    { object: 'Doc:1', relation: 'guest', subject: ann },
    { object: 'Doc:1', relation: 'org', subject: 'Org:stored' },
  )

  it('replaces the stored fields of these names, and no others', () => {
    const facts = layered(
      inline({ type: 'User', id: 'ann', email: 'inline', manager: 'User:bob', in: 'Group:b' }),
      base,
    )
    expect(facts.attribute(ann, 'email')).toBe('inline')
    expect(facts.attribute(ann, 'clearance')).toBe(2)
    expect(subjects(facts, ann, 'manager')).toEqual(['User:bob'])
    expect(subjects(facts, ann, 'in')).toEqual(['Group:b'])
    expect(facts.direct(ann, 'in', 'Group:a')).toEqual([])
    expect([...facts.mentions('User:boss')]).toEqual([])
  })

  it('takes a field away with null', () => {
    const facts = layered(inline({ type: 'User', id: 'ann', clearance: null, manager: null }), base)
    expect(facts.attribute(ann, 'clearance')).toBeUndefined()
    expect(subjects(facts, ann, 'manager')).toEqual([])
  })

  it('adds to roles, never removes them, and only where they are contextual', () => {
    const facts = layered(inline({ type: 'Doc', id: '1', guest: ['User:bob'] }), base)
    expect(subjects(facts, 'Doc:1', 'guest')).toEqual([ann, 'User:bob'])
    expect(inlineFacts(library, [{ type: 'Doc', id: '1', writer: 'User:bob' }]).reasons).toMatchObject([
      { code: 'bad-fact', path: 'writer' },
    ])
  })

  it('with an attribute of the wrong kind errs when that is read, not before', () => {
    const facts = layered(inline({ type: 'User', id: 'ann', email: 'x', clearance: '2' }), base)
    expect(facts.attribute(ann, 'email')).toBe('x')
    expect(facts.attribute(ann, 'clearance')).toMatchObject({ kind: 'error', code: 'wrong-kind' })
  })

  it('with a field of the wrong type, or none of its type, is refused', () => {
    expect(inlineFacts(library, [{ type: 'User', id: 'ann', manager: 'Group:a' }]).reasons).toHaveLength(1)
    expect(inlineFacts(library, [{ type: 'User', id: 'ann', emial: 'x' }]).reasons).toMatchObject([
      { help: 'did you mean `email`?' },
    ])
  })

  it('is known by what it brings, not by its name alone', () => {
    expect(layered(inline({ type: 'User', id: 'new', email: 'x' }), base).known('User:new')).toBe(true)
    expect(layered(inline({ type: 'User', id: 'new' }), base).known('User:new')).toBe(false)
  })

  it('given twice agrees with itself, or is refused', () => {
    const one = { type: 'User', id: 'ann', clearance: 1 }
    expect(inlineFacts(library, [one, one, { ...one }]).reasons).toBeUndefined()
    expect(inlineFacts(library, [one, { ...one, clearance: 5 }]).reasons).toMatchObject([{ code: 'conflicting-fact' }])
  })

  it('that is hostile throws nothing', () => {
    for (const input of hostile()) {
      expect(() => inlineFacts(library, [input])).not.toThrow()
      const { value } = inlineFacts(library, [{ type: 'Org', id: 'a', anything: input }])
      expect(() => value?.attribute('Org:a', 'anything')).not.toThrow()
      expect(() => inlineFacts(library, input as Iterable<unknown>)).not.toThrow()
    }
  })
})

describe('contextual facts', () => {
  it('are facts of one request', () => {
    const { value } = contextualFacts(library, [{ object: 'Doc:1', relation: 'guest', subject: ann }])
    expect(value && subjects(value, 'Doc:1', 'guest')).toEqual([ann])
  })

  it.each([
    [[{ object: 'Doc:1', relation: 'writer', subject: ann }], 'bad-fact'],
    [
      [
        { object: 'Doc:1', relation: 'session', subject: ann },
        { object: 'Doc:1', relation: 'session', subject: 'User:bob' },
      ],
      'conflicting-fact',
    ],
    [null, 'bad-fact'],
  ])('%j are refused as %s', (inputs, code) => {
    expect(contextualFacts(library, inputs as Iterable<unknown>).reasons).toMatchObject([{ code }])
  })
})
