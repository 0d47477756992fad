import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import { createEnforcementPoint } from '../../src/surfaces/mcp/enforcement/enforcement.ts'
import type { Principal } from '../../src/surfaces/mcp/enforcement/principal.ts'
import { type ApprovalStore, memoryApprovals } from '../../src/surfaces/mcp/index.ts'
import { readMessage } from '../../src/surfaces/mcp/protocol/message.ts'
import { anyObject, enforced, errorOf, type GuardOptions, guard, lockOf, type Outcome } from './guarded.ts'

const tools = ['send', 'read', 'slow'].map((name) => ({ name, inputSchema: anyObject }))
const lock = lockOf({ tools })
const rules = 'allow call send, slow if approvedBy(lead)  allow call read  delegate call *'

const call = (id: number, x = 'a', name = 'send'): JsonObject => ({
  id,
  method: 'tools/call',
  params: { name, arguments: { x } },
})
/** The id under which a denied call waits for approval. */
const waiting = (outcome: Outcome): string => {
  const id = errorOf(outcome)?.data?.approval
  if (typeof id !== 'string') throw new Error(`it waits for nothing: ${JSON.stringify(outcome)}`)
  return id
}
const passed = (outcome: Outcome): boolean => outcome !== 'dropped' && 'forwarded' in outcome

function desk(options: GuardOptions = {}, policy = rules, locked = lock) {
  const approvals = memoryApprovals()
  return { approvals, ...guard(policy, locked, { stores: { approvals }, ...options }) }
}

