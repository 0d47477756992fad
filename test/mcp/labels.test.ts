import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import { type LabelStore, memoryLabels } from '../../src/surfaces/mcp/index.ts'
import { anyObject, errorOf, type GuardOptions, guard, lockOf, type Outcome } from './guarded.ts'

const names = ['read', 'send', 'other', 'mark']
const lock = lockOf({ tools: names.map((name) => ({ name, inputSchema: anyObject })) })
const rules = `
  allow call read, send, other
  label call read as tainted
  deny call send if "tainted" in session.labels
  delegate call *
`
const call = (id: number, name: string): JsonObject => ({ id, method: 'tools/call', params: { name, arguments: {} } })
const passed = (outcome: Outcome): boolean => outcome !== 'dropped' && 'forwarded' in outcome

describe('labels', () => {
  const ann = { actor: 'User:ann', token: { iss: 'i', sub: 's', tenant: 't' } }
  const sendsAfterRead = async (options: GuardOptions): Promise<boolean> => {
    const labels = memoryLabels()
    await guard(rules, lock, { principal: ann, stores: { labels } }).client(call(1, 'read'))
    return passed(await guard(rules, lock, { stores: { labels }, ...options }).client(call(2, 'send')))
  }

  it('are those of a person, whatever connection, server and agent they come with', async () => {
    expect(await sendsAfterRead({ principal: ann })).toBe(false)
    expect(await sendsAfterRead({ principal: { ...ann, agents: ['Agent:bot'] } })).toBe(false)
    expect(await sendsAfterRead({ principal: { ...ann, actor: 'User:bob' } })).toBe(false)
  })

  it.each([
    ['another issuer', { ...ann, token: { ...ann.token, iss: 'j' } }],
    ['another subject', { ...ann, token: { ...ann.token, sub: 'z' } }],
    ['another tenant', { ...ann, token: { ...ann.token, tenant: 'u' } }],
    ['no token, but the same actor', { actor: 'User:ann' }],
  ])('are not those of %s', async (_, principal) => {
    expect(await sendsAfterRead({ principal })).toBe(true)
  })

  it.each(['iss', 'sub', 'tenant'])('cannot be tested for somebody whose %s is no text', async (claim) => {
    const principal = { ...ann, token: { ...ann.token, [claim]: 42 } }
    expect(await sendsAfterRead({ principal })).toBe(false)
    expect(passed(await guard(rules, lock, { principal }).client(call(3, 'other')))).toBe(true)
  })

  it('are those of the actor where no credential names anybody', async () => {
    const labels = memoryLabels()
    const principal = { actor: 'User:ann', token: { scopes: ['a'] } }
    await guard(rules, lock, { principal, stores: { labels } }).client(call(1, 'read'))
    expect(passed(await guard(rules, lock, { stores: { labels } }).client(call(2, 'send')))).toBe(false)
  })

  it('cannot be tested for nobody: whatever tests one is denied', async () => {
    const { client } = guard(
      'allow call *  label call read as tainted  deny call send if "tainted" in session.labels',
      lock,
      {
        principal: { actor: null },
      },
    )
    expect(passed(await client(call(1, 'read')))).toBe(true)
    expect(passed(await client(call(2, 'other')))).toBe(true)
    expect(errorOf(await client(call(3, 'send')))?.data).toEqual({ reason: 'not-permitted' })
  })

  it('are read for each message, so that another server’s count at once', async () => {
    const labels = memoryLabels()
    const one = guard(rules, lock, { stores: { labels } })
    expect(passed(await one.client(call(1, 'send')))).toBe(true)
    await guard(rules, lock, { stores: { labels } }).client(call(1, 'read'))
    expect(passed(await one.client(call(2, 'send')))).toBe(false)
  })

  it('of a call in flight are seen by the next, in 1,000 repetitions', async () => {
    let labels: LabelStore = memoryLabels()
    /** Answers later than at once. */
    const store: LabelStore = {
      read: async (session) => {
        await Promise.resolve()
        return labels.read(session)
      },
      commit: async (session, set) => {
        for (let i = 0; i < 5; i++) await Promise.resolve()
        return labels.commit(session, set)
      },
    }
    const { client, server } = guard(rules, lock, { stores: { labels: store } })
    for (let i = 0; i < 1000; i++) {
      labels = memoryLabels()
      const outcomes = await Promise.all([
        client(call(3 * i, 'send')),
        client(call(3 * i + 1, 'read')),
        client(call(3 * i + 2, 'send')),
      ])
      expect(outcomes.map(passed)).toEqual([true, true, false])
      for (const outcome of outcomes) {
        if (outcome !== 'dropped' && 'forwarded' in outcome) await server({ id: outcome.forwarded.id ?? 0, result: {} })
      }
    }
  })

  it('never allow what is denied without them (invariant 13)', async () => {
    const label = fc.constantFrom('a', 'b', 'c')
    const condition = fc.oneof(
      label.map((name) => `"${name}" in session.labels`),
      fc.tuple(label, label).map(([x, y]) => `"${x}" in session.labels and "${y}" in session.labels`),
      fc.tuple(label, label).map(([x, y]) => `"${x}" in session.labels or "${y}" in session.labels`),
    )
    const tool = fc.constantFrom(...names)
    const rule = fc.oneof(
      fc.record({ tool, condition }).map((one) => `deny call ${one.tool} if ${one.condition}`),
      fc.record({ tool, condition }).map((one) => `allow call ${one.tool} unless ${one.condition}`),
      fc.record({ tool, condition }).map((one) => `deny list ${one.tool} if ${one.condition}`),
      tool.map((name) => `allow call ${name}`),
    )
    const declared = 'allow call read, send  label call mark as a  label call mark as b  label call mark as c'
    const seen = { allowed: 0, lost: 0 }
    await fc.assert(
      fc.asyncProperty(
        fc.array(rule, { minLength: 2, maxLength: 6 }),
        fc.uniqueArray(label),
        label,
        async (statements, before, added) => {
          const allowed = async (set: readonly string[]): Promise<string[]> => {
            const stores = { labels: { read: () => set, commit: () => {} } }
            const { client, exchange } = guard(`${declared}\n${statements.join('\n')}`, lock, { stores })
            const found: string[] = []
            for (const [id, name] of names.entries())
              if (passed(await client(call(id, name)))) found.push(`call ${name}`)
            const tools = names.map((name) => ({ name, inputSchema: anyObject }))
            const listed = (await exchange('tools/list', {}, { result: { tools } })) as {
              forwarded: { result: { tools: JsonObject[] } }
            }
            return [...found, ...listed.forwarded.result.tools.map(({ name }) => `list ${name}`)]
          }
          const without = await allowed(before)
          const having = await allowed([...before, added])
          expect(without).toEqual(expect.arrayContaining(having))
          seen.allowed += having.length
          seen.lost += without.length - having.length
        },
      ),
      { numRuns: 20 },
    )
    expect(Math.min(seen.allowed, seen.lost)).toBeGreaterThan(1)
  })
})

