import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { fileKeys } from '../../src/surfaces/claims/keys/index.ts'
import { refusalLog } from '../../src/surfaces/cli/gateway/refusal-log.ts'
import { json as answer, metadataPath, testIssuer } from '../claims/verify/issuer.ts'
import { ask, freePort, json, post, reachable, standalone, upstream } from '../mcp/gateway/listening.ts'
import { folder } from '../node/folder.ts'
import { licet } from './command-line.ts'

const cwd = folder({
  'p.licet': 'actor User\nactor Agent\nserver notes { allow call read if scope("read") }',
  'delegates.licet': 'actor User\nactor Agent\nserver notes { allow call read\n delegate call read }',
  'staff.licet': 'actor Employee\nserver notes { allow call read }',
  'broken.jsonl': '{}\n',
  'none.jsonl': '',
})

const issuer = '--issuer https://id.acme.dev'
const plain = `-p p.licet --server notes ${issuer}`
const listening = `${plain} --listen 7000`

// What callers may do once they are known is tested with the gateway; here, what whoever starts it is told.
describe('licet gateway says before it starts', () => {
  it.each<[string, string, string]>([
    ['that nobody sends tokens on standard input', plain, 'nobody sends tokens on standard input'],
    [
      'that tokens say who asks, not both',
      `${listening} --actor User:ann`,
      '`--actor` and `--issuer` exclude each other',
    ],
    [
      'that claims are somebody’s',
      '-p p.licet --server notes --listen 7000 --claims okta',
      '`--claims` goes with `--issuer`',
    ],
    [
      'the same of an audience',
      '-p p.licet --server notes --listen 7000 --audience x',
      '`--audience` goes with `--issuer`',
    ],
    [
      'that an address is for callers',
      '-p p.licet --server notes --listen 7000 --public-url https://x',
      '`--public-url` goes with',
    ],
    ['what claims it knows', `${listening} --claims keyclock`, 'did you mean `keycloak`?'],
    ['what claims it knows, all of them', `${listening} --claims zzz`, 'known are auth0, clerk, cognito'],
    ['that Google gives no tokens that could be read', `${listening} --claims google`, 'no way to write claims'],
    ['what agents there can be', `${listening} --agents all`, '`all` is none of client, act and none'],
    [
      'who acts, where the policy has agents',
      `-p delegates.licet --server notes --listen 7000 ${issuer}`,
      'nothing says who acts in the tokens of `https://id.acme.dev`\n  say `--agents client`',
    ],
    ['that the policy has no users', `-p staff.licet --server notes --listen 7000 ${issuer}`, 'no actor type `User`'],
    [
      'that an issuer is reached over TLS',
      '-p p.licet --server notes --listen 7000 --issuer http://id.acme.dev',
      'no https URL',
    ],
    ['that an issuer is a URL', '-p p.licet --server notes --listen 7000 --issuer acme', '`acme` is no https URL'],
    ['that tokens are for an address', `${plain} --listen 0`, 'not known which port is free'],
    ['that TLS ends before it', `${plain} --listen 0.0.0.0:7000`, 'say it with `--public-url https://…`'],
    [
      'that clients come over TLS',
      `${listening} --public-url http://mcp.acme.dev`,
      'cannot be the address that clients know',
    ],
    ['that an address is no search', `${listening} --public-url https://mcp.acme.dev?x`, 'cannot be the address'],
    ['that a secret is missing', `${listening} --introspection-env NONE`, '`NONE` does not hold CLIENT_ID:SECRET'],
    ['that a secret is no pair', `${listening} --introspection-env ALONE`, '`ALONE` does not hold CLIENT_ID:SECRET'],
    ['that there are no keys', `${listening} --api-keys nowhere.jsonl`, 'there is no such file'],
    ['that keys cannot be read', `${listening} --api-keys broken.jsonl`, 'line 1 of the API keys cannot be read'],
    ['how to let somebody in', '-p p.licet --server notes --listen 7000', '`--issuer`, whose tokens say who asks'],
  ])('%s', async (_, line, told) => {
    const { code, out, err } = await licet(['gateway', ...line.split(' '), '--url', 'http://127.0.0.1:9/mcp'], {
      cwd,
      env: { ALONE: 'client' },
    })
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(told)
  })

  it.each<[string, string, string]>([
    ['a member that an issuer does not have', '"issuers": [{ "isuer": "x" }]', 'did you mean `issuer`?'],
    ['no issuers', '"issuers": []', 'issuers: '],
    ['agents of another kind', '"issuers": [{ "issuer": "https://a.dev", "agents": "all" }]', 'issuers.0.agents'],
    [
      'a secret that is not set',
      `"issuers": [{ "issuer": "https://a.dev", "introspection": { "clientId": "a", "clientSecret": "\${NO_SECRET}" } }]`,
      '`NO_SECRET` is not set',
    ],
    [
      'a principal besides',
      '"issuers": [{ "issuer": "https://a.dev" }], "principal": { "actor": "User:ann" }',
      'or all are one `principal`',
    ],
  ])('where in the configuration stands %s', async (_, members, told) => {
    const home = folder({
      'g.json': `{ "policy": ["p.licet"], "listen": 7000, ${members}, "servers": { "a": { "url": "http://x" } } }`,
    })
    const { code, err } = await licet(['gateway', '--config', 'g.json'], { cwd: home })
    expect(code).toBe(2)
    expect(err).toContain(told)
    expect(err).toContain('--> g.json:1:')
  })

  it.each<[string, string, string]>([
    [
      'two issuers of opaque tokens',
      two({ introspection: secret }, { introspection: secret }),
      'opaque tokens can be of one issuer only',
    ],
    ['the same issuer twice', two({}, { issuer: 'https://a.dev' }), 'two adapters are for one issuer'],
    ['options of another adapter', two({ rolesOf: 'x' }), '`rolesOf` goes with `"claims": "keycloak"`'],
    [
      'keys of nobody’s people',
      `${two({})}, "apiKeys": "none.jsonl"`,
      'whose people the API keys stand for is not said',
    ],
    ['users that the policy does not have', `${two({})}, "types": { "user": "Staff" }`, 'no actor type `Staff`'],
  ])('that it cannot be meant: %s', async (_, members, told) => {
    const home = folder({
      'p.licet': 'actor User\nactor Agent\nserver notes { allow call read if scope("read") }',
      'none.jsonl': '',
      'g.json': `{ "policy": ["p.licet"], "listen": 7000, ${members}, "servers": { "notes": { "url": "http://127.0.0.1:9/" } } }`,
    })
    const { code, err } = await licet(['gateway', '--config', 'g.json'], { cwd: home, env: { S: 's' } })
    expect(err).toContain(told)
    expect(code).toBe(2)
  })
})

