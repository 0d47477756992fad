import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import { memoryApprovals } from '../../src/surfaces/mcp/index.ts'
import { anyObject, enforced, errorOf, type GuardOptions, guard, lockOf, type Outcome } from './guarded.ts'

const tools = ['send', 'read'].map((name) => ({ name, inputSchema: anyObject }))
const lock = lockOf({ tools })
const rules = 'allow call send if confirmed()  allow call read'
const yes = { action: 'accept', content: { confirm: true } }
const key = 'licet/confirmation'

const passed = (outcome: Outcome | undefined): boolean =>
  outcome !== undefined && outcome !== 'dropped' && 'forwarded' in outcome
const params = (x = 'a', name = 'send', more: JsonObject = {}): JsonObject => ({ name, arguments: { x }, ...more })
const call = (id: number, x = 'a', name = 'send'): JsonObject => ({ id, method: 'tools/call', params: params(x, name) })

async function connected(
  options: GuardOptions & { readonly capabilities?: JsonObject; readonly policy?: string } = {},
) {
  const { capabilities = { elicitation: {} }, policy = rules, ...others } = options
  const guarded = guard(policy, lock, { carriesConsent: true, ...others })
  await guarded.exchange('initialize', { protocolVersion: '2025-11-25', capabilities }, { result: {} })
  return guarded
}

/** What the client is asked, and what becomes of the call. */
function question(outcome: Outcome): { asked: JsonObject; id: number; later: Promise<Outcome> } {
  if (outcome === 'dropped' || !('asked' in outcome)) throw new Error(`nothing is asked: ${JSON.stringify(outcome)}`)
  return { asked: outcome.asked, id: outcome.asked.id as number, later: outcome.later }
}

