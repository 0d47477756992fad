import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { containers } from '../../src/facts/containment.ts'
import { contextualFacts } from '../../src/facts/contextual.ts'
import type { EntityInput, FactInput } from '../../src/facts/fact.ts'
import { inlineFacts } from '../../src/facts/inline.ts'
import { layered } from '../../src/facts/layers.ts'
import { type MemoryStore, memoryStore, type Snapshot } from '../../src/facts/memory.ts'
import type { Relation } from '../../src/facts/table.ts'
import { entity } from '../../src/value/entity.ts'
import { hostile } from '../value/hostile.ts'
import { library } from './library.ts'
import { codes } from './seen.ts'

function storeOf(...inputs: readonly (FactInput | EntityInput)[]): MemoryStore {
  const store = memoryStore(library)
  expect(store.load(inputs)).toEqual([])
  return store
}

function writes(subject: FactInput['subject'], more: Partial<FactInput> = {}): FactInput {
  return { object: 'Doc:1', relation: 'writer', subject, ...more }
}

function writer({ table }: MemoryStore): Relation {
  return table.relation(table.typeNumber('Doc') ?? 0, 'writer')
}

/** The subjects of a list as the table has them. */
function subjects(store: MemoryStore, key: string): readonly string[] {
  const { table } = store
  return store.deciding(() => {
    const number = table.ids.get(key)
    return number === undefined ? [] : codes(writer(store), number & table.localMask).map((code) => table.keyOf(code))
  })
}

const ann = 'User:ann'

