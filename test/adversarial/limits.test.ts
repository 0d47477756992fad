import { describe, expect, it } from 'vitest'
import { parseJson } from '../../src/base/json.ts'
import { compile, tool } from '../../src/index.ts'
import { processorTime } from '../processor-time.ts'
import { engine } from './policy.ts'

const calls =
  'actor User\nserver s { allow call t if args.name.startsWith("a") and args.list.every(x => x == "a") and (args.deep == args.deep or true) }'
const call = (args: unknown) => engine(calls).authorize('User:ann', 'call', tool('s', 't', args)).reason
const right = { name: 'ab', list: ['a'], deep: { a: 1 } }

/** At most this long, in milliseconds: nothing here is meant to be fast, only to end. */
function within<T>(bound: number, work: () => T): T {
  const start = processorTime()
  const result = work()
  expect(processorTime() - start).toBeLessThan(bound)
  return result
}

function nested(depth: number, wrap: (inner: unknown) => unknown): unknown {
  return Array.from({ length: depth }).reduce<unknown>((inner) => wrap(inner), 'a')
}

describe('an input beyond all bounds', () => {
  it('is judged where it does no harm', () => {
    expect(call(right)).toBe('granted')
    expect(call({ ...right, name: `a${'b'.repeat(1_000_000)}` })).toBe('granted')
  })

  it('is denied in time', () => {
    const deny = (args: unknown) => within(5_000, () => expect(call(args)).toBe('error'))
    deny({ ...right, list: Array.from({ length: 200_000 }, () => 'a') })
    deny({ ...right, list: new Array(2 ** 32 - 1) })
    deny({ ...right, list: nested(100_000, (inner) => [inner]) })
  })

  it('of depth is an error where it is compared, and no stack overflow', () => {
    const compared = 'actor User\nserver s { allow call t if args.deep == args.deep }'
    const ask = (deep: unknown) => engine(compared).authorize('User:ann', 'call', tool('s', 't', { deep })).reason
    expect(ask({ a: { b: 1 } })).toBe('granted')
    expect(ask(nested(100_000, (inner) => ({ inner })))).toBe('error')
    expect(ask(nested(100_000, (inner) => [inner]))).toBe('error')
    const cyclic: Record<string, unknown> = {}
    cyclic.self = cyclic
    expect(ask(cyclic)).toBe('error')
  })

  it('of a text is refused before it is read', () => {
    expect(parseJson('['.repeat(1_000_000)).error?.reason).toBe('depth')
    expect(parseJson(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`).error?.reason).toBe('depth')
    expect(parseJson('{"a":1,"a":2}').error).toBeDefined()
    expect(parseJson(`"${'x'.repeat(5_000_000)}"`).error?.reason).toBe('size')
  })

  it('of cases that double with every operand outruns its budget, and is denied', () => {
    const ask = (count: number) => {
      const names = Array.from({ length: count }, (_, i) => `r${i}`)
      const roles = names.map((name) => `role ${name}: User if parent.${name}`).join('\n')
      const sum = names.map((name) => `(${name} ? 1 : 0)`).join(' + ')
      const text = `actor User\nresource Doc {\n parent?: Doc\n ${roles}\n allow read if ${sum} < 100 }`
      const cycle = 'given Doc:1 { parent: Doc:2 } given Doc:2 { parent: Doc:1 }'
      const backends = ['interpreted', 'compiled'] as const
      return backends.map((backend) => engine(text, cycle, { backend }).authorize('User:ann', 'read', 'Doc:1'))
    }
    for (const { reason } of ask(6)) expect(reason).toBe('granted')
    within(10_000, () => {
      const [interpreted, compiled] = ask(40)
      expect(interpreted).toMatchObject({ reason: 'error', errors: [{ code: 'budget' }] })
      // Emitted code decides each role when it meets it, so that no case doubles.
      expect(compiled?.reason).toBe('granted')
    })
  })

  it('of a regular expression takes linear time', () => {
    const text = 'actor User\nserver s { allow call t if args.name.matches(/^(a+)+$/) }'
    const ask = (name: string) => engine(text).authorize('User:ann', 'call', tool('s', 't', { name })).reason
    expect(ask('aaaa')).toBe('granted')
    within(5_000, () => expect(ask(`${'a'.repeat(50_000)}!`)).toBe('not-permitted'))
  })

  it('of a wildcard takes linear time', () => {
    const text = 'actor User\nserver s { allow call t if args.name.like("*a*a*a*a*a*a*a*b") }'
    within(5_000, () =>
      expect(engine(text).authorize('User:ann', 'call', tool('s', 't', { name: 'a'.repeat(50_000) })).reason).toBe(
        'not-permitted',
      ),
    )
  })
})

describe('an input that fights back', () => {
  const fail = () => {
    throw new Error('a trap that throws')
  }
  const asked = engine(
    'actor User { level?: int }  resource Doc { role reader: User  allow read if reader }',
    'given Doc:1 { reader: User:ann }',
  )
  const ask = (parts: object) => {
    const request = { actor: 'User:ann', action: 'read', resource: 'Doc:1', env: {}, ...parts } as unknown as Record<
      string,
      never
    >
    const { actor, action, resource, env } = request
    return asked.authorize(actor as never, action as never, resource as never, env).reason
  }

  it('is denied, and throws nothing', () => {
    expect(ask({})).toBe('granted')
    const proxies = [
      new Proxy({}, { get: fail }),
      new Proxy({}, { getPrototypeOf: fail }),
      new Proxy({}, { ownKeys: fail }),
      new Proxy([], { get: fail }),
    ]
    for (const bad of proxies) {
      for (const place of ['actor', 'action', 'resource', 'env']) expect(ask({ [place]: bad })).toBe('error')
      for (const part of ['agents', 'now', 'facts', 'approvals', 'confirmed'])
        expect(ask({ env: { [part]: bad } })).toBe('error')
    }
  })

  it('by getters that throw is denied', () => {
    const trap = (name: string) => Object.defineProperty({}, name, { enumerable: true, get: fail })
    for (const name of ['now', 'agents', 'facts', 'approvals', 'token', 'confirmed'])
      expect(ask({ env: trap(name) })).toBe('error')
    expect(ask({ actor: Object.defineProperty({ type: 'User' }, 'id', { enumerable: true, get: fail }) })).toBe('error')
    expect(ask({ resource: Object.defineProperty({ kind: 'tool', server: 's' }, 'name', { get: fail }) })).toBe('error')
  })

  it('does not lose its agents on the way', () => {
    class Given {
      get agents() {
        return ['Agent:bot']
      }
    }
    expect(ask({ env: new Given() })).toBe('error')
    expect(ask({ env: Object.create({ agents: ['Agent:bot'] }) })).toBe('error')
    expect(ask({ env: new Map([['agents', ['Agent:bot']]]) })).toBe('error')
    expect(ask({ env: [] })).toBe('error')
    expect(ask({ env: null })).toBe('error')
  })

  it('answers otherwise the second time, and is held to the first', () => {
    let reads = 0
    const shifting = Object.defineProperty({ type: 'User' }, 'id', {
      enumerable: true,
      get: () => (reads++ === 0 ? 'eve' : 'ann'),
    })
    expect(ask({ actor: shifting })).not.toBe('granted')
  })
})

describe('a policy of 10,000 rules', () => {
  const rules = Array.from(
    { length: 10_000 },
    (_, i) => `  allow act${i % 50} if reader and actor.level > ${i % 7}${i % 3 === 0 ? ' unless owner' : ''}`,
  )
  const text = `actor User { level: int }\nresource Doc {\n  owner: User\n  role reader: User\n${rules.join('\n')}\n}`

  it('is compiled, and decides', () => {
    const asked = within(20_000, () =>
      engine(text, 'given Doc:1 { owner: User:bob, reader: User:ann } given User:ann { level: 9 }'),
    )
    expect(asked.authorize('User:ann', 'act7', 'Doc:1').reason).toBe('granted')
    expect(asked.authorize('User:bob', 'act7', 'Doc:1').reason).toBe('not-permitted')
    within(5_000, () => {
      for (let i = 0; i < 50; i++) expect(asked.can('User:ann', `act${i}`, 'Doc:1')).toBe(true)
    })
  })

  it('nested beyond reason is a diagnostic', () => {
    for (const condition of [`${'('.repeat(10_000)}true${')'.repeat(10_000)}`, `${'not '.repeat(10_000)}true`])
      expect(compile(`actor User\nresource Doc { allow read if ${condition} }`).policy).toBe(undefined)
  })
})