describe('a call that its user has to confirm, with a client of 2025-11-25,', () => {
  it('waits for the user, and then goes on', async () => {
    const { client, audit } = await connected()
    const { asked, id, later } = question(await client(call(7, 'a\u202e"')))
    expect(asked).toMatchObject({
      method: 'elicitation/create',
      params: { requestedSchema: { required: ['confirm'] } },
    })
    expect((asked.params as JsonObject).message).toBe(
      'Do you confirm this request to s?\ntools/call send\n{"x":"a\\u{202e}\\""}',
    )
    expect(await client({ id, result: yes })).toBe('dropped')
    expect(await later).toMatchObject({ forwarded: { method: 'tools/call', params: params('a\u202e"') } })
    expect(audit.slice(-2)).toMatchObject([{ decision: 'deny' }, { decision: 'allow', confirmed: true }])
  })

  it.each<[string, JsonObject]>([
    ['declines', { result: { action: 'decline' } }],
    ['cancels', { result: { action: 'cancel' } }],
    ['sends the form off as it was', { result: { action: 'accept', content: { confirm: false } } }],
    ['sends no form', { result: { action: 'accept' } }],
    ['says yes in other words', { result: { action: 'accept', content: { confirm: 'true' } } }],
    ['cannot be asked', { error: { code: -32601, message: 'no' } }],
    ['answers with no answer', { result: 3 as unknown as JsonObject }],
  ])('is denied when the user %s', async (_, answer) => {
    const { client, audit } = await connected()
    const { id, later } = question(await client(call(7)))
    expect(await client({ id, ...answer })).toBe('dropped')
    expect(await later).toMatchObject({ answered: { id: 7, error: { code: -32003 } } })
    expect(errorOf(await later)?.message).toBe('not permitted: call send; the user has not confirmed it')
    expect(audit.at(-1)).toMatchObject({ decision: 'deny', reason: 'declined' })
  })

  it('keeps no other message waiting, nor uses its id twice', async () => {
    const { client, server } = await connected()
    const { id, later } = question(await client(call(7)))
    expect(passed(await client(call(8, 'a', 'read')))).toBe(true)
    expect(errorOf(await client(call(7, 'a', 'read')))?.code).toBe(-32600)
    // The server’s requests and ours do not share a number.
    const elicit = await server({ id: 1, method: 'ping' })
    expect(elicit).toMatchObject({ forwarded: { method: 'ping' } })
    expect((elicit as { forwarded: JsonObject }).forwarded.id).not.toBe(id)
    await client({ id, result: yes })
    expect(passed(await later)).toBe(true)
    expect(errorOf(await client(call(7, 'a', 'read')))?.code).toBe(-32600)
  })

  it('is asked about each time, and each answer counts once', async () => {
    const { client } = await connected()
    const first = question(await client(call(1)))
    const second = question(await client(call(2)))
    await client({ id: first.id, result: yes })
    expect(await client({ id: first.id, result: yes })).toBe('dropped')
    expect(passed(await first.later)).toBe(true)
    await client({ id: second.id, result: { action: 'decline' } })
    expect(passed(await second.later)).toBe(false)
    question(await client(call(3)))
  })

  it('is taken back when the client cancels it', async () => {
    const { client } = await connected()
    const { id, later } = question(await client(call(7)))
    expect(await client({ method: 'notifications/cancelled', params: { requestId: 7 } })).toBe('dropped')
    const taken = await later
    expect(taken).toMatchObject({ asked: { method: 'notifications/cancelled', params: { requestId: id } } })
    expect(taken !== 'dropped' && 'later' in taken && (await taken.later)).toBe('dropped')
    expect(await client({ id, result: yes })).toBe('dropped')
    question(await client(call(7)))
  })

  it('is not confirmed by a client that does not carry consent, though another was asked', async () => {
    const options = { carriesConsent: true }
    const { client, exchange } = guard(rules, lock, options)
    const capabilities = { elicitation: {} }
    await exchange('initialize', { protocolVersion: '2025-11-25', capabilities }, { result: {} })
    const { id, later } = question(await client(call(7)))
    options.carriesConsent = false
    await client({ id, result: yes })
    expect(errorOf(await later)?.message).toContain('the user has not confirmed it')
  })

  it('is answered when the server is gone', async () => {
    const { client, enforcement } = await connected()
    const { later } = question(await client(call(7)))
    enforcement.serverGone()
    expect(await later).toMatchObject({ answered: { id: 7, error: { message: 'the server has stopped' } } })
  })

  it('is asked about again when the policy has changed meanwhile', async () => {
    const { client, enforcement } = await connected()
    const { id, later } = question(await client(call(7)))
    enforcement.replace({ ...enforced(rules, lock), digest: 'sha256:other' })
    await client({ id, result: yes })
    const again = question(await later)
    await client({ id: again.id, result: yes })
    expect(passed(await again.later)).toBe(true)
  })

  it('is denied when the policy has changed against it meanwhile', async () => {
    const { client, enforcement } = await connected()
    const { id, later } = question(await client(call(7)))
    enforcement.replace({ ...enforced('allow call read', lock), digest: 'sha256:other' })
    await client({ id, result: yes })
    expect(errorOf(await later)?.data).toEqual({ reason: 'not-permitted' })
  })

  describe('in time', () => {
    beforeEach(() => {
      vi.useFakeTimers()
    })
    afterEach(() => {
      vi.useRealTimers()
    })

    it('is denied after five minutes, and the question taken back', async () => {
      const { client } = await connected()
      const { id, later } = question(await client(call(7)))
      vi.advanceTimersByTime(5 * 60 * 1000)
      const late = await later
      expect(late).toMatchObject({ asked: { method: 'notifications/cancelled', params: { requestId: id } } })
      expect(late !== 'dropped' && 'later' in late && errorOf(await late.later)?.code).toBe(-32003)
      expect(await client({ id, result: yes })).toBe('dropped')
    })
  })

  it('is not asked about by more than a hundred at once', async () => {
    const { client } = await connected()
    for (let i = 0; i < 100; i++) question(await client(call(i)))
    expect(errorOf(await client(call(100)))?.code).toBe(-32003)
  })

  it.each<[string, Parameters<typeof connected>[0]]>([
    ['is not trusted', { carriesConsent: false }],
    ['has no forms', { capabilities: {} }],
    ['has only forms on pages', { capabilities: { elicitation: { url: {} } } }],
    ['speaks for nobody', { principal: { actor: null } }],
  ])('is not asked about by a client that %s', async (_, options) => {
    const { client } = await connected(options)
    expect(errorOf(await client(call(1)))?.code).toBe(-32003)
  })

  it('is not asked about where it would be cut', async () => {
    const { client } = await connected()
    expect(errorOf(await client(call(1, 'x'.repeat(9000))))?.code).toBe(-32003)
  })

  it('is not asked about where a confirmation is not enough', async () => {
    const { client } = await connected({
      policy: `allow call send if (confirmed() and scope("s")) or (args has x and args.x == "z")`,
    })
    expect(errorOf(await client(call(1)))?.data).toMatchObject({ missing: { scopes: ['s'], confirmed: true } })
  })

  it('may take an approval as well, which is asked for first', async () => {
    const approvals = memoryApprovals()
    const { client } = await connected({
      policy: 'allow call send if confirmed() and approvedBy(lead)',
      stores: { approvals },
    })
    await client(call(1))
    const [request] = await approvals.list()
    expect(request).toMatchObject({ needs: ['approvedBy(lead)'] })
    await approvals.grant(request?.id ?? '', 'User:lead')
    const { id, later } = question(await client(call(2)))
    await client({ id, result: yes })
    expect(passed(await later)).toBe(true)
    expect(await approvals.list()).toEqual([])
  })
})

