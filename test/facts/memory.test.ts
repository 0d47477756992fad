import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EntityInput, FactInput } from '../../src/facts/fact.ts'
import { type MemoryStore, memoryStore } from '../../src/facts/memory.ts'
import { containment, type Facts, globalObject } from '../../src/facts/store.ts'
import { subjectKey } from '../../src/facts/subject.ts'
import { hostile } from '../value/hostile.ts'
import { library } from './library.ts'

function storeOf(...inputs: readonly (FactInput | EntityInput)[]): MemoryStore {
  const store = memoryStore(library)
  expect(store.load(inputs)).toEqual([])
  return store
}

function writers(facts: Facts, doc = 'Doc:1'): readonly string[] {
  return facts
    .facts(doc, 'writer')
    .map(({ subject }) => subjectKey(subject))
    .sort()
}

function writes(subject: FactInput['subject'], more: Partial<FactInput> = {}): FactInput {
  return { object: 'Doc:1', relation: 'writer', subject, ...more }
}

const ann = 'User:ann'
const core = { entity: 'Team:core', role: 'member' } as const
const tomorrow = Date.UTC(2027, 0, 1)

describe('adding', () => {
  it('finds the fact by object, by subject and by kind of subject', () => {
    const facts = storeOf(writes(ann), writes(core), { relation: 'employee', subject: ann }).snapshot()
    expect(writers(facts)).toEqual(['#member:Team:core', ann])
    expect(facts.direct('Doc:1', 'writer', ann)).toHaveLength(1)
    expect(facts.direct('Doc:1', 'writer', 'User:bob')).toEqual([])
    expect(facts.indirect('Doc:1', 'writer').map(({ subject }) => subjectKey(subject))).toEqual(['#member:Team:core'])
    expect(facts.facts(globalObject, 'employee')).toHaveLength(1)
    expect([...facts.mentions(ann)].map(({ object, relation }) => `${object}.${relation}`).sort()).toEqual([
      '.employee',
      'Doc:1.writer',
    ])
    expect([...facts.mentions('Team:core')]).toHaveLength(1)
  })

  it('knows whatever a fact mentions, and nothing else', () => {
    const facts = storeOf(writes(ann), writes(core)).snapshot()
    expect(['Doc:1', ann, 'Team:core'].every((key) => facts.known(key))).toBe(true)
    expect(['User:bob', '', 'Doc:2'].some((key) => facts.known(key))).toBe(false)
    expect([...facts.entities('User')].map(({ id }) => id)).toEqual(['ann'])
  })

  // Invariant 8.
  it('a fact that is there changes nothing', () => {
    const store = storeOf(writes(ann), writes(core), writes(ann, { until: tomorrow }))
    const { revision } = store
    store.load([writes(ann), writes(core), writes(ann, { until: '2027-01-01T00:00:00Z' })])
    expect(store.revision).toBe(revision)
    expect(writers(store.snapshot())).toHaveLength(3)
  })

  it('refuses a second subject of a relation that holds one', () => {
    const store = storeOf({ object: 'Doc:1', relation: 'org', subject: 'Org:a' })
    expect(store.add({ object: 'Doc:1', relation: 'org', subject: 'Org:a' })).toEqual([])
    expect(store.add({ object: 'Doc:1', relation: 'org', subject: 'Org:b' })).toMatchObject([
      { code: 'conflicting-fact' },
    ])
    expect(store.load([{ type: 'Doc', id: '1', org: 'Org:b' }])).toMatchObject([{ code: 'conflicting-fact', index: 0 }])
  })

  it('takes a refused fact no further, and says which it was', () => {
    const store = memoryStore(library)
    const refused = store.load([writes(ann), writes('Group:eng'), writes('User:bob')])
    expect(refused).toMatchObject([{ index: 1, code: 'bad-fact', path: 'subject' }])
    expect(writers(store.snapshot())).toEqual([ann, 'User:bob'])
    expect(store.snapshot().known('Group:eng')).toBe(false)
  })
})