describe('licet gateway', () => {
  it('ends when the issuer is not the one that was said, and says how that comes', async () => {
    const acme = await testIssuer()
    onTestFinished(() => acme.close())
    acme.routes.set(metadataPath, answer({ issuer: `${acme.url}/`, jwks_uri: `${acme.url}/keys` }))
    const line = ['-p', 'p.licet', '--server', 'notes', '--listen', '7000', '--issuer', acme.url]
    // One that begins to listen after all is ended.
    const signal = AbortSignal.timeout(60_000)
    const { code, err } = await licet(['gateway', ...line, '--url', 'http://127.0.0.1:9/mcp'], { cwd, signal })
    expect(code).toBe(1)
    expect(err).toContain(`is not about \`${acme.url}\`, but about another issuer: \`${acme.url}/\``)
    expect(err).toContain('`/` at the end included')
  })

  it('takes keys alone, and promises no tokens', async () => {
    const home = folder({ 'p.licet': 'actor User\nserver notes { allow call read }' })
    const { key } = fileKeys(join(home, 'keys.jsonl')).create({
      kind: 'user',
      subject: 'ann',
      scopes: [],
      expires: new Date(Date.now() + 60_000).toISOString(),
    })
    const server = await upstream(({ id = null }, _, response) => json(response, { id, result: { content: [] } }))
    const port = await freePort()
    const end = new AbortController()
    const line = ['-p', 'p.licet', '--server', 'notes', '--listen', String(port), '--api-keys', 'keys.jsonl']
    const gateway = licet(['gateway', ...line, '--url', server.url], { cwd: home, signal: end.signal })
    onTestFinished(async () => {
      end.abort()
      await gateway
    })
    const url = `http://127.0.0.1:${port}/notes`
    const call = (authorization?: string) => {
      const { message, headers } = standalone(1, 'tools/call', { name: 'read', arguments: {} })
      return post(url, message, { ...headers, ...(authorization === undefined ? {} : { authorization }) })
    }
    await vi.waitUntil(
      () =>
        call().then(
          () => true,
          () => false,
        ),
      { timeout: 60_000 },
    )
    expect((await call(`Bearer ${key}`)).status).toBe(200)
    const { status, headers } = await call()
    expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer realm="mcp"'])
    const metadata = `http://127.0.0.1:${port}/.well-known/oauth-protected-resource/notes`
    expect((await ask(metadata, { method: 'GET' })).status).toBe(404)
  })
})