describe('numbers', () => {
  it('are small, and told apart by type and local', () => {
    const { table } = storeOf(writes(ann), writes('User:bob'))
    const [first, second] = [table.ids.get(ann) ?? -1, table.ids.get('User:bob') ?? -1]
    expect([first, second].every((number) => number > 0 && number < 2 ** 31)).toBe(true)
    expect(first >>> table.localBits).toBe(table.typeNumber('User'))
    expect([first & table.localMask, second & table.localMask]).toEqual([0, 1])
    expect([table.keyOf(first), table.keyOf(0), table.typeNumber('Nothing')]).toEqual([ann, '', undefined])
  })

  it('are used again', () => {
    const store = memoryStore(library)
    let most = 0
    for (let i = 0; i < 20_000; i++) {
      store.add(writes(`User:${i}`))
      most = Math.max(most, (store.table.ids.get(`User:${i}`) ?? 0) & store.table.localMask)
      store.remove(writes(`User:${i}`))
    }
    expect(most).toBeLessThan(5000)
    expect(store.table.ids.size).toBeLessThan(5000)
  })

  it('are never those of two entities', () => {
    const store = memoryStore(library)
    const within = (i: number): FactInput => ({ object: `Group:${i}`, relation: 'in', subject: `Group:${i}` })
    for (let i = 0; i < 3000; i++) {
      store.add(within(i))
      store.remove(within(i))
    }
    store.load(Array.from({ length: 3000 }, (_, i) => within(-i)))
    const numbers = [...store.table.ids.values()]
    expect(new Set(numbers).size).toBe(numbers.length)
    expect([...store.snapshot().entities('Group')]).toHaveLength(3000)
  })

  it('that change hands while facts are loaded are looked up anew', () => {
    const store = memoryStore(library)
    const all = Array.from({ length: 1500 }, (_, i) => writes(`User:${i}`))
    function* inputs(): Iterable<FactInput> {
      yield* all
      yield* all
      for (const { subject } of all) store.delete(subject as string)
      for (const { subject } of all.toReversed()) yield { object: 'Doc:2', relation: 'writer', subject }
    }
    store.load(inputs())
    store.remove({ object: 'Doc:2', relation: 'writer', subject: 'User:7' })
    expect(store.snapshot().known('User:7')).toBe(false)
    expect(store.snapshot().facts('Doc:2', 'writer')).toHaveLength(1499)
  })

  it('are in each snapshot those that they were', () => {
    const store = memoryStore(library)
    const rounds = [0, 1, 2, 3].map((round) => {
      const keys = Array.from({ length: 1500 }, (_, i) => `User:${(i * 7 + round * 400) % 2000}`)
      for (const { key } of store.snapshot().entities('User')) store.delete(key)
      for (const key of keys) store.add({ object: `Doc:${round}`, relation: 'writer', subject: key })
      return { round, keys, snapshot: store.snapshot() }
    })
    for (const { round, keys, snapshot } of [...rounds, ...rounds.toReversed()]) {
      expect(
        snapshot
          .facts(`Doc:${round}`, 'writer')
          .map(({ subject }) => (subject.kind === 'entity' ? subject.entity.key : ''))
          .sort(),
      ).toEqual([...keys].sort())
      for (const key of ['User:3', 'User:1999', 'User:700'])
        expect([...snapshot.mentions(key)].map(({ object }) => object)).toEqual(
          keys.includes(key) ? [`Doc:${round}`] : [],
        )
    }
  })

  it('stay those of whoever is pinned, known or not', () => {
    const store = storeOf(writes(ann))
    const { table } = store
    const numbers = [table.pin(ann), table.pin('User:root')]
    expect(table.known(numbers[1] ?? 0, 0)).toBe(false)
    expect(store.snapshot().known('User:root')).toBe(false)
    for (let i = 0; i < 3000; i++) {
      store.add(writes(`User:${i}`))
      store.delete(`User:${i}`)
    }
    store.delete(ann)
    expect([table.ids.get(ann), table.ids.get('User:root')]).toEqual(numbers)
    expect(numbers.map((number) => table.keyOf(number))).toEqual([ann, 'User:root'])
    expect(() => table.pin('Nothing:1')).toThrow(RangeError)
  })

  it('of a request are given back, but for one that is pinned meanwhile', () => {
    const store = storeOf(writes(ann))
    const { table } = store
    const { value } = inlineFacts(library, [
      { type: 'User', id: 'x', clearance: 1 },
      { type: 'User', id: 'y', clearance: 1 },
      { type: 'User', id: 'z', clearance: 1 },
    ])
    const pinned = store.with(value === undefined ? [] : [value], () => {
      expect(table.known(table.ids.get('User:y') ?? 0, 0)).toBe(true)
      return [table.pin('User:y'), table.pin('User:new')]
    })
    expect(['User:x', 'User:z'].map((key) => table.ids.get(key))).toEqual([undefined, undefined])
    store.load(Array.from({ length: 100 }, (_, i) => writes(`User:${i}`)))
    expect(['User:y', 'User:new'].map((key) => table.ids.get(key))).toEqual(pinned)
    const locals = [...table.ids].flatMap(([key, number]) => (key.startsWith('User:') ? number & table.localMask : []))
    expect(locals.sort((a, b) => a - b)).toEqual([...locals.keys()])
    expect(table.known(pinned[0] ?? 0, 0)).toBe(false)
  })
})