describe('removing', () => {
  it('without terms takes all facts of the subject', () => {
    const store = storeOf(writes(ann), writes(ann, { until: tomorrow }), writes('User:bob'))
    expect(store.remove(writes(ann))).toEqual([])
    expect(writers(store.snapshot())).toEqual(['User:bob'])
  })

  it('with terms takes the fact with these', () => {
    const store = storeOf(writes(ann), writes(ann, { until: tomorrow }))
    store.remove(writes(ann, { until: tomorrow }))
    expect(store.snapshot().facts('Doc:1', 'writer')).toMatchObject([{ subject: { kind: 'entity' } }])
    const visit = (range: string): FactInput => ({
      object: 'Doc:1',
      relation: 'visitor',
      subject: ann,
      when: { let: 'in_net', args: { range } },
    })
    store.load([visit('10.0.0.0/8'), visit('11.0.0.0/8')])
    store.remove(visit('10.9.9.9/8'))
    expect(store.snapshot().facts('Doc:1', 'visitor')).toHaveLength(1)
  })

  it('forgets what nothing mentions any more', () => {
    const store = storeOf(writes(ann), writes('User:bob'))
    store.remove(writes(ann))
    expect(store.snapshot().known(ann)).toBe(false)
    expect([...store.snapshot().entities('User')].map(({ id }) => id)).toEqual(['bob'])
    store.remove(writes('User:bob'))
    expect(store.snapshot().known('Doc:1')).toBe(false)
    expect([...store.dump()]).toEqual([])
  })

  it('keeps what has a record', () => {
    const store = storeOf({ type: 'User', id: 'ann' }, writes(ann))
    store.remove(writes(ann))
    expect(store.snapshot().known(ann)).toBe(true)
  })

  it('of an entity takes every fact that mentions it', () => {
    const store = storeOf({ type: 'Team', id: 'core' }, writes(core), writes(ann), {
      object: 'Team:core',
      relation: 'member',
      subject: ann,
    })
    expect(store.delete('Team:core')).toEqual([])
    expect(store.snapshot().known('Team:core')).toBe(false)
    expect(writers(store.snapshot())).toEqual([ann])
    expect([...store.snapshot().mentions(ann)]).toHaveLength(1)
  })
})

describe('a record', () => {
  it('is set field by field; null takes away', () => {
    const store = storeOf({ type: 'User', id: 'ann', email: 'a@b', clearance: 2, in: ['Group:a', 'Group:b'] })
    store.put({ type: 'User', id: 'ann', clearance: null, in: 'Group:c' })
    const facts = store.snapshot()
    expect(facts.attribute(ann, 'email')).toBe('a@b')
    expect(facts.attribute(ann, 'clearance')).toBeUndefined()
    expect(facts.facts(ann, containment).map(({ subject }) => subjectKey(subject))).toEqual(['Group:c'])
    expect(facts.known('Group:a')).toBe(false)
  })

  it('loses no role by being put', () => {
    const store = storeOf(writes(ann))
    store.put({ type: 'Doc', id: '1', title: 'T' })
    expect(writers(store.snapshot())).toEqual([ann])
  })

  it('loaded twice with different values is a conflict, in either order', () => {
    const one = { type: 'User', id: 'ann', email: 'one', in: 'Group:a' }
    const other = { type: 'User', id: 'ann', email: 'other' }
    for (const inputs of [
      [one, other],
      [other, one],
    ]) {
      expect(memoryStore(library).load(inputs)).toMatchObject([{ index: 1, code: 'conflicting-fact', path: 'email' }])
    }
  })

  it('does not change with what it was made of', () => {
    const tags = ['a']
    const store = storeOf({ type: 'User', id: 'ann', tags })
    tags.push('admin')
    expect(store.snapshot().attribute(ann, 'tags')).toMatchObject({ members: ['a'] })
  })
})

