import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import { ask, freePort, json, post, reachable, standalone, upstream } from '../mcp/gateway/listening.ts'
import { folder } from '../node/folder.ts'
import { authorizationServer } from './authorization-server.ts'
import { licet } from './command-line.ts'

const policy = `
actor User {}
actor Agent {}
scope "notes:write" includes "notes:read"
// licet-allow unlocked-server: what it offers is what the test says
server notes {
  allow call read_note if scope("notes:read")
  allow call write_note if scope("notes:write")
}
`
const tools = ['read_note', 'write_note', 'drop_notes'].map((name) => ({ name, inputSchema: { type: 'object' } }))

// Only the date: what waits, waits as long as ever.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())
const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000)

/** An authorization server, and the gateway before a server that does whatever it is asked to. */
async function world({ isDown = false, more = [] as readonly string[], text = policy } = {}) {
  const server = await upstream(({ id = null, method }, _, response) => {
    const results: Record<string, JsonObject> = {
      'server/discover': { capabilities: { tools: {} } },
      'tools/list': { tools },
      'tools/call': { content: [{ type: 'text', text: 'done' }] },
    }
    json(response, { id, result: results[String(method)] ?? {} })
  })
  const port = await freePort()
  const resource = `http://127.0.0.1:${port}/notes`
  const other = `http://127.0.0.1:${port}/other`
  const authority = await authorizationServer([resource, other])
  authority.reachable(!isDown)
  const cwd = folder({ 'p.licet': text })
  const end = new AbortController()
  const line = ['-p', 'p.licet', '--server', 'notes', '--listen', String(port), '--issuer', authority.issuer, ...more]
  const gateway = licet(['gateway', ...line, '--url', server.url], { cwd, signal: end.signal })
  onTestFinished(async () => {
    end.abort()
    await gateway
  })
  const metadataUrl = `http://127.0.0.1:${port}/.well-known/oauth-protected-resource/notes`
  await reachable(metadataUrl, gateway)
  const request = (token: string | undefined, method: string, params: JsonObject = {}) => {
    const { message, headers } = standalone(1, method, params)
    return post(resource, message, { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) })
  }
  const call = async (token: string | undefined, name: string): Promise<string> => {
    const { status, headers, messages } = await request(token, 'tools/call', { name, arguments: {} })
    const said = messages[0]?.error === undefined ? 'done' : (headers['www-authenticate'] ?? 'refused')
    return `${status} ${String(said).replace(/, DPoP algs=.*/, '')}`
  }
  return {
    ...authority,
    resource,
    other,
    metadataUrl,
    request,
    call,
    get log() {
      return gateway.then(({ err }) => err)
    },
    end: () => end.abort(),
    replace: (text: string) => writeFileSync(join(cwd, 'p.licet'), text),
    asked: server.methods,
  }
}

