import { describe, expect, it } from 'vitest'
import { compile, createEngine, type Engine, tool } from '../../src/index.ts'
import type { Verdict } from '../../src/surfaces/mcp/enforcement/enforcement.ts'
import { createEnforcement } from '../../src/surfaces/mcp/enforcement/enforcement.ts'
import type { Principal } from '../../src/surfaces/mcp/enforcement/principal.ts'
import { readMessage } from '../../src/surfaces/mcp/protocol/message.ts'

const declarations = `
  actor User {}
  scope "files" includes "files:read", "files:write"
`

async function challengeOf(
  rules: string,
  token: Principal['token'] = {},
  principal: Principal = { actor: 'User:ann' },
  stepUp = true,
): Promise<Verdict> {
  const { policy, diagnostics } = compile(`${declarations} server s { ${rules} }`)
  if (policy === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  const engine = createEngine(policy, { facts: [{ type: 'User', id: 'ann' }] })
  const enforcement = createEnforcement({
    server: 's',
    stepUp,
    policy: { engine, lock: undefined, digest: '' },
    principal: { ...principal, token },
  })
  const params = { name: 'write', arguments: { path: 'x' } }
  return await enforcement.fromClient(readMessage({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }))
}

async function check(rules: string, token: Principal['token'], challenge: unknown): Promise<void> {
  const verdict = await challengeOf(rules, token)
  expect(verdict.kind).toBe('answer')
  expect('challenge' in verdict ? verdict.challenge : undefined).toEqual(challenge)
}

describe('a denial is a challenge', () => {
  it('for the weakest scope that would do', async () => {
    await check('allow call write if scope("files:write")', {}, { scopes: ['files:write'], acr: [] })
  })

  it('for all scopes of the operation: a token with the missing ones only would be denied for the others', async () => {
    const rules = 'allow call write if scope("files:write") and scope("mail:send")'
    const both = { scopes: ['files:write', 'mail:send'], acr: [] }
    await check(rules, { scopes: ['files'] }, both)
    await check(rules, { scopes: ['mail:send', 'other'] }, both)
    await check(rules, {}, both)
  })

  it('for another authentication, in seconds', async () => {
    await check('allow call write if acr("aal2")', { scopes: ['files'] }, { scopes: [], acr: ['aal2'] })
    await check('allow call write if authAge() <= 5m', {}, { scopes: [], acr: [], maxAge: 300 })
    await check('allow call write if authAge() < 5m', {}, { scopes: [], acr: [], maxAge: 299 })
    await check(
      'allow call write if scope("files:write") and acr("aal2")',
      {},
      { scopes: ['files:write'], acr: ['aal2'] },
    )
  })

  it('out of the set that a token supplies, where another takes a confirmation', async () => {
    const rules = 'allow call write if confirmed() or scope("files:write") and scope("mail:send")'
    await check(rules, {}, { scopes: ['files:write', 'mail:send'], acr: [] })
  })
})

describe('a denial is none', () => {
  it('where a token alone would not do', async () => {
    await check('allow call write if scope("files:write") and confirmed()', {}, undefined)
    await check('allow call write if confirmed()', {}, undefined)
    await check('allow call write if acr("a") and acr("b")', {}, undefined)
  })

  it('where nothing would help', async () => {
    await check('allow call write if scope("files:write") and args.path == "y"', {}, undefined)
    await check('allow call read', {}, undefined)
  })

  it('where the scope is none that OAuth can ask for', async () => {
    await check('allow call write if scope("a b")', {}, undefined)
    await check('allow call write if scope("a\\"b")', {}, undefined)
  })

  it('where the client cannot get another token: then the tool is not listed, either', async () => {
    const hidden = await challengeOf('allow call write if scope("files:write")', {}, { actor: 'User:ann' }, false)
    expect(hidden).toMatchObject({ message: { error: { data: { reason: 'not-permitted' } } } })
    expect(hidden).not.toHaveProperty('challenge')
  })

  it('to nobody, and about what is hidden', async () => {
    const rules = 'allow call write if scope("files:write")'
    expect(await challengeOf(rules, {}, { actor: null })).not.toHaveProperty('challenge')
    await check(`${rules} deny list write`, {}, undefined)
  })
})

describe.each(['compiled', 'interpreted'] as const)('an item that is not listed (%s)', (backend) => {
  const missing = (rules: string, token = {}): unknown => {
    const { policy } = compile(`${declarations} server s { ${rules} }`)
    if (policy === undefined) throw new Error('a policy that does not compile')
    const engine = createEngine(policy, { backend, facts: [{ type: 'User', id: 'ann' }] })
    const decision = engine.authorize('User:ann', 'list', tool('s', 'write'), { token })
    expect(decision.allowed).toBe(false)
    return decision.missing
  }
  const scope = (name: string) => ({ kind: 'scope', scope: name })

  it.each([
    ['allow call write if scope("files:write")', {}, [[scope('files:write')]], false],
    ['allow call write if scope("files:write") and args.path == "x"', {}, [[scope('files:write')]], false],
    ['allow call write if scope("files:write") and mail', { scopes: ['files'] }, [[scope('mail:send')]], false],
    ['allow call write if acr("a") or acr("b")', {}, [[{ kind: 'acr', acr: 'a' }]], true],
    ['allow call write if acr("a") and acr("b")', {}, [], false],
    ['allow call write if confirmed() and mail', {}, [[scope('mail:send')]], false],
    [
      'allow call write if mail deny list write unless acr("a")',
      {},
      [[scope('mail:send'), { kind: 'acr', acr: 'a' }]],
      false,
    ],
    ['allow call write if mail deny list write', {}, [], false],
    ['allow call write if mail and context.never', {}, [], false],
    ['deny call write', {}, [], false],
  ])('would be with another token: %s', (rules, token, sets, truncated) => {
    const text = rules.replace('mail', 'scope("mail:send")').replace('context.never', '1 > 2')
    expect(missing(text, token)).toEqual({ sets, truncated })
  })
})

it('what facts, values or rules would change a denial is told to nobody', async () => {
  const { policy } = compile(`${declarations}
    role librarian: User
    server s { allow call write if librarian and args.path == "a.txt" and scope("files:write") }`)
  if (policy === undefined) throw new Error('a mistake in the test')
  let explained = 0
  const engine: Engine = {
    ...createEngine(policy, { facts: [{ type: 'User', id: 'ann' }] }),
    explain: () => {
      explained++
      throw new Error('not for a remote caller')
    },
  }
  const enforcement = createEnforcement({
    server: 's',
    stepUp: true,
    policy: { engine, lock: undefined, digest: '' },
    principal: { actor: 'User:ann', token: {} },
  })
  const params = { name: 'write', arguments: { path: 'x' } }
  const answer = await enforcement.fromClient(readMessage({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }))
  expect(answer.kind).toBe('answer')
  expect(JSON.stringify(answer)).not.toMatch(/librarian|a\.txt|nearest|#1/)
  expect(explained).toBe(0)
})
