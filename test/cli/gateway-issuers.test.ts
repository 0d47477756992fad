import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { fileKeys, type KeyGrant } from '../../src/surfaces/claims/keys/index.ts'
import { publish, sign, signer, testIssuer } from '../claims/verify/issuer.ts'
import { ask, freePort, json, post, reachable, standalone, upstream } from '../mcp/gateway/listening.ts'
import { folder } from '../node/folder.ts'
import { licet } from './command-line.ts'

/** Agents are known by their issuer, too, since there is more than one. */
const policyWith = (agents: readonly string[]) => `
actor User {}
actor Agent {}
// licet-allow unlocked-server: what it offers is what the test says
server notes {
  allow call read if "staff" in token.roles or scope("read")
  delegate call read if agent in [${agents.map((agent) => `Agent:"${agent}"`).join(', ')}]
}
// licet-allow unlocked-server: what it offers is what the test says
server open { allow call read }
`
const resource = 'https://mcp.acme.dev/tools/notes'

/** A gateway as a file describes it: two issuers with claims of different shapes, keys, and a server for everybody. */
async function configured() {
  const [acme, other, es] = await Promise.all([testIssuer(), testIssuer(), signer('ES256', 'k')])
  for (const issuer of [acme, other]) publish(issuer, [es.jwk])
  const server = await upstream(({ id = null }, _, response) => json(response, { id, result: { content: [] } }))
  const port = await freePort()
  const config = {
    listen: port,
    publicUrl: 'https://mcp.acme.dev/tools/',
    policy: ['p.licet'],
    issuers: [
      {
        issuer: acme.url,
        claims: 'keycloak',
        agents: 'client',
        introspection: { clientId: 'gateway', clientSecret: `\${INTROSPECTION}` },
      },
      { issuer: other.url, agents: 'act', audience: ['other-name', 'acme'] },
    ],
    apiKeys: { file: 'keys.jsonl', issuer: other.url },
    servers: { notes: { url: server.url }, open: { url: server.url, principal: { actor: 'anonymous' } } },
  }
  const cwd = folder({
    'p.licet': policyWith([acme.url, other.url].map((url) => `${url}#bot`)),
    'g.json': JSON.stringify(config),
    'keys.jsonl': '',
  })
  const store = fileKeys(join(cwd, 'keys.jsonl'))
  const end = new AbortController()
  const gateway = licet(['gateway', '--config', 'g.json'], { cwd, signal: end.signal, env: { INTROSPECTION: 's3' } })
  onTestFinished(async () => {
    end.abort()
    await gateway
    for (const issuer of [acme, other]) issuer.close()
  })
  const at = `http://127.0.0.1:${port}`
  const metadata = `${at}/.well-known/oauth-protected-resource/tools/notes`
  await reachable(metadata, gateway)
  const exp = Math.floor(Date.now() / 1000) + 300
  return {
    acme,
    other,
    store,
    exp,
    metadata: async () => (await ask(metadata, { method: 'GET' })).messages[0],
    token: async (claims: object, typ = 'JWT') => `Bearer ${await sign(es, { exp, sub: 'ann', ...claims }, { typ })}`,
    /** Through a proxy, which leaves the host as the client has it. */
    call: async (authorization: string | undefined, name = 'notes') => {
      const { message, headers } = standalone(1, 'tools/call', { name: 'read', arguments: {} })
      const more = { host: 'mcp.acme.dev', ...(authorization === undefined ? {} : { authorization }) }
      const { status, messages } = await post(`${at}/${name}`, message, { ...headers, ...more })
      return status === 200 && messages[0]?.error !== undefined ? 'denied' : status
    },
  }
}

it('a gateway with two issuers knows the people of each by the claims that it writes, and by no others', async () => {
  const { acme, other, call, token, metadata } = await configured()
  expect(await metadata()).toMatchObject({ resource, authorization_servers: [acme.url, other.url] })
  const ours = { iss: acme.url, aud: resource, azp: 'bot', realm_access: { roles: ['staff'] } }
  const theirs = { iss: other.url, aud: 'acme', client_id: 'app', act: { sub: 'bot' }, scope: 'read' }
  const said: readonly (readonly [what: string, authorization: string | undefined, outcome: number | string])[] = [
    ['Keycloak’s', await token(ours), 200],
    ['without the role', await token({ ...ours, realm_access: {} }), 403],
    ['of another client', await token({ ...ours, azp: 'app' }), 'denied'],
    ['by RFC 9068', await token(theirs, 'at+jwt'), 200],
    ['of another agent', await token({ ...theirs, act: { sub: 'app' } }, 'at+jwt'), 'denied'],
    ['for the audience of the other issuer', await token({ ...ours, aud: 'acme' }), 401],
    ['for the address, of the other issuer', await token({ ...theirs, aud: resource }, 'at+jwt'), 401],
    ['of the type that the other issuer has', await token(theirs), 401],
    ['whose act cannot be read', await token({ ...ours, act: 'bot' }), 403],
    ['none', undefined, 401],
  ]
  for (const [what, authorization, outcome] of said) expect([what, await call(authorization)]).toEqual([what, outcome])
  expect(await call(undefined, 'open')).toBe(200)
})

it('a gateway takes keys until they are revoked, and asks about opaque tokens with a secret of the environment', async () => {
  const { acme, call, store, exp } = await configured()
  const expires = new Date(Date.now() + 3_600_000).toISOString()
  const grant: KeyGrant = { kind: 'user', subject: 'kim', scopes: ['read'], expires }
  const { id, key } = store.create({ ...grant, agent: 'bot' })
  const { key: stranger } = fileKeys(join(folder(), 'keys.jsonl')).create(grant)
  expect(await call(`Bearer ${key}`)).toBe(200)
  expect(await call(`Bearer ${stranger}`)).toBe(401)
  store.revoke(id)
  expect(await call(`Bearer ${key}`)).toBe(401)

  const asked: (string | undefined)[] = []
  acme.routes.set('/introspect', ({ headers }, response) => {
    asked.push(headers.authorization)
    response.end(JSON.stringify({ active: true, sub: 'ann', aud: resource, azp: 'bot', scope: 'read', exp }))
  })
  expect(await call('Bearer opaque')).toBe(200)
  expect(asked).toEqual([`Basic ${btoa('gateway:s3')}`])
})
