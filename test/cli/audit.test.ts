import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type AuditRecord, auditFile } from '../../src/surfaces/mcp/index.ts'
import { folder } from '../node/folder.ts'
import { licet } from './command-line.ts'

const decision: AuditRecord = {
  time: '2026-11-29T12:00:00.000Z',
  method: 'tools/call',
  actor: 'User:ann',
  agents: [],
  action: 'call',
  resource: { server: 's', kind: 'tool', name: 'read' },
  decision: 'allow',
  reason: 'granted',
  rules: ['reads'],
  errors: [],
  policy: 'sha256:test',
  duration: 5,
}

function logged(): string {
  const cwd = folder()
  const { audit, close } = auditFile(join(cwd, 'a.jsonl'))
  audit(decision)
  audit({
    ...decision,
    actor: null,
    decision: 'deny',
    reason: 'unusable',
    rules: [],
    resource: { ...decision.resource, name: 'x\u202e\u001b' },
  })
  audit({ ...decision, actor: 'User:bob', agents: ['Agent:bot'], args: { path: 'a' } })
  close()
  return cwd
}

const head = (cwd: string): string =>
  /sha256:\w{64}/.exec(readFileSync(join(cwd, 'a.jsonl'), 'utf8').split('\n')[3] ?? '')?.[0] ?? ''

describe('audit verify', () => {
  it('says what there is, and what nothing shows', async () => {
    expect(await licet(['audit', 'verify', 'a.jsonl'], { cwd: logged() })).toEqual({
      code: 0,
      out: expect.stringMatching(/^5 records in 1 chain, as they were written\nthe last is sha256:[0-9a-f]{64}\n$/),
      err: 'note: without an anchor nothing shows whether the end was cut off, or all of it written anew\n',
    })
  })

  it('counts what is behind an anchor', async () => {
    const cwd = logged()
    const { code, err } = await licet(['audit', 'verify', 'a.jsonl', '--anchor', head(cwd)], { cwd })
    expect({ code, err }).toEqual({
      code: 0,
      err: 'note: 2 records behind the last anchor; nothing shows whether more were cut off\n',
    })
  })

  it('names the first line that is wrong, for people and programs', async () => {
    const cwd = logged()
    const path = join(cwd, 'a.jsonl')
    writeFileSync(path, readFileSync(path, 'utf8').replace('"unusable"', '"granted"'))
    const { code, out, err } = await licet(['audit', 'verify', 'a.jsonl'], { cwd })
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(/^a\.jsonl:3: it is not the record that the record behind it \(a\.jsonl:4\) was written behind/)
    const json = await licet(['audit', 'verify', 'a.jsonl', '--json'], { cwd })
    expect(json.code).toBe(1)
    expect(JSON.parse(json.out)).toMatchObject({ problem: { file: 'a.jsonl', line: 3 } })
  })
})

describe('audit show', () => {
  it('has a line for each record, from which nothing steers the terminal', async () => {
    const { code, out } = await licet(['audit', 'show', 'a.jsonl'], { cwd: logged() })
    expect(code).toBe(0)
    expect(out.split('\n').slice(1, 4)).toEqual([
      '2026-11-29T12:00:00.000Z allow call s/tool/read by User:ann: granted reads',
      '2026-11-29T12:00:00.000Z deny call s/tool/x\\u{202e}\\u{1b} by anonymous: unusable',
      '2026-11-29T12:00:00.000Z allow call s/tool/read by User:bob via Agent:bot: granted reads {"path":"a"}',
    ])
    expect(out).toMatch(/^\S+ log opened \(chain \S+\)\n/)
  })

  it.each([
    [['--decision', 'deny'], 1],
    [['--actor', 'User:ann'], 1],
    [['--actor', 'Agent:bot'], 1],
    [['--actor', 'Agent:bot', '--decision', 'deny'], 0],
  ])('shows only %j', async (options, count) => {
    const { out } = await licet(['audit', 'show', 'a.jsonl', ...options], { cwd: logged() })
    expect(out.split('\n')).toHaveLength(count + 1)
  })
})

it.each([
  ['nothing', [], 2, '`verify` or `show`, and a FILE is missing'],
  ['something else', ['check', 'a.jsonl'], 2, 'there is no `licet audit check`'],
  ['a file that is not there', ['verify', 'none.jsonl'], 1, 'ENOENT'],
  ['a file that is no log', ['show', 'text'], 1, 'text:1: no record'],
  ['a digest that is none', ['verify', 'a.jsonl', '--anchor', 'abc'], 2, '`abc` is no digest'],
  ['a decision that is none', ['show', 'a.jsonl', '--decision', 'maybe'], 2, '`maybe` is no decision'],
  ['an option of the other', ['show', 'a.jsonl', '--json'], 2, '`--json` is not for `show`'],
])('audit has a message for %s', async (_, argv, code, err) => {
  const ran = await licet(['audit', ...argv], { cwd: folder({ 'a.jsonl': '', text: 'hello\n' }) })
  expect(ran).toMatchObject({ code, out: '' })
  expect(ran.err).toContain(err)
})