describe('a call that takes an approval', () => {
  it('is denied with an id to wait for, and goes on once it is approved, once', async () => {
    const { client, approvals, audit } = desk()
    const denied = await client(call(1))
    const id = waiting(denied)
    expect(errorOf(denied)).toEqual({
      code: -32003,
      message: `not permitted: call send; it takes an approval by someone else; it waits for that as ${id}`,
      data: { reason: 'not-permitted', missing: { approved: true }, approval: id },
    })
    expect(waiting(await client(call(2)))).toBe(id)
    approvals.grant(id, 'User:lead')
    expect(passed(await client(call(3)))).toBe(true)
    expect(waiting(await client(call(4)))).not.toBe(id)
    expect(audit.map(({ decision }) => decision)).toEqual(['deny', 'deny', 'allow', 'deny'])
    expect(audit.map((record) => record.approvals)).toEqual([undefined, undefined, ['User:lead'], undefined])
  })

  it('has in the store all that it is bound to', async () => {
    const { client, approvals } = desk({
      principal: {
        actor: 'User:ann',
        agents: ['Agent:bot'],
        token: { iss: 'https://idp', sub: '42', tenant: 't' },
      },
    })
    await client(call(1))
    expect(approvals.list()).toMatchObject([
      {
        needs: ['approvedBy(lead)'],
        grantedBy: [],
        call: {
          digest: expect.stringMatching(/^sha256:/),
          actor: 'User:ann',
          agents: ['Agent:bot'],
          iss: 'https://idp',
          sub: '42',
          tenant: 't',
          server: 's',
          reached: '["server"]',
          method: 'tools/call',
          name: 'send',
          arguments: '{"x":"a"}',
          policy: 'sha256:test',
          lock: expect.stringMatching(/^sha256:/),
        },
      },
    ])
  })

  // Each differs in one thing from the call that was approved.
  const ann = { actor: 'User:ann', token: { iss: 'i', sub: 's', tenant: 't' } }
  it.each<[string, GuardOptions, JsonObject]>([
    ['other arguments', { principal: ann }, call(1, 'b')],
    ['another tool', { principal: ann }, call(1, 'a', 'slow')],
    ['another actor', { principal: { ...ann, actor: 'User:bob' } }, call(1)],
    ['an agent', { principal: { ...ann, agents: ['Agent:bot'] } }, call(1)],
    ['another issuer', { principal: { ...ann, token: { ...ann.token, iss: 'j' } } }, call(1)],
    ['another subject', { principal: { ...ann, token: { ...ann.token, sub: 'z' } } }, call(1)],
    ['another tenant', { principal: { ...ann, token: { ...ann.token, tenant: 'u' } } }, call(1)],
  ])('is not approved by an approval of one with %s', async (_, options, asked) => {
    const approvals = memoryApprovals()
    const first = guard(rules, lock, { stores: { approvals }, principal: ann })
    approvals.grant(waiting(await first.client(call(1))), 'User:lead')
    expect(passed(await guard(rules, lock, { stores: { approvals }, ...options }).client(asked))).toBe(false)
    expect(passed(await first.client(call(2)))).toBe(true)
  })

  it('cannot be approved for somebody whose tenant is no text', async () => {
    const principal = { ...ann, token: { ...ann.token, tenant: 42 } }
    const { client } = guard(rules, lock, { stores: { approvals: memoryApprovals() }, principal })
    expect(errorOf(await client(call(1)))?.data).not.toHaveProperty('approval')
  })

  it('is not approved under another policy, or another lock', async () => {
    for (const change of [{ digest: 'sha256:other' }, { lock: lockOf({ tools: tools.slice(0, 2) }) }]) {
      const { client, approvals, enforcement } = desk()
      approvals.grant(waiting(await client(call(1))), 'User:lead')
      enforcement.replace({ ...enforced(rules, lock), ...change })
      expect(passed(await client(call(2)))).toBe(false)
    }
  })

  it.each([
    ['who does not hold the role', 'User:bob'],
    ['the actor', 'User:ann'],
    ['the agent', 'Agent:bot'],
    ['nobody that the policy knows', 'Robot:x'],
  ])('is not approved by %s', async (_, by) => {
    const policy = 'allow call send if approvedBy(lead)  delegate call *'
    // Those that the store would not have let grant it, too.
    const approvals = memoryApprovals()
    const store: ApprovalStore = {
      ...approvals,
      granted: async (digest) => {
        const found = await approvals.granted(digest)
        return found && { ...found, by: [by] }
      },
    }
    const principal = { actor: 'User:ann', agents: ['Agent:bot'] }
    const { client } = guard(policy, lock, { stores: { approvals: store }, principal })
    await client(call(1))
    expect(passed(await client(call(2)))).toBe(false)
  })

  it('is not approved by who holds the role no longer', async () => {
    const { client, approvals, enforcement } = desk()
    approvals.grant(waiting(await client(call(1))), 'User:lead')
    const { engine, ...policy } = enforced(rules, lock)
    engine.facts.remove({ relation: 'lead', subject: 'User:lead' })
    enforcement.replace({ engine, ...policy })
    expect(passed(await client(call(2)))).toBe(false)
  })

  it('takes as many as the policy says', async () => {
    const { client, approvals } = desk({}, 'allow call send if approvedBy(lead, 2)')
    const id = waiting(await client(call(1)))
    expect(approvals.find(id)).toMatchObject({ needs: ['approvedBy(lead, 2)'] })
    approvals.grant(id, 'User:lead')
    expect(waiting(await client(call(2)))).toBe(id)
  })

  it('waits for nothing where nobody can be asked, or nobody asks', async () => {
    const alone = guard(rules, lock)
    expect(errorOf(await alone.client(call(1)))).toEqual({
      code: -32003,
      message: 'not permitted: call send; it takes an approval by someone else, which cannot be asked for here',
      data: { reason: 'not-permitted', missing: { approved: true } },
    })
    const { client, approvals } = desk({ principal: { actor: null } })
    expect(errorOf(await client(call(1)))?.data).toEqual({ reason: 'not-permitted' })
    expect(approvals.list()).toEqual([])
  })

  it('waits for nothing where it is hidden, or denied whoever approves', async () => {
    const { client, approvals } = desk({}, `${rules}  deny list send  deny call slow if args has x and args.x == "b"`)
    expect(errorOf(await client(call(1)))?.data).toEqual({ reason: 'not-permitted' })
    expect(errorOf(await client(call(2, 'b', 'slow')))?.data).toEqual({ reason: 'forbidden' })
    expect(approvals.list()).toEqual([])
  })

  it.each<[string, JsonObject]>([
    ['a subscription', { method: 'resources/subscribe', params: { uri: 'doc://1' } }],
    ['a completion', { method: 'completion/complete', params: { ref: { type: 'ref/prompt', name: 'p' } } }],
    ['the log level', { method: 'logging/setLevel', params: { level: 'info' } }],
  ])('is what can be approved, and not %s', async (_, message) => {
    const { client, approvals } = desk(
      {},
      'allow subscribe "doc://{id}" if approvedBy(lead)  allow complete p if approvedBy(lead)  allow log * if approvedBy(lead)',
      lockOf({ tools, prompts: [{ name: 'p' }], resourceTemplates: [{ name: 'd', uriTemplate: 'doc://{id}' }] }),
    )
    expect(errorOf(await client({ id: 1, ...message }))?.code).toBe(-32003)
    expect(approvals.list()).toEqual([])
  })

  it('does not use an approval up while a limit refuses it', async () => {
    const { client, approvals } = desk({}, `${rules}  limit call send to 1 per 1h`)
    const approve = async (id: number, x: string) => approvals.grant(waiting(await client(call(id, x))), 'User:lead')
    await approve(1, 'a')
    await approve(2, 'b')
    expect(passed(await client(call(3, 'a')))).toBe(true)
    expect(errorOf(await client(call(4, 'b')))?.data).toMatchObject({ reason: 'limited' })
    expect(approvals.list()).toHaveLength(1)
  })

  it('has its tasks, and what it is asked in between, without another approval', async () => {
    const { client, server, approvals } = desk()
    approvals.grant(waiting(await client(call(1))), 'User:lead')
    const sent = (await client(call(2))) as { forwarded: JsonObject }
    await server({ id: sent.forwarded.id ?? 0, result: { task: { taskId: 't', status: 'working' } } })
    expect(passed(await client({ id: 3, method: 'tasks/get', params: { taskId: 't' } }))).toBe(true)
    expect(passed(await server({ method: 'notifications/tasks/status', params: { taskId: 't' } }))).toBe(true)
  })
})

