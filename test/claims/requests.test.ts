import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, createEngine } from '../../src/index.ts'
import {
  type AgentMode,
  agentRecord,
  auth0,
  fromIssuers,
  type Party,
  rfc9068,
  type TokenPrincipal,
  toRequest,
} from '../../src/surfaces/claims/index.ts'

const issuer = 'https://issuer.example'

function policyOf(text: string) {
  const { policy, diagnostics } = compile(text)
  if (policy === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return policy
}

const acting = policyOf(`
  actor User {}
  actor Agent {}
  resource Repo {}
  token { email: string }
  allow read on Repo if scope("repo")
  delegate read on Repo if agent == Agent:bot
  allow close on Repo if token.email == "ann@acme.dev" and authAge() <= 5m
`)
const plain = policyOf('actor User {}\nresource Repo {}\nallow read on Repo if actor == User:ann')

const adapter = (agents?: AgentMode, url = issuer) =>
  rfc9068({ issuer: url, ...(agents === undefined ? {} : { agents }) })

describe('the request of a token', () => {
  const allows = (claims: object, action = 'read', now?: string): boolean => {
    const { request, problem } = fromIssuers(acting, [adapter('client')])({ iss: issuer, ...claims })
    if (request === undefined) throw new Error(problem.message)
    const { actor, agents, token } = request
    const engine = createEngine(acting, {
      facts: [
        { type: 'User', id: 'ann' },
        { type: 'Repo', id: 'site' },
      ],
    })
    return engine.can(actor, action, 'Repo:site', {
      agents,
      token,
      ...(now === undefined ? {} : { now: Date.parse(now) }),
    })
  }

  it('is decided by the policy', () => {
    expect(allows({ sub: 'ann', client_id: 'bot', scope: 'repo' })).toBe(true)
    expect(allows({ sub: 'ann', client_id: 'bot', scope: 'mail' })).toBe(false)
    expect(allows({ sub: 'ann', client_id: 'other', scope: 'repo' })).toBe(false)
  })

  it('has the claims that the policy declares, and when the subject was authenticated', () => {
    const claims = {
      sub: 'bot',
      client_id: 'bot',
      email: 'ann@acme.dev',
      auth_time: Date.parse('2026-01-01T12:00:00Z') / 1000,
    }
    const engine = createEngine(acting, {
      facts: [
        { type: 'Agent', id: 'bot' },
        { type: 'Repo', id: 'site' },
      ],
    })
    const { request } = fromIssuers(acting, [adapter('client')])({ iss: issuer, ...claims })
    const at = (now: string) =>
      engine.can(request?.actor ?? null, 'close', 'Repo:site', { token: request?.token ?? {}, now: Date.parse(now) })
    expect([at('2026-01-01T12:04:00Z'), at('2026-01-01T12:06:00Z')]).toEqual([true, false])
  })

  it('takes nothing from a claim that happens to be called as what policies read', () => {
    const claims = { iss: issuer, sub: 'ann', tenant: 'other', clientId: 'x', permissions: ['all'], authTime: 'now' }
    const { principal } = adapter('none')(claims)
    const { token } = toRequest(principal as TokenPrincipal)
    expect(token).toMatchObject({ permissions: [], tenant: undefined, clientId: undefined, authTime: undefined })
  })
})

describe('the entities of parties', () => {
  const principalOf = (subject: Party, agents: readonly Party[] = []): TokenPrincipal => ({
    subject: { iss: issuer, kind: 'user', ...subject },
    agents,
    history: [],
    scopes: new Set(),
    roles: [],
    groups: [],
    permissions: [],
    assurance: {},
    claims: {},
  })

  it('have the types of the policy', () => {
    const kinds = (['user', 'service', 'agent'] as const).map(
      (kind) => toRequest(principalOf({ id: 'x', kind }), { user: 'Member', service: 'Job' }).actor,
    )
    expect(kinds).toEqual(['Member:x', 'Job:x', 'Agent:x'])
    expect(toRequest(principalOf({ id: 'x', kind: 'service' })).actor).toBe('Agent:x')
  })

  it('have their issuer before them where it is another one', () => {
    const request = toRequest(principalOf({ id: 'ann' }, [{ id: 'bot' }, { id: 'bot', iss: 'https://b.example' }]))
    expect(request).toMatchObject({ actor: 'User:ann', agents: ['Agent:bot', 'Agent:https://b.example#bot'] })
    expect(toRequest(principalOf({ id: 'ann' }), { qualified: true }).actor).toBe(`User:${issuer}#ann`)
  })

  it('are never one for two parties', () => {
    const iss = fc
      .constantFrom(issuer, 'https://b.example', 'https://b.example/#', 'b')
      .filter((url) => !url.includes('#'))
    const id = fc.string({ unit: fc.constantFrom('a', '#', ':', '/', ...issuer) })
    fc.assert(
      fc.property(id, iss, id, iss, fc.boolean(), (one, oneIss, two, twoIss, qualified) => {
        const [a, b] = toRequest(
          principalOf({ id: 'x' }, [
            { id: one, iss: oneIss },
            { id: two, iss: twoIss },
          ]),
          { qualified },
        ).agents
        expect(a === b).toBe(one === two && oneIss === twoIss)
      }),
    )
  })
})

describe('at the start', () => {
  const check = (make: () => unknown, message: string) => expect(make).toThrow(message)

  it('it has to be said who agents are, where the policy has any', () => {
    check(() => fromIssuers(acting, [adapter()]), 'write `agents: "act"`')
    check(() => fromIssuers(acting, [adapter('act'), auth0({ issuer: 'https://a.example/' })]), 'https://a.example/')
    expect(fromIssuers(plain, [adapter()])({ iss: issuer, sub: 'ann' }).request?.actor).toBe('User:ann')
  })

  it('the types of parties have to be there', () => {
    check(() => fromIssuers(plain, [adapter('client')]), 'no actor type `Agent`')
    check(() => fromIssuers(plain, [adapter()], { user: 'Repo' }), 'no actor type `Repo`')
  })

  it('no issuer may have two adapters, and of several each says which is meant', () => {
    check(() => fromIssuers(plain, [adapter(), auth0({ issuer })]), 'two adapters')
    const read = fromIssuers(plain, [adapter(), adapter(undefined, 'https://b.example')])
    expect(read({ iss: 'https://b.example', sub: 'ann' }).request?.actor).toBe('User:https://b.example#ann')
    for (const iss of ['https://c.example', 3, undefined])
      expect(read({ iss, sub: 'ann' }).problem?.code).toBe('unknown-issuer')
  })
})

describe('a client as an entity', () => {
  it('has what its registration says, and nothing else', () => {
    const { agent } = agentRecord(
      {
        client_id: 'https://app.example/client.json',
        client_name: 'App',
        redirect_uris: ['https://app.example/cb'],
        software_id: '4NRB1',
        admin: true,
      },
      { publisher: 'Acme' },
    )
    expect(agent).toEqual({
      type: 'Agent',
      id: 'https://app.example/client.json',
      client_name: 'App',
      redirect_uris: ['https://app.example/cb'],
      software_id: '4NRB1',
      publisher: 'Acme',
    })
    expect(agentRecord({ client_id: 'x', publisher: 'Acme', type: 'User', id: 'root' }).agent).toEqual({
      type: 'Agent',
      id: 'x',
    })
  })

  it('is refused where it is of another shape', () => {
    expect(agentRecord({ client_id: 'x', redirect_uris: 'https://app.example' }).problem?.message).toContain(
      'redirect_uris',
    )
    for (const registration of [undefined, null, 3, {}, { client_id: 3 }]) {
      expect(agentRecord(registration).problem?.code).toBe('malformed')
    }
  })
})