describe('licet gateway --issuer', () => {
  it('leads a client that knows nothing from 401 to a token, and shows and does what that is for', async () => {
    const { resource, metadataUrl, issuer, token, request, call } = await world()
    expect(await call(undefined, 'read_note')).toBe(`401 Bearer resource_metadata="${metadataUrl}"`)
    expect(await (await fetch(metadataUrl)).json()).toMatchObject({
      resource,
      authorization_servers: [issuer],
      scopes_supported: ['notes:read', 'notes:write'],
      bearer_methods_supported: ['header'],
    })
    const granted = await token(resource, 'notes:read')
    const { messages } = await request(granted, 'tools/list')
    const { result } = messages[0] as { result: { tools: { name: string }[] } }
    expect(result.tools.map(({ name }) => name)).toEqual(['read_note', 'write_note'])
    expect(await call(granted, 'read_note')).toBe('200 done')
  })

  it('asks for the scope that is missing, and is content with it', async () => {
    const { resource, metadataUrl, token, call, asked } = await world()
    const challenge = 'error="insufficient_scope", error_description="more scopes are required", scope="notes:write"'
    expect(await call(await token(resource, 'notes:read'), 'write_note')).toBe(
      `403 Bearer ${challenge}, resource_metadata="${metadataUrl}"`,
    )
    expect(asked()).not.toContain('tools/call')
    expect(await call(await token(resource, 'notes:write'), 'write_note')).toBe('200 done')
  })

  it('refuses a token for another server, and one in another place, and tells the operator why', async () => {
    const { resource, other, token, call, log, end } = await world()
    const invalid = '401 Bearer error="invalid_token", error_description="the access token is not accepted"'
    const granted = (await token(other, 'notes:read')) ?? ''
    expect(await call(granted, 'read_note')).toContain(invalid)
    expect(await call(granted, 'read_note')).toContain(invalid)
    const good = (await token(resource, 'notes:read')) ?? ''
    const { message, headers } = standalone(1, 'tools/call', { name: 'read_note', arguments: {} })
    expect(await post(`${resource}?access_token=${good}`, message, headers)).toMatchObject({ status: 401 })
    end()
    const told = await log
    expect(told).toContain('licet: notes: 401 wrong-audience: the token is for somebody else (`aud`)\n')
    expect(told.match(/wrong-audience/g)).toHaveLength(1)
    for (const secret of [granted, good]) expect(told).not.toContain(secret.split('.')[2])
  })

  it('follows the issuer to new keys, and takes the old ones no longer', async () => {
    const { resource, token, rotate, call } = await world()
    const old = await token(resource, 'notes:read')
    expect(await call(old, 'read_note')).toBe('200 done')
    await rotate()
    pass(31)
    expect(await call(await token(resource, 'notes:read'), 'read_note')).toBe('200 done')
    pass(61)
    expect(await call(old, 'read_note')).toContain('401 ')
  })

  it('starts without its issuer, and takes tokens when that is there', async () => {
    const { resource, token, reachable, call, log, end } = await world({ isDown: true })
    reachable(true)
    const granted = await token(resource, 'notes:read')
    reachable(false)
    expect(await call(granted, 'read_note')).toContain('401 ')
    reachable(true)
    pass(6)
    expect(await call(granted, 'read_note')).toBe('200 done')
    end()
    expect(await log).toMatch(
      /cannot be reached: .*\nlicet: until they can be had, the tokens of this issuer are refused/,
    )
  })

  it('does without its issuer for as long as keys may be kept, and no longer', async () => {
    const { resource, token, reachable, call } = await world()
    const granted = await token(resource, 'notes:read')
    reachable(false)
    pass(500)
    expect(await call(granted, 'read_note')).toBe('200 done')
    pass(200)
    expect(await call(granted, 'read_note')).toContain('401 ')
  })

  it('keeps a policy from coming into force that asks who acts, which nobody has said, and no other', async () => {
    const told = new Promise<void>((resolve) => {
      const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
        if (String(text).includes('the policy that is in force stays')) resolve()
        return true
      })
      onTestFinished(() => write.mockRestore())
    })
    const { resource, metadataUrl, token, call, replace, end, log } = await world()
    const granted = await token(resource, 'notes:read')
    replace(policy.replace('scope("notes:write")\n', 'scope("notes:read")\n  delegate call read_note\n'))
    await told
    expect(await call(granted, 'write_note')).toContain('403 ')
    const scopes = async () =>
      ((await (await fetch(metadataUrl)).json()) as { scopes_supported: string[] }).scopes_supported
    expect(await scopes()).toEqual(['notes:read', 'notes:write'])
    replace(policy.replaceAll('notes:read', 'notes:see'))
    await vi.waitUntil(async () => (await scopes())[0] === 'notes:see', { timeout: 60_000 })
    end()
    expect(await log).toContain('nothing says who acts in the tokens of')
  })

  it('serves nothing else to whom it does not know', async () => {
    const { metadataUrl, asked } = await world()
    for (const [url, method, status] of [
      [metadataUrl, 'POST', 404],
      [`${metadataUrl}/`, 'GET', 404],
      [`${metadataUrl}?x`, 'GET', 404],
      [metadataUrl.replace('/notes', ''), 'GET', 404],
      [metadataUrl.replace('/notes', '/other'), 'GET', 404],
    ] as const)
      expect([url, (await ask(url, { method })).status]).toEqual([url, status])
    expect((await ask(metadataUrl, { method: 'GET', headers: { host: 'evil.example' } })).status).toBe(403)
    expect(asked()).toEqual([])
  })
})
