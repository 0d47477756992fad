import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fileKeys } from '../../src/surfaces/claims/keys/index.ts'
import { licet } from './command-line.ts'

const home = mkdtempSync(join(tmpdir(), 'licet-keys-'))
afterAll(() => rmSync(home, { recursive: true }))
const run = (...argv: string[]) => licet(['keys', ...argv], { cwd: home })

describe.each(['keys.jsonl', 'keys.db'])('licet keys, with %s', (store) => {
  const kept = ['-s', store]

  it('makes a key, shows it once, lists it without, and takes it back', async () => {
    const made = await run(
      'create',
      '--user',
      'ann',
      '--for-agent',
      'bot',
      '--scope',
      'a',
      '--scope',
      'b',
      '--label',
      'ci',
      ...kept,
    )
    expect(made.code).toBe(0)
    expect(made.out).toMatch(/^licet_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}\n$/)
    const key = made.out.trim()
    const id = key.slice(6, 18)
    expect(statSync(join(home, store)).mode & 0o777).toBe(0o600)
    const listed = await run('list', ...kept)
    expect(listed.out).toMatch(new RegExp(`^${id} {2}until \\S+ {2}user ann by agent bot {2}a b {2}ci\n$`))
    expect(listed.out + listed.err + readFileSync(join(home, store), 'latin1')).not.toContain(key.slice(-49))
    expect(await run('revoke', id, ...kept)).toMatchObject({ code: 0, out: `revoked ${id}\n` })
    expect((await run('list', ...kept)).out).toContain(`${id}  revoked `)
    expect(await run('revoke', 'AAAAAAAAAAAA', ...kept)).toMatchObject({ code: 1, out: '' })
  })

  it.skipIf(process.platform === 'win32')('counts on nothing that others could have written', async () => {
    await run('create', '--user', 'ann', ...kept)
    for (const mode of [0o620, 0o602]) {
      chmodSync(join(home, store), mode)
      for (const action of [['list'], ['create', '--user', 'eve'], ['revoke', 'AAAAAAAAAAAA']]) {
        const { code, out, err } = await run(...action, ...kept)
        expect({ code, out }).toEqual({ code: 1, out: '' })
        expect(err).toContain('others than its owner can write the file')
      }
    }
    chmodSync(join(home, store), 0o644)
    expect((await run('list', ...kept)).code).toBe(0)
  })
})

describe('licet keys', () => {
  it('keeps them in keys.jsonl for ninety days, where nothing else is said', async () => {
    const { out } = await run('create', '--service', 'nightly')
    const found = fileKeys(join(home, 'keys.jsonl')).find(out.trim())
    if (found.kind !== 'found') throw new Error(found.kind)
    expect(found.record).toMatchObject({ kind: 'service', subject: 'nightly', scopes: [] })
    const days = (Date.parse(found.record.expires) - Date.now()) / 86_400_000
    expect(days).toBeCloseTo(90, 1)
  })

  it('shows nothing that a terminal would obey', async () => {
    await run('create', '--user', 'ann\u001b[2J', '-s', 'escape.jsonl')
    expect((await run('list', '-s', 'escape.jsonl')).out).not.toContain('\u001b')
  })

  it.each<[string, string[], string]>([
    ['nothing to do', [], 'what to do is missing'],
    ['something else to do', ['crate'], 'did you mean `create`?'],
    ['nobody', ['create'], '`--user`, `--service` and `--agent`'],
    ['two', ['create', '--user', 'ann', '--agent', 'bot'], '`--user`, `--service` and `--agent`'],
    ['an agent for an agent', ['create', '--agent', 'bot', '--for-agent', 'bat'], '`--for-agent` goes with `--user`'],
    ['no end', ['create', '--user', 'ann', '--expires', 'never'], '`never` is no time to end in'],
    ['no key', ['revoke'], 'which key is missing'],
    ['more than it takes', ['list', 'all'], '`all` is one argument too many'],
  ])('is told what is wrong: %s', async (_, argv, message) => {
    const { code, err } = await run(...argv)
    expect(code).toBe(2)
    expect(err).toContain(message)
  })

  it('says that there are no keys, and that they cannot be read', async () => {
    expect(await run('list', '-s', 'none.jsonl')).toMatchObject({
      code: 1,
      err: 'licet keys: there is no `none.jsonl`\n',
    })
    writeFileSync(join(home, 'bad.jsonl'), '{}\n', { mode: 0o600 })
    expect((await run('list', '-s', 'bad.jsonl')).err).toBe('licet keys: line 1 of the API keys cannot be read\n')
  })
})