it('the secret that an issuer is asked with is none of a server’s business', async () => {
  const acme = await testIssuer()
  const home = folder({ 'p.licet': 'actor User\nserver notes { allow call read }' })
  const expires = new Date(Date.now() + 60_000).toISOString()
  const { key } = fileKeys(join(home, 'k.jsonl')).create({ kind: 'user', subject: 'ann', scopes: [], expires })
  const told = `require('fs').writeFileSync('told', process.env.ASKS ?? 'nothing'); process.stdin.resume()`
  const port = await freePort()
  const end = new AbortController()
  const line = `-p p.licet --server notes --listen ${port} --issuer ${acme.url} --introspection-env ASKS --api-keys k.jsonl`
  const gateway = licet(['gateway', ...line.split(' '), '--', process.execPath, '-e', told], {
    cwd: home,
    signal: end.signal,
    env: { ASKS: 'id:secret' },
  })
  await reachable(`http://127.0.0.1:${port}/.well-known/oauth-protected-resource/notes`, gateway)
  const { message, headers } = standalone(1, 'tools/call', { name: 'read', arguments: {} })
  const asked = post(`http://127.0.0.1:${port}/notes`, message, { ...headers, authorization: `Bearer ${key}` })
  await vi.waitUntil(() => existsSync(join(home, 'told')), { timeout: 60_000 })
  end.abort()
  acme.close()
  await Promise.all([gateway, asked.catch(() => {})])
  expect(readFileSync(join(home, 'told'), 'utf8')).toBe('nothing')
})

const secret = { clientId: 'a', clientSecret: `\${S}` }
function two(first: object, second: object = {}): string {
  return `"issuers": ${JSON.stringify([
    { issuer: 'https://a.dev', agents: 'none', ...first },
    { issuer: 'https://b.dev', agents: 'none', ...second },
  ])}`
}

describe('the log of refusals', () => {
  it('tells a reason at once, and then how often it was one, a minute apart', () => {
    const lines: string[] = []
    let time = 0
    const log = refusalLog(
      (line) => lines.push(line),
      () => time,
    )
    const refuse = (server = 'notes', reason: 'expired' | 'unsigned' = 'expired') =>
      log(server, { status: 401, reason, message: 'no' })
    for (let i = 0; i < 1000; i++) refuse()
    refuse('notes', 'unsigned')
    refuse('files')
    time += 60_000
    refuse()
    time += 60_000
    refuse()
    expect(lines).toEqual([
      'notes: 401 expired: no',
      'notes: 401 unsigned: no',
      'files: 401 expired: no',
      'notes: 401 expired: no, and 999 times more since it was told last',
      'notes: 401 expired: no',
    ])
  })
})