describe('a snapshot', () => {
  it('is the same until something changes', () => {
    const store = storeOf(writes(ann))
    expect(store.snapshot()).toBe(store.snapshot())
    store.add(writes('User:bob'))
    expect(writers(store.snapshot())).toEqual([ann, 'User:bob'])
  })

  type Op = (store: MemoryStore) => void
  const user = fc.integer({ min: 0, max: 4 }).map((n) => `User:${n}`)
  const doc = fc.integer({ min: 0, max: 2 }).map((n) => `Doc:${n}`)
  const fact: fc.Arbitrary<FactInput> = fc.oneof(
    fc.record({ object: doc, relation: fc.constant('writer'), subject: fc.oneof(user, fc.constant(core)) }),
    fc.record({ object: user, relation: fc.constant('in'), subject: fc.constantFrom('Group:a', 'Group:b') }),
    fc.record({ relation: fc.constant('employee'), subject: user }),
  )
  const op: fc.Arbitrary<Op> = fc.oneof(
    fact.map(
      (one): Op =>
        (store) =>
          void store.add(one),
    ),
    fact.map(
      (one): Op =>
        (store) =>
          void store.remove(one),
    ),
    user.map(
      (key): Op =>
        (store) =>
          void store.delete(key),
    ),
    fc.tuple(user, fc.option(fc.integer()), fc.subarray(['Group:a', 'Group:b'])).map(
      ([key, clearance, groups]): Op =>
        (store) => {
          store.put({ type: 'User', id: key.slice(5), clearance, in: groups })
        },
    ),
  )

  function everything(facts: Facts): unknown {
    const keys = ['User', 'Doc', 'Group', 'Team'].flatMap((type) => [...facts.entities(type)].map(({ key }) => key))
    const relations = ['writer', 'in', 'employee']
    const text = (key: string, relation: string) =>
      facts.facts(key, relation).map(({ subject }) => `${key}.${relation}=${subjectKey(subject)}`)
    return {
      keys: keys.sort(),
      known: [...keys, 'User:nobody'].filter((key) => facts.known(key)).length,
      facts: [globalObject, ...keys].flatMap((key) => relations.flatMap((relation) => text(key, relation))).sort(),
      direct: keys.map((key) => facts.direct('Doc:0', 'writer', key).length),
      attributes: keys.map((key) => facts.attribute(key, 'clearance')),
      mentions: keys.map((key) => [...facts.mentions(key)].map(({ object, relation }) => object + relation).sort()),
    }
  }

  it('shows the same for ever, however the store changes and is looked at meanwhile', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(op, fc.boolean()), { maxLength: 40 }), (steps) => {
        const store = memoryStore(library)
        const taken: { readonly facts: Facts; readonly seen: unknown }[] = []
        for (const [apply, look] of steps) {
          apply(store)
          if (look) taken.push({ facts: store.snapshot(), seen: everything(store.snapshot()) })
        }
        for (const { facts, seen } of taken) expect(everything(facts)).toEqual(seen)
        for (const { facts, seen } of taken.reverse()) expect(everything(facts)).toEqual(seen)
      }),
      { numRuns: 300 },
    )
  })

  // Invariant 1, and 8 for what is written twice.
  it('depends on what was added, not on its order, and what was dumped is what was there', () => {
    const shuffled = fc
      .array(fact, { maxLength: 20 })
      .chain((facts) =>
        fc.tuple(fc.constant(facts), fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 })),
      )
    fc.assert(
      fc.property(shuffled, ([facts, other]) => {
        const [a, b, c] = [memoryStore(library), memoryStore(library), memoryStore(library)]
        a.load(facts)
        b.load(other)
        expect(c.load(a.dump())).toEqual([])
        for (const store of [b, c]) {
          expect([...store.dump()]).toEqual([...a.dump()])
          expect(everything(store.snapshot())).toEqual(everything(a.snapshot()))
        }
      }),
    )
  })
})

describe('a relation with thousands of facts', () => {
  const many = Array.from({ length: 5000 }, (_, i) => writes(`User:${i}`))

  it('adds, finds and removes in the same way', () => {
    const store = storeOf(...many, ...many)
    const before = store.snapshot()
    store.add(writes('User:new'))
    for (let i = 0; i < 5000; i += 2) store.remove(writes(`User:${i}`))
    const after = store.snapshot()
    expect([before, after].map((facts) => writers(facts).length)).toEqual([5000, 2501])
    expect([before, after].map((facts) => facts.direct('Doc:1', 'writer', 'User:42').length)).toEqual([1, 0])
    expect([before, after].map((facts) => facts.direct('Doc:1', 'writer', 'User:new').length)).toEqual([0, 1])
    expect([before, after].map((facts) => [...facts.entities('User')].length)).toEqual([5000, 2501])
  })
})

describe('dump', () => {
  it('gives back records, terms and conditions', () => {
    const inputs = [
      { relation: 'employee', subject: ann },
      { object: 'Doc:1', relation: 'reader', subject: { any: 'User' } },
      {
        object: 'Doc:1',
        relation: 'visitor',
        subject: ann,
        until: '2027-01-01T00:00:00Z',
        when: { let: 'in_net', args: { after: '2026-01-01T00:00:00Z', range: '10.0.0.0/8' } },
      },
      { object: 'Doc:1', relation: 'writer', subject: core },
      { type: 'User', id: 'ann', attributes: { email: 'a@b', limits: { max: 5 } } },
    ]
    expect([...storeOf(...inputs).dump()]).toEqual(inputs)
  })
})

// Invariant 19.
describe('no input throws', () => {
  it('in any of the writing functions', () => {
    const store = memoryStore(library)
    for (const input of hostile() as readonly FactInput[]) {
      for (const write of [store.add, store.remove, store.put, store.delete]) {
        expect(() => (write as (input: unknown) => unknown)(input)).not.toThrow()
      }
      expect(() => store.load([input])).not.toThrow()
    }
    expect(() => store.load(null as unknown as FactInput[])).not.toThrow()
    expect([...store.dump()]).toEqual([])
  })

  it('and an iterable that fails keeps what came before', () => {
    function* failing(): Iterable<FactInput> {
      yield writes(ann)
      throw new Error('the file ended')
    }
    const store = memoryStore(library)
    expect(store.load(failing())).toMatchObject([{ index: 1 }])
    expect(writers(store.snapshot())).toEqual([ann])
  })
})