describe('labels in memory', () => {
  const setup = (timeToLive = 1000) => {
    const time = { now: 0 }
    const store = memoryLabels({ timeToLive, clock: () => time.now })
    return { store, time, read: async (session: string) => [...(await store.read(session))].sort() }
  }

  it('live on with each that is set, and then expire', async () => {
    const { store, time, read } = setup()
    await store.commit('s', ['a'])
    time.now = 900
    await store.commit('s', ['b'])
    expect(await read('s')).toEqual(['a', 'b'])
    expect(await read('other')).toEqual([])
    time.now = 1899
    expect(await read('s')).toEqual(['a', 'b'])
    time.now = 1900
    expect(await read('s')).toEqual([])
    await store.commit('s', ['c'])
    expect(await read('s')).toEqual(['c'])
  })

  it('are refused past their bound, and none is forgotten', async () => {
    const { store, time, read } = setup()
    for (let i = 0; i < 100_000; i++) await store.commit(`s${i}`, ['a'])
    expect(() => store.commit('new', ['a'])).toThrow('too many sessions')
    await store.commit('s0', ['b'])
    expect(await read('s0')).toEqual(['a', 'b'])
    time.now = 1000
    await store.commit('new', ['a'])
    expect(await read('new')).toEqual(['a'])
  })
})
