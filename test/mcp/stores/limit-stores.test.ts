import { RateLimiterMemory } from 'rate-limiter-flexible'
import { describe, expect, it } from 'vitest'
import type { AppliedLimit } from '../../../src/index.ts'
import { type FlexibleOptions, flexibleLimits } from '../../../src/surfaces/mcp/index.ts'

const limit = (rule: string, count: number, key = 'k'): AppliedLimit => ({ rule, count, per: 60_000, key })

describe('limits counted by rate-limiter-flexible', () => {
  const setup = () => {
    const made: FlexibleOptions[] = []
    const store = flexibleLimits((options) => {
      made.push(options)
      return new RateLimiterMemory(options)
    })
    return { store, made }
  }

  it('let through their count, and say when there is room again', async () => {
    const { store, made } = setup()
    expect(await store.reserve([limit('r', 2)])).toBeUndefined()
    expect(await store.reserve([limit('r', 2)])).toBeUndefined()
    const wait = (await store.reserve([limit('r', 2)])) ?? 0
    expect(wait).toBeGreaterThan(50_000)
    expect(wait).toBeLessThanOrEqual(60_000)
    expect(await store.reserve([limit('r', 2, 'other')])).toBeUndefined()
    expect(await store.reserve([limit('other', 2)])).toBeUndefined()
    expect(made).toMatchObject([{ points: 2, duration: 60 }, { points: 2 }])
    expect(await store.reserve([limit('none', 0)])).toBe(60_000)
  })

  it('take no place in the first where the second is full', async () => {
    const { store } = setup()
    const wide = limit('wide', 2)
    const narrow = limit('narrow', 1)
    expect(await store.reserve([wide, narrow])).toBeUndefined()
    expect(await store.reserve([wide, narrow])).toBeDefined()
    expect(await store.reserve([wide])).toBeUndefined()
    expect(await store.reserve([wide])).toBeDefined()
  })

  it('let no more through when many ask at once', async () => {
    const { store } = setup()
    const asked = await Promise.all(
      Array.from({ length: 100 }, () => store.reserve([limit('wide', 40), limit('r', 30)])),
    )
    expect(asked.filter((wait) => wait === undefined)).toHaveLength(30)
  })

  it('fail when the store fails', async () => {
    const store = flexibleLimits(() => ({
      consume: () => Promise.reject(new Error('connection refused')),
      get: () => Promise.resolve(null),
    }))
    await expect(store.reserve([limit('r', 1)])).rejects.toThrow('connection refused')
  })

  it('keep as many limiters as there can be rules', async () => {
    const { store, made } = setup()
    for (let i = 0; i < 1001; i++) await store.reserve([limit(`r${i}`, 1)])
    await store.reserve([limit('r1000', 1)])
    expect(made).toHaveLength(1001)
    await store.reserve([limit('r0', 1)])
    expect(made).toHaveLength(1002)
  })
})