describe('a list', () => {
  const user = fc.integer({ min: 0, max: 9000 }).map((n) => `User:${n}`)

  // With lists of more than 4096 subjects, to which changes are put off.
  it('of any length is sorted, and has what was added and not removed', () => {
    const op = fc.tuple(fc.constantFrom('add', 'remove', 'load', 'delete', 'look', 'hold'), fc.array(user))
    fc.assert(
      fc.property(fc.constantFrom(0, 4090, 6000), fc.array(op, { maxLength: 40 }), (length, ops) => {
        const first = Array.from({ length }, (_, i) => `User:${(i * 7919) % 9001}`)
        const store = storeOf(...first.map((key) => writes(key)))
        const naive = new Set(first)
        const held: { readonly snapshot: Snapshot; readonly keys: readonly string[] }[] = []
        for (const [what, keys] of ops) {
          if (what === 'load') store.load(keys.map((key) => writes(key)))
          if (what === 'add') for (const key of keys) store.add(writes(key))
          if (what === 'remove') for (const key of keys) store.remove(writes(key))
          if (what === 'delete') for (const key of keys) store.delete(key)
          if (what === 'load' || what === 'add') for (const key of keys) naive.add(key)
          if (what === 'remove' || what === 'delete') for (const key of keys) naive.delete(key)
          if (what === 'look') expect([...subjects(store, 'Doc:1')].sort()).toEqual([...naive].sort())
          if (what === 'hold') held.push({ snapshot: store.snapshot(), keys: [...naive] })
        }
        held.push({ snapshot: store.snapshot(), keys: [...naive] })
        for (const { snapshot, keys } of held) {
          store.at(snapshot, () => {
            const list = codes(writer(store), 0)
            expect(list).toEqual([...list].sort((a, b) => a - b))
          })
          const found = snapshot.facts('Doc:1', 'writer')
          expect(found.map(({ subject }) => (subject.kind === 'entity' ? subject.entity.key : '')).sort()).toEqual(
            [...keys].sort(),
          )
          for (const key of keys.slice(0, 20)) {
            expect([...snapshot.mentions(key)].map(({ object }) => object)).toEqual(['Doc:1'])
            expect(snapshot.direct('Doc:1', 'writer', key)).toHaveLength(1)
          }
        }
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  it('that is long is read by a request as it was last written', () => {
    const store = storeOf(...Array.from({ length: 6000 }, (_, i) => writes(`User:${i}`)))
    store.remove(writes('User:17'))
    store.add({ object: 'Doc:2', relation: 'writer', subject: 'User:17' })
    const { value } = contextualFacts(library, [])
    const number = store.table.ids.get('User:17') ?? 0
    store.with(value === undefined ? [] : [value], () => {
      expect(codes(writer(store), 0)).not.toContain(number)
      expect(codes(writer(store), 0)).toHaveLength(5999)
    })
  })

  it('takes no more room for being laid over by requests, or changed back and forth', () => {
    const store = storeOf(
      ...Array.from(
        { length: 50 },
        (_, i): FactInput => ({ object: 'Doc:1', relation: 'guest', subject: `User:${i}` }),
      ),
    )
    const { table } = store
    const guests = table.relation(table.typeNumber('Doc') ?? 0, 'guest')
    const layers = [
      contextualFacts(library, [
        { object: 'Doc:1', relation: 'guest', subject: 'User:new' },
        { object: 'Doc:1', relation: 'guest', subject: 'User:1', until: 5 },
      ]).value,
      inlineFacts(library, [{ type: 'Doc', id: '1', guest: ['User:other'] }]).value,
    ].filter((layer) => layer !== undefined)
    const rooms = [1, 2].map(() => {
      for (let i = 0; i < 1000; i++) store.with(layers, () => expect(codes(guests, 0)).toHaveLength(53))
      return [guests.pool.length, guests.terms.length, table.ids.size]
    })
    expect(rooms[1]).toEqual(rooms[0])
    for (let i = 0; i < 5000; i++) {
      store.add({ object: 'Doc:1', relation: 'guest', subject: `User:${50 + (i % 90)}`, until: 7 })
      store.remove({ object: 'Doc:1', relation: 'guest', subject: `User:${50 + (i % 90)}` })
    }
    expect(guests.pool.length).toBeLessThan(1000)
    expect(guests.terms.length).toBeLessThan(10)
  })

  it('takes no more room for growing and shrinking', () => {
    const store = storeOf(...['a', 'b', 'c'].map((id) => writes(`User:${id}`)))
    for (let i = 0; i < 20_000; i++) {
      store.add(writes('User:d'))
      store.remove(writes('User:d'))
    }
    expect(writer(store).pool.length).toBeLessThan(2000)
    expect(subjects(store, 'Doc:1')).toHaveLength(3)
  })

  it('of objects is sorted, in whatever order they come', () => {
    const store = storeOf(...Array.from({ length: 6000 }, (_, i): FactInput => ({ type: 'Doc', id: `${i}` }) as never))
    const owns = (i: number): FactInput => ({ object: `Doc:${i}`, relation: 'writer', subject: ann })
    const all = Array.from({ length: 6000 }, (_, i) => owns((i * 7919) % 6000))
    store.load(all.slice(0, 5000))
    for (const fact of all.slice(0, 300)) store.remove(fact)
    // Some of them have not been taken out of the long list yet.
    store.load(all)
    const { table } = store
    const number = table.ids.get(ann) ?? 0
    store.deciding(() => {
      const lists = writer(store).reverse.get(number >>> table.localBits)
      const docs = lists === undefined ? [] : codes(lists, number & table.localMask)
      expect(docs).toHaveLength(6000)
      expect(docs).toEqual([...new Set(docs)].sort((a, b) => a - b))
    })
    store.delete(ann)
    expect(all.every(({ object }) => store.snapshot().facts(object as string, 'writer').length === 0)).toBe(true)
  })
})

describe('a moment of the past', () => {
  it('takes a request over it whose terms are written where now others are free', () => {
    const guest = (subject: string, until: number): FactInput => ({
      object: 'Doc:1',
      relation: 'guest',
      subject,
      until,
    })
    const store = storeOf(guest(ann, 5), guest('User:bob', 7))
    const past = store.snapshot()
    store.remove(guest(ann, 5))
    const { value } = contextualFacts(library, [guest('User:cleo', 9)])
    const { table } = store
    store.at(past, () =>
      store.with(value === undefined ? [] : [value], () => {
        const guests = table.relation(table.typeNumber('Doc') ?? 0, 'guest')
        const ends = codes(guests, 0).map((code) => guests.terms[~code]?.until)
        expect(ends.sort()).toEqual([5, 7, 9])
        expect(table.expiring).toBe(3)
      }),
    )
    expect(table.expiring).toBe(1)
    expect(past.facts('Doc:1', 'guest')).toHaveLength(2)
  })

  it('of another store is refused', () => {
    expect(() => storeOf().at(storeOf().snapshot(), () => 0)).toThrow(TypeError)
  })

  it('is told when a number that the policy took since was another entity', () => {
    const store = memoryStore(library)
    for (let i = 0; i < 2000; i++) store.add(writes(`User:${i}`))
    const past = store.snapshot()
    for (let i = 0; i < 2000; i++) store.delete(`User:${i}`)
    store.add(writes('User:root'))
    store.table.pin('User:root')
    expect(() => store.at(past, () => 0)).toThrow(RangeError)
    expect(past.facts('Doc:1', 'writer')).toHaveLength(2000)
    expect(subjects(store, 'Doc:1')).toEqual(['User:root'])
  })
})

describe('during an evaluation', () => {
  const refused = [{ index: 0, code: 'bad-fact', message: 'facts cannot change while a decision is being made' }]

  it.each([
    ['deciding', (store: MemoryStore, evaluation: () => void) => store.deciding(evaluation)],
    ['at', (store: MemoryStore, evaluation: () => void) => store.at(store.snapshot(), evaluation)],
    ['with', (store: MemoryStore, evaluation: () => void) => store.with([], evaluation)],
  ])('%s: facts are read, and cannot change', (_, evaluate) => {
    const store = storeOf(writes(ann))
    evaluate(store, () => {
      expect(store.add(writes('User:bob'))).toEqual(refused)
      expect(store.remove(writes(ann))).toEqual(refused)
      expect(store.put({ type: 'User', id: 'ann' })).toEqual(refused)
      expect(store.delete(ann)).toEqual(refused)
      expect(store.load([writes('User:bob'), writes('User:cleo')])).toEqual(refused)
      expect(store.snapshot().known(ann)).toBe(true)
      expect([...store.dump()]).toHaveLength(1)
    })
    expect(store.add(writes('User:bob'))).toEqual([])
  })

  it('that throws, everything is put back', () => {
    const store = storeOf(writes(ann))
    const past = store.snapshot()
    store.add(writes('User:bob'))
    const { value } = contextualFacts(library, [{ object: 'Doc:1', relation: 'guest', subject: 'User:x' }])
    const fail = () => {
      throw new Error('a host function that fails')
    }
    const layers = value === undefined ? [] : [value]
    expect(() => store.at(past, () => store.with(layers, fail))).toThrow('fails')
    expect(subjects(store, 'Doc:1')).toHaveLength(2)
    expect(store.add(writes('User:cleo'))).toEqual([])
  })

  it('a getter of a request that asks another question gets the answer of the stored facts', () => {
    const store = storeOf({ type: 'User', id: 'ann', email: 'stored' })
    const seen: unknown[] = []
    const input = {
      type: 'Org',
      id: 'o',
      attributes: Object.defineProperty({}, 'id', {
        enumerable: true,
        get: () => {
          seen.push(store.deciding(() => store.table.ids.has('Org:o')))
          return 'x'
        },
      }),
    }
    const { value } = inlineFacts(library, [input])
    store.with(value === undefined ? [] : [value], () => expect(store.table.ids.has('Org:o')).toBe(true))
    expect(new Set(seen)).toEqual(new Set([false]))
  })
})

// Invariant 15.
describe('containment that is remembered', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e')
  const edge = fc.record({
    object: name.map((id) => `Group:${id}`),
    relation: fc.constant('in'),
    subject: name.map((id) => `Group:${id}`),
    until: fc.option(fc.integer({ min: 1, max: 9 })),
  })
  const step = fc.oneof(
    fc.record({ kind: fc.constantFrom('add' as const, 'remove' as const), edge }),
    fc.record({ kind: fc.constant('ask' as const), of: name, now: fc.integer({ min: 0, max: 10 }) }),
    fc.record({ kind: fc.constant('request' as const), of: name, in: fc.uniqueArray(name, { maxLength: 2 }) }),
  )

  it('is what it would be without, at every revision and time', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const store = memoryStore(library)
        const { table } = store
        const ask = (of: string, now: number) => {
          const expected = [...containers(store.snapshot(), entity('Group', of), now).entities.keys()].sort()
          const number = table.ids.get(`Group:${of}`)
          if (number === undefined) return
          store.deciding(() => {
            const { list, from, to } = table.containers(number, now)
            expect([...list.subarray(from, to)].map((one) => table.keyOf(one)).sort()).toEqual(expected)
            for (const [key, other] of table.ids)
              expect(table.isWithin(number, other, now)).toBe(expected.includes(key))
          })
        }
        for (const one of steps) {
          if (one.kind === 'add') store.add(one.edge as FactInput)
          if (one.kind === 'remove') store.remove(one.edge as FactInput)
          if (one.kind === 'ask') ask(one.of, one.now)
          if (one.kind === 'request') {
            const groups = one.in.map((id) => `Group:${id}`)
            const { value } = inlineFacts(library, [{ type: 'Group', id: one.of, in: groups }])
            const layers = value === undefined ? [] : [value]
            const facts = layered(...layers, store.snapshot())
            store.with(layers, () => {
              for (const [key, number] of table.ids) {
                const expected = containers(facts, entity('Group', key.slice(6)), 0).entities
                for (const [other, container] of table.ids)
                  expect(table.isWithin(number, container, 0)).toBe(expected.has(other))
              }
            })
          }
        }
        for (const of of ['a', 'b', 'c', 'd', 'e']) for (let now = 10; now >= 0; now--) ask(of, now)
      }),
      { numRuns: 300 },
    )
  })

  it('of a great many is bounded, and stays right', () => {
    const store = storeOf(
      ...Array.from(
        { length: 300 },
        (_, i): FactInput => ({
          object: `Group:${i}`,
          relation: 'in',
          subject: `Group:${i + 1}`,
        }),
      ),
      ...Array.from(
        { length: 6000 },
        (_, i): FactInput => ({
          object: `User:${i}`,
          relation: 'in',
          subject: `Group:${i % 100}`,
        }),
      ),
    )
    const { table } = store
    const last = table.ids.get('Group:300') ?? 0
    const first = table.ids.get('Group:0') ?? 0
    store.deciding(() => {
      for (const round of [0, 1])
        for (let i = 0; i < 6000; i++) {
          const user = table.ids.get(`User:${i}`) ?? 0
          expect(table.isWithin(user, last, round)).toBe(true)
          expect(table.isWithin(user, first, round)).toBe(i % 100 === 0)
        }
    })
  })
})

