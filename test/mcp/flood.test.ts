import { afterEach, describe, expect, it, vi } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import { createFlood } from '../../src/surfaces/mcp/enforcement/flood.ts'
import { anyObject, errorOf, guard, lockOf } from './guarded.ts'

const lock = lockOf({ tools: [{ name: 'read', inputSchema: anyObject }] })

afterEach(() => void vi.restoreAllMocks())

describe('a server that asks without end', () => {
  const asks = async (method: string, times: number) => {
    vi.spyOn(performance, 'now').mockImplementation(() => 0)
    const guarded = guard('allow call *  allow roots *', lock)
    let last: JsonObject | undefined
    for (let id = 0; id < times; id++) {
      const outcome = await guarded.server({ id, method })
      last = errorOf(outcome) as JsonObject | undefined
      if (outcome !== 'dropped' && 'forwarded' in outcome)
        await guarded.client({ id: outcome.forwarded.id ?? null, result: {} })
    }
    return { ...guarded, last }
  }

  it.each(['sampling/createMessage', 'roots/list', 'x/unheard-of'])('%s fills no log', async (method) => {
    const { audit, last } = await asks(method, 5000)
    expect(last).toMatchObject({ code: -32003, data: { reason: 'limited', retryAfter: 60 } })
    expect(audit.slice(0, 600).every(({ reason }) => reason !== 'flooding')).toBe(true)
    expect(
      audit.slice(600).map(({ reason, repeated, method: asked, decision }) => [reason, repeated, asked, decision]),
    ).toEqual(
      [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096].map((count) => ['flooding', count, method, 'deny']),
    )
  })

  it('fills none from inside a result', async () => {
    const { exchange, audit } = guard('allow call *  allow elicit *', lock)
    const inputRequests = Object.fromEntries(
      Array.from({ length: 2000 }, (_, i) => [i, { method: 'elicitation/create', params: {} }]),
    )
    const outcome = await exchange(
      'tools/call',
      { name: 'read' },
      { result: { resultType: 'input_required', inputRequests } },
    )
    expect(errorOf(outcome)?.message).toContain('too many requests')
    expect(audit.length).toBeLessThan(610)
  })

  it('may ask again in the next minute, and be heard of its own pings always', async () => {
    const { server, audit } = await asks('roots/list', 700)
    expect(await server({ id: 'p', method: 'ping' })).toHaveProperty('forwarded')
    vi.spyOn(performance, 'now').mockImplementation(() => 60_000)
    expect(await server({ id: 'r', method: 'roots/list' })).toHaveProperty('forwarded')
    expect(audit.at(-1)).toMatchObject({ reason: 'granted' })
  })

  it('fills none with a long name', async () => {
    const { exchange, audit } = guard('allow call *  allow elicit *', lock)
    const requests = Array.from({ length: 600 }, (_, i) => [`a${i}`, { method: 'elicitation/create', params: {} }])
    const inputRequests = { ...Object.fromEntries(requests), last: { method: 'x'.repeat(100_000) } }
    await exchange('tools/call', { name: 'read' }, { result: { resultType: 'input_required', inputRequests } })
    expect(audit.at(-1)).toMatchObject({ reason: 'flooding', repeated: 1 })
    expect(JSON.stringify(audit.at(-1)).length).toBeLessThan(4000)
  })

  it('is counted by the minute', () => {
    const flood = createFlood()
    for (let i = 0; i < 600; i++) expect(flood.count(1000)).toBeUndefined()
    expect(flood.count(31_000)).toEqual({ refused: 1, left: 30_000 })
    expect(flood.count(61_000)).toBeUndefined()
  })
})
