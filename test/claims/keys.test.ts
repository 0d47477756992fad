import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, it } from 'vitest'
import { compile } from '../../src/index.ts'
import { apiKey, rfc9068 } from '../../src/surfaces/claims/index.ts'
import { fileKeys, type KeyGrant, type KeyStore, sqliteKeys } from '../../src/surfaces/claims/keys/index.ts'
import { createVerifier } from '../../src/surfaces/claims/verify/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'licet-keys-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
let time = Date.parse('2026-01-01T00:00:00Z')
const now = () => time
const expires = '2026-02-01T00:00:00Z'
const grant: KeyGrant = { kind: 'user', subject: 'ann', scopes: ['repo'], expires }

const stores: readonly [string, () => { store: KeyStore; again: () => KeyStore; kept: () => string }][] = [
  [
    'a file',
    () => {
      const path = join(folder, `${files++}.jsonl`)
      return { store: fileKeys(path, now), again: () => fileKeys(path, now), kept: () => readFileSync(path, 'utf8') }
    },
  ],
  [
    'SQLite',
    () => {
      const database = new Database(join(folder, `${files++}.db`))
      const kept = () => JSON.stringify(database.prepare('SELECT * FROM licet_keys').all())
      return { store: sqliteKeys(database, now), again: () => sqliteKeys(database, now), kept }
    },
  ],
]

describe.each(stores)('API keys in %s', (_, open) => {
  it('are found by the key, in every process, and nowhere is the key', () => {
    const { store, again, kept } = open()
    expect(store.list()).toEqual([])
    const { id, key } = store.create({ ...grant, label: 'nightly build', agent: 'bot', roles: ['staff'] })
    expect(key).toMatch(new RegExp(`^licet_${id}_[0-9A-Za-z]{49}$`))
    const record = {
      ...grant,
      id,
      label: 'nightly build',
      agent: 'bot',
      roles: ['staff'],
      created: '2026-01-01T00:00:00.000Z',
    }
    expect(again().find(key)).toMatchObject({ kind: 'found', record })
    expect(store.list()).toEqual([record])
    expect(kept()).not.toContain(key)
    expect(kept()).not.toContain(key.slice(-49))
  })

  it('are not found by anything else', () => {
    const { store } = open()
    const { key } = store.create(grant)
    const other = store.create(grant).key
    const swapped = key.slice(0, 19) + other.slice(19)
    const mistyped = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0')
    for (const wrong of ['', 'licet_', key.slice(1), `${key} `, mistyped, swapped])
      expect(store.find(wrong)).toEqual({ kind: 'unknown' })
  })

  it('end when they expire, and when they are revoked, in every process', () => {
    const { store, again } = open()
    const [first, second] = [store.create(grant), store.create(grant)]
    const other = again()
    expect(other.find(first.key).kind).toBe('found')
    expect(store.revoke(first.id)).toBe(true)
    expect(store.revoke(first.id)).toBe(true)
    expect(store.revoke('AAAAAAAAAAAA')).toBe(false)
    expect(other.find(first.key)).toEqual({ kind: 'revoked', id: first.id })
    expect(store.list().map(({ revoked }) => revoked)).toEqual(['2026-01-01T00:00:00.000Z', undefined])
    const before = time
    time = Date.parse(expires)
    expect(store.find(second.key)).toEqual({ kind: 'expired', id: second.id })
    time = before
  })

  it('are not made of what nobody can mean', () => {
    const { store } = open()
    expect(() => store.create({ ...grant, expires: 'tomorrow' })).toThrow('`expires` of the key')
    expect(() => store.create({ ...grant, expires: '2025-12-31T00:00:00Z' })).toThrow('expired already')
    expect(() => store.create({ ...grant, scopes: [''] })).toThrow('`scopes.0` of the key')
    expect(() => store.create({ ...grant, admin: true } as never)).toThrow('of the key')
  })
})

describe('a file of API keys', () => {
  it('is its owner’s only', () => {
    const path = join(folder, 'mode.jsonl')
    fileKeys(path).create({ ...grant, expires: '2100-01-01T00:00:00Z' })
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('of which a line cannot be read has no keys at all: it may be a revocation', () => {
    const path = join(folder, 'cut.jsonl')
    const store = fileKeys(path, now)
    const { key } = store.create(grant)
    appendFileSync(path, '{"revoke":')
    expect(() => store.find(key)).toThrow('line 2 of the API keys cannot be read')
  })
})

describe('a verifier', () => {
  const { policy } = compile(`
    actor User {}
    actor Agent {}
    resource Repo {}
    allow read on Repo if scope("repo")
    delegate read on Repo if agent == Agent:bot
  `)
  const verifierOf = (issuer: string, store: KeyStore) => {
    if (policy === undefined) throw new Error('no policy')
    return createVerifier(policy, {
      issuers: [{ adapter: rfc9068({ issuer: 'https://issuer.example', agents: 'client' }), audience: 'a' }],
      apiKeys: { adapter: apiKey({ issuer, agents: 'none' }), store },
    })
  }
  const verify = (key: string, issuer: string, store: KeyStore, scheme = 'Bearer') =>
    verifierOf(issuer, store).verify({ authorization: `${scheme} ${key}`, method: 'POST', url: 'https://mcp.acme.dev' })

  it('takes keys for whom they stand', async () => {
    const store = fileKeys(join(folder, 'verifier.jsonl'), now)
    const { id, key } = store.create({ ...grant, agent: 'bot', tenant: 'acme' })
    const { request } = await verify(key, 'https://issuer.example', store)
    expect(request).toMatchObject({
      actor: 'User:ann',
      agents: ['Agent:bot'],
      // What is opened with a key ends with it.
      token: { scopes: ['repo'], tenant: 'acme', key_id: id, exp: Math.floor(Date.parse(grant.expires) / 1000) },
    })
    // Keys of people that are nobody's of the issuer.
    expect((await verify(key, 'https://acme.dev/keys', store)).request?.actor).toBe('User:https://acme.dev/keys#ann')
  })

  it('refuses those that are none, at once', async () => {
    const store = fileKeys(join(folder, 'refused.jsonl'), now)
    const { id, key } = store.create(grant)
    const reason = async (one: string, by = store, scheme?: string) =>
      (await verify(one, 'https://issuer.example', by, scheme)).refusal?.reason
    expect(await reason(key)).toBeUndefined()
    expect(await reason(key, store, 'DPoP')).toBe('malformed-token')
    expect(await reason(`licet_${'0'.repeat(12)}_${'0'.repeat(49)}`)).toBe('api-key-unknown')
    store.revoke(id)
    expect(await reason(key)).toBe('api-key-revoked')
    const { key: ended } = store.create(grant)
    time = Date.parse(expires)
    expect(await reason(ended)).toBe('api-key-expired')
    appendFileSync(join(folder, 'refused.jsonl'), '?\n')
    expect(await reason(ended)).toBe('api-keys-unavailable')
  })
})