describe('both doors', () => {
  const part = (names: readonly unknown[]) => fc.constantFrom(...names)
  const input = fc.record(
    {
      object: part(['Doc:1', 'Doc:2', ann, 'Group:g', 'Dock:1', 'Doc:', 'Doc', ':1', '', 7, undefined]),
      relation: part(['writer', 'owner', 'in', 'reviewers', 'title', 'employee', '__proto__', 'nothing', 3]),
      subject: part([ann, 'User:bob', 'Group:g', 'Org:o', 'User:', { any: 'User' }, `User:${'x'.repeat(1025)}`]),
      until: part([undefined, 5]),
      other: part([1]),
    },
    { requiredKeys: ['relation', 'subject'] },
  )

  it('let the same in, and say the same of what they do not', () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 12 }), (inputs) => {
        const [one, many] = [memoryStore(library), memoryStore(library)]
        const alone = (inputs as FactInput[]).flatMap((fact, index) =>
          one.add(fact).map((refusal) => ({ ...refusal, index })),
        )
        expect(many.load(inputs as FactInput[])).toEqual(alone)
        expect([...many.dump()]).toEqual([...one.dump()])
      }),
      { numRuns: 500 },
    )
  })

  it('of what is hostile too', () => {
    for (const input of hostile() as FactInput[]) {
      const [one, many] = [memoryStore(library), memoryStore(library)]
      expect(many.load([input]).length === 0).toBe(one.load([{ ...writes(ann) }, input]).length === 0)
      expect(many.snapshot().known(ann)).toBe(false)
    }
  })
})

