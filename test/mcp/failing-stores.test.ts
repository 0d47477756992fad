import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import { memoryApprovals, memoryLabels, memoryLimits, type Stores } from '../../src/surfaces/mcp/index.ts'
import { anyObject, errorOf, guard, lockOf, type Outcome } from './guarded.ts'

const lock = lockOf({
  tools: ['plain', 'limited', 'approved', 'labelled', 'private'].map((name) => ({ name, inputSchema: anyObject })),
})
const rules = `
  allow call plain, limited, labelled, private
  allow call approved if approvedBy(lead)
  limit call limited to 100 per 1m
  label call labelled as tainted
  deny call private if "tainted" in session.labels
`
const call = (id: number, name: string): JsonObject => ({ id, method: 'tools/call', params: { name, arguments: {} } })
const passed = (outcome: Outcome): boolean => outcome !== 'dropped' && 'forwarded' in outcome
const patience = 40

const ways: readonly (readonly [string, () => never | Promise<never>])[] = [
  [
    'fails',
    () => {
      throw new Error('connection refused at 10.0.0.7')
    },
  ],
  ['fails later', () => Promise.reject(new Error('connection refused at 10.0.0.7'))],
  ['never answers', () => new Promise(() => {})],
]

describe.each(ways)('a store that %s', (_, fail) => {
  const broken = (stores: Stores) => guard(rules, lock, { stores: { patience, ...stores } })
  /** What depends on the store is denied in words that tell no more, and all else goes on. */
  const check = async ({ client, reports, audit }: ReturnType<typeof guard>, name: string, told: string) => {
    expect(errorOf(await client(call(1, name)))).toEqual({
      code: -32603,
      message: `${told}; try again later`,
      data: { reason: 'unavailable' },
    })
    expect(audit.at(-1)).toMatchObject({ decision: 'deny' })
    expect(reports.join()).toMatch(/connection refused at 10\.0\.0\.7|does not answer within 0\.04 s/)
    expect(passed(await client(call(2, 'plain')))).toBe(true)
  }

  it('of limits refuses what is limited', async () => {
    await check(broken({ limits: { reserve: fail } }), 'limited', 'limits cannot be counted')
  })

  it('of approvals refuses what takes one', async () => {
    const approvals = { ...memoryApprovals(), granted: fail }
    await check(broken({ approvals }), 'approved', 'approvals are not available')
  })

  it('of approvals, while one is used up, lets nothing through, and nothing twice', async () => {
    const approvals = memoryApprovals()
    let isBroken = true
    const store = {
      ...approvals,
      // What was asked of it may yet have been done.
      consume: (id: string) => {
        const done = approvals.consume(id)
        return isBroken ? fail() : done
      },
    }
    const guarded = broken({ approvals: store })
    const { client } = guarded
    const id = errorOf(await client(call(10, 'approved')))?.data?.approval as string
    approvals.grant(id, 'User:lead')
    await check(guarded, 'approved', 'approvals are not available')
    isBroken = false
    await new Promise((resolve) => setTimeout(resolve, patience + 10))
    expect(passed(await client(call(3, 'approved')))).toBe(false)
  })

  it('of labels refuses what sets one', async () => {
    await check(
      broken({ labels: { read: () => [], commit: fail } }),
      'labelled',
      'the labels of the session are not available',
    )
  })

  it('of labels refuses what tests one, and answers about all that is denied in the same way', async () => {
    const guarded = broken({ labels: { read: fail, commit: () => {} } })
    await check(guarded, 'private', 'the labels of the session are not available')
    for (const [id, name] of ['approved', 'nothing'].entries()) {
      expect(errorOf(await guarded.client(call(10 + id, name)))?.data).toEqual({ reason: 'unavailable' })
    }
  })
})

describe('a store that answers with nothing that is an answer', () => {
  const check = async (stores: Stores, name: string, told: string) => {
    const { client } = guard(rules, lock, { stores })
    const error = { code: -32603, message: `${told}; try again later`, data: { reason: 'unavailable' } }
    expect(errorOf(await client(call(1, name)))).toEqual(error)
    expect(passed(await client(call(2, 'plain')))).toBe(true)
  }

  it.each([null, false, 'no', Number.NaN, -1, {}])('of limits refuses what is limited: %j', async (answer) => {
    await check({ limits: { reserve: () => answer as never } }, 'limited', 'limits cannot be counted')
  })

  it.each([null, true, {}, { id: 'x', by: 'User:lead' }, { id: 'x', by: [null] }, { by: ['User:lead'] }])(
    'of approvals refuses what takes one: %j',
    async (answer) => {
      const approvals = { ...memoryApprovals(), granted: () => answer as never, consume: () => true }
      await check({ approvals }, 'approved', 'approvals are not available')
    },
  )

  it('of approvals tells no id that is none', async () => {
    const approvals = { ...memoryApprovals(), request: () => null as never }
    await check({ approvals }, 'approved', 'approvals are not available')
  })
})

describe('a store that hangs', () => {
  it('holds up the messages behind no longer than once', async () => {
    let asked = 0
    const hang = (): Promise<never> => {
      asked++
      return new Promise(() => {})
    }
    const { client } = guard(rules, lock, { stores: { limits: { reserve: hang }, patience: 200 } })
    const start = performance.now()
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, id) => client(call(id, 'limited'))))
    expect(outcomes.filter(passed)).toEqual([])
    expect(performance.now() - start).toBeLessThan(1500)
    expect(asked).toBe(1)
  })

  it('is asked again after a while, and an answer that comes too late counts for nothing', async () => {
    const limits = memoryLimits()
    let answer: (() => void) | undefined
    const store = {
      reserve: (...asked: Parameters<typeof limits.reserve>) =>
        answer === undefined
          ? new Promise<undefined>((resolve) => {
              answer = () => resolve(undefined)
            })
          : limits.reserve(...asked),
    }
    const { client } = guard(rules, lock, { stores: { limits: store, patience } })
    expect(passed(await client(call(1, 'limited')))).toBe(false)
    answer?.()
    expect(passed(await client(call(2, 'limited')))).toBe(false)
    await new Promise((resolve) => setTimeout(resolve, patience + 10))
    expect(passed(await client(call(3, 'limited')))).toBe(true)
  })
})

it.each<[string, unknown]>([
  ['nothing', undefined],
  ['a text', 'tainted'],
  ['labels in something else', [['tainted']]],
])('a store of labels that answers with %s is not read as one that has none', async (_, answer) => {
  const labels = { read: () => answer as string[], commit: () => {} }
  const { client } = guard(rules, lock, { stores: { patience, labels } })
  expect(errorOf(await client(call(1, 'private')))?.data).toEqual({ reason: 'unavailable' })
})

it('an approval is used up only where the store says so', async () => {
  const approvals = memoryApprovals()
  const store = { ...approvals, consume: () => ({ changes: 0 }) as unknown as boolean }
  const { client } = guard(rules, lock, { stores: { patience, approvals: store } })
  approvals.grant(errorOf(await client(call(1, 'approved')))?.data?.approval as string, 'User:lead')
  expect(passed(await client(call(2, 'approved')))).toBe(false)
})

it('stores that work are not told of', async () => {
  const { client, reports } = guard(rules, lock, {
    stores: { limits: memoryLimits(), labels: memoryLabels(), approvals: memoryApprovals() },
  })
  for (const [id, name] of ['plain', 'limited', 'labelled', 'private', 'approved'].entries())
    await client(call(id, name))
  expect(reports).toEqual([])
})