describe('the task of an approved call', () => {
  const ann = { actor: 'User:ann' }
  const viaBot = { ...ann, agents: ['Agent:bot'] }

  it.each<[string, Principal, Principal, boolean]>([
    ['the agent that made it', viaBot, viaBot, true],
    ['the person of the agent that made it', viaBot, ann, false],
    ['an agent of the person who made it', ann, viaBot, false],
  ])('is there without another approval for %s', async (_, by, asker, isThere) => {
    const approvals = memoryApprovals()
    const point = createEnforcementPoint({
      server: 's',
      policy: enforced(rules, lock),
      reached: { command: 'server', args: [] },
      stores: { approvals },
      report: () => {},
    })
    point.definitions.complete('tools', tools)
    const connection = point.connect(by)
    const say = (message: JsonObject) => readMessage({ jsonrpc: '2.0', ...message })
    await connection.fromClient(say(call(1)))
    const [request] = await approvals.list()
    approvals.grant(request?.id ?? '', 'User:lead')
    const sent = await connection.fromClient(say(call(2)))
    if (sent.kind !== 'forward') throw new Error('the approved call is not forwarded')
    const task = { taskId: 't', status: 'working' }
    await connection.fromServer(say({ id: sent.message.id ?? 0, result: { task } }))
    const about = say({ id: 3, method: 'tasks/get', params: { taskId: 't' } })
    expect((await point.connect(asker).fromClient(about)).kind).toBe(isThere ? 'forward' : 'answer')
  })
})

describe('one approval', () => {
  /** Guards of one store, which answers after any number of turns, so that calls come between each other anywhere. */
  const racing = (count: number) => {
    const now = { approvals: memoryApprovals(), delays: [0] as readonly number[], turn: 0 }
    const slowly = async <T>(ask: () => T | Promise<T>): Promise<T> => {
      const wait = async () => {
        for (let i = now.delays[now.turn++ % now.delays.length] ?? 0; i > 0; i--) await Promise.resolve()
      }
      await wait()
      const answer = ask()
      await wait()
      return await answer
    }
    const store: ApprovalStore = {
      request: (...asked) => slowly(() => now.approvals.request(...asked)),
      granted: (...asked) => slowly(() => now.approvals.granted(...asked)),
      consume: (...asked) => slowly(() => now.approvals.consume(...asked)),
      hold: (...asked) => slowly(() => now.approvals.hold(...asked)),
      take: (...asked) => slowly(() => now.approvals.take(...asked)),
    }
    const guards = Array.from({ length: count }, () => guard(rules, lock, { stores: { approvals: store } }))
    let id = 1
    /** How many of the guards' callers get the same call through at once. */
    const race = async (callers: number): Promise<number> => {
      const outcomes = await Promise.all(guards.slice(0, callers).map(({ client }) => client(call(id++))))
      for (const [i, outcome] of outcomes.entries()) {
        if (outcome === 'dropped' || !('forwarded' in outcome)) continue
        await guards[i]?.server({ id: outcome.forwarded.id ?? 0, result: {} })
      }
      return outcomes.filter(passed).length
    }
    const grant = async (): Promise<boolean> => {
      const [waits] = await now.approvals.list()
      return waits !== undefined && (await now.approvals.grant(waits.id, 'User:lead')) === 'done'
    }
    return { now, race, grant }
  }

  it('lets one of two calls through that race for it, in 1,000 repetitions', async () => {
    const { race, grant } = racing(2)
    expect(await race(2)).toBe(0)
    for (let i = 0; i < 1000; i++) {
      expect(await grant()).toBe(true)
      expect(await race(2)).toBe(1)
    }
  })

  it('admits at most one dispatch under any concurrency (invariant 14)', async () => {
    const { now, race, grant } = racing(6)
    const turns = fc.array(fc.nat({ max: 5 }), { minLength: 40, maxLength: 40 })
    const rounds = fc.array(fc.record({ isGranted: fc.boolean(), callers: fc.integer({ min: 1, max: 6 }) }), {
      minLength: 1,
      maxLength: 8,
    })
    const seen = { granted: 0, rounds: 0 }
    await fc.assert(
      fc.asyncProperty(turns, rounds, async (delays, played) => {
        Object.assign(now, { approvals: memoryApprovals(), delays, turn: 0 })
        await race(1)
        for (const { isGranted, callers } of played) {
          const granted = isGranted && (await grant())
          expect(await race(callers)).toBe(granted ? 1 : 0)
          seen.granted += granted ? 1 : 0
          seen.rounds++
        }
      }),
      { numRuns: 100 },
    )
    expect(seen.granted / seen.rounds).toBeGreaterThan(0.3)
  })
})