describe('a confirmation through the store', () => {
  it('is the user’s alone', async () => {
    const approvals = memoryApprovals()
    const { client } = guard(rules, lock, { stores: { approvals } })
    const id = errorOf(await client(call(1)))?.data?.approval as string
    expect(approvals.find(id)).toMatchObject({ needs: ['confirmed()'] })
    approvals.grant(id, 'User:lead')
    expect(passed(await client(call(2)))).toBe(false)
    approvals.grant(id, 'User:ann')
    expect(passed(await client(call(3)))).toBe(true)
    expect(passed(await client(call(4)))).toBe(false)
  })
})

describe('a call that its user has to confirm, with a client of 2026-07-28,', () => {
  const meta = (elicitation: JsonObject = {}): JsonObject => ({
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': { elicitation },
  })
  const approvals = memoryApprovals()
  const stateless = (options: GuardOptions = {}, policy = rules) =>
    guard(policy, lock, { carriesConsent: true, stores: { approvals }, ...options })
  let id = 1
  const send = ({ client }: Pick<ReturnType<typeof guard>, 'client'>, more: JsonObject = {}, x = 'a') =>
    client({ id: id++, method: 'tools/call', params: params(x, 'send', { _meta: meta(), ...more }) })
  /** The result that asks for more. */
  const required = (outcome: Outcome): { inputRequests: JsonObject; requestState: string } => {
    if (outcome === 'dropped' || !('answered' in outcome)) throw new Error(JSON.stringify(outcome))
    const { result } = outcome.answered as { result?: JsonObject }
    expect(result).toMatchObject({ resultType: 'input_required' })
    return result as { inputRequests: JsonObject; requestState: string }
  }
  const answered = (requestState: string, more: JsonObject = {}, answer: JsonObject = yes): JsonObject => ({
    requestState,
    inputResponses: { [key]: answer, ...more },
  })

  it('is asked for in the result, and goes on when it comes again', async () => {
    const guarded = stateless()
    const { inputRequests, requestState } = required(await send(guarded))
    expect(inputRequests).toMatchObject({ [key]: { method: 'elicitation/create' } })
    expect(await send(guarded, answered(requestState))).toMatchObject({ forwarded: { params: params() } })
    expect(JSON.stringify(await send(guarded, answered(requestState)))).toContain('input_required')
  })

  it('goes on without what was ours in it', async () => {
    const guarded = stateless()
    const { requestState } = required(await send(guarded))
    const { forwarded } = (await send(guarded, answered(requestState))) as { forwarded: JsonObject }
    expect(Object.keys(forwarded.params as JsonObject).sort()).toEqual(['_meta', 'arguments', 'name'])
  })

  it('is denied when the user declines', async () => {
    const guarded = stateless()
    const { requestState } = required(await send(guarded))
    const declined = await send(guarded, answered(requestState, {}, { action: 'decline' }))
    expect(errorOf(declined)?.message).toContain('the user has not confirmed it')
    expect(passed(await send(guarded, answered(requestState)))).toBe(false)
  })

  it.each<[string, GuardOptions, string]>([
    ['other arguments', {}, 'b'],
    ['another principal', { principal: { actor: 'User:bob' } }, 'a'],
    ['an agent', { principal: { actor: 'User:ann', agents: ['Agent:bot'] } }, 'a'],
  ])('is not confirmed by the state of one with %s', async (_, options, x) => {
    const guarded = stateless()
    const { requestState } = required(await send(guarded))
    expect(passed(await send(stateless(options), answered(requestState), x))).toBe(false)
    expect(passed(await send(guarded, answered(requestState)))).toBe(true)
  })

  it('is not confirmed by a client that does not carry consent, though another was asked', async () => {
    const options = { carriesConsent: true }
    const guarded = guard(rules, lock, options)
    const { requestState } = required(await send(guarded))
    options.carriesConsent = false
    expect(errorOf(await send(guarded, answered(requestState)))?.message).toContain('the user has not confirmed it')
  })

  it('is not confirmed by a state that was made up, nor by an answer without one', async () => {
    const guarded = stateless()
    for (const more of [{}, { requestState: 'licet:AAAA' }, { requestState: 'licet:' }]) {
      expect(passed(await send(guarded, { ...more, inputResponses: { [key]: yes } }))).toBe(false)
    }
  })

  it('is confirmed once, however many send the same state at once', async () => {
    for (let i = 0; i < 20; i++) {
      const [first, second] = [stateless(), stateless()]
      if (first === undefined || second === undefined) throw new Error('two guards')
      const { requestState } = required(await send(first))
      const outcomes = await Promise.all([first, second].map((one) => send(one, answered(requestState))))
      expect(outcomes.filter(passed)).toHaveLength(1)
    }
  })

  it('leaves what the server asks for in between as it is', async () => {
    const guarded = stateless({}, `${rules}  allow elicit *`)
    const inputRequests = { name: { method: 'elicitation/create', params: {} } }
    const asks = (requestState?: string) => ({
      result: { resultType: 'input_required', inputRequests, ...(requestState === undefined ? {} : { requestState }) },
    })
    const read = { ...params('a', 'read'), _meta: meta() }
    const unguarded = await guarded.exchange('tools/call', read, asks('state of the server'))
    expect(unguarded).toMatchObject({ forwarded: { result: { requestState: 'state of the server', inputRequests } } })
    const again = { ...read, requestState: 'state of the server', inputResponses: { name: yes } }
    expect(await guarded.client({ id: id++, method: 'tools/call', params: again })).toMatchObject({
      forwarded: { params: again },
    })
  })

  it('is confirmed once for all that the server asks for in between', async () => {
    const guarded = stateless({}, `${rules}  allow elicit *`)
    const inputRequests = { name: { method: 'elicitation/create', params: {} } }
    const { requestState } = required(await send(guarded))
    const sent = (await send(guarded, answered(requestState))) as { forwarded: JsonObject }
    const result = { resultType: 'input_required', inputRequests, requestState: 'state of the server' }
    const asked = await guarded.server({ id: sent.forwarded.id ?? 0, result })
    const ours = (asked as { forwarded: { result: JsonObject } }).forwarded.result
    expect(ours).toMatchObject({ resultType: 'input_required', inputRequests })
    expect(ours.requestState).not.toBe('state of the server')
    const more = { requestState: ours.requestState ?? '', inputResponses: { name: yes } }
    expect(await send(guarded, more)).toMatchObject({
      forwarded: { params: { requestState: 'state of the server', inputResponses: { name: yes } } },
    })
    // Once more, it would be another call.
    expect(passed(await send(guarded, more))).toBe(false)
  })

  it('keeps what the server was told before the user is asked', async () => {
    const guarded = stateless()
    const before = { requestState: 'state of the server', inputResponses: { name: yes } }
    const { requestState } = required(await send(guarded, before))
    expect(await send(guarded, answered(requestState))).toMatchObject({ forwarded: { params: before } })
  })

  it('is not asked for of a client without forms', async () => {
    const guarded = stateless()
    const outcome = await send(guarded, { _meta: meta({ url: {} }) })
    expect(errorOf(outcome)?.data).toMatchObject({ missing: { confirmed: true } })
  })
})