describe('facts of the policy text', () => {
  const fixed = [writes(ann), { type: 'User', id: 'ann', email: 'policy' }]
  const store = () => memoryStore(library, fixed)

  it('hold, are not dumped, and cannot be taken out', () => {
    const one = store()
    one.remove(writes(ann))
    one.delete(ann)
    one.delete('Doc:1')
    expect(subjects(one, 'Doc:1')).toEqual([ann])
    expect(one.snapshot().attribute(ann, 'email')).toBe('policy')
    expect([...one.dump()]).toEqual([])
  })

  it('that are added as well are dumped until they are removed', () => {
    const one = store()
    const { revision } = one
    expect(one.load(fixed)).toEqual([])
    expect(one.revision).toBeGreaterThan(revision)
    expect([...one.dump()]).toEqual([writes(ann), { type: 'User', id: 'ann', attributes: { email: 'policy' } }])
    one.remove(writes(ann))
    expect([...one.dump()]).toHaveLength(1)
    expect(subjects(one, 'Doc:1')).toEqual([ann])
    one.delete(ann)
    expect([...one.dump()]).toEqual([])
  })

  it('let no other value be put', () => {
    const conflict = [{ code: 'conflicting-fact', message: '`email` has another value in the policy' }]
    expect(store().put({ type: 'User', id: 'ann', email: 'mine' })).toMatchObject(conflict)
    expect(store().put({ type: 'User', id: 'ann', email: null })).toMatchObject(conflict)
    expect(store().load([{ type: 'User', id: 'ann', email: 'mine' }])).toMatchObject(conflict)
  })
})
