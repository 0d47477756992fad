import { describe, expect, it } from 'vitest'
import { folder } from '../node/folder.ts'
import { licet } from './command-line.ts'

const cwd = folder({
  'policy.licet': `
actor User
actor Agent
resource Doc {
  role owner: User
  allow read if owner or context.break_glass
  allow remove if owner and scope("admin") and now > datetime("2026-06-01T00:00:00Z")
  allow sign if owner and confirmed() and approvedBy(owner)
  deny read if "secret" in session.labels
  delegate read if actor is User
}
action change = read, remove
context { break_glass: boolean }
server files from "./files.lock.json" {
  allow call get if actor is User and args.path == "a.txt"
  allow get greet if actor is User
  allow read "file:///{+path}" if actor is User
  label call get as secret
  limit call get to 30 per 1m
}`,
  'files.lock.json': JSON.stringify({
    lock: 1,
    server: 'files',
    tools: [
      { name: 'get', inputSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] } },
    ],
    prompts: [{ name: 'greet' }],
    resourceTemplates: [{ name: 'file', uriTemplate: 'file:///{+path}' }],
  }),
  'facts.licet': 'given Doc:d { owner: [User:ann, User:eve] }\ngiven Agent:bot\ngiven User:bob\n',
  'facts.json': '[{ "object": "Doc:j", "relation": "owner", "subject": "User:ann" }]',
  'wrong.licet': 'actor User\nresource Doc { allow read if ownr }',
  'wrong-facts.licet': 'given Dok:d\n',
  'wrong-facts.json': '[{ "type": "Dok", "id": "d" }]',
  'broken-facts.json': '[\n  { "type": }]',
})

/** A command line of which words with spaces stand in single quotes. */
function authorize(line: string, files = '-p policy.licet -f facts.licet -f facts.json', stdin = '') {
  const words = [...`${files} ${line}`.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
  return licet(['authorize', ...words], { cwd, stdin })
}

const read = '--action read --resource Doc:d'

describe('authorize: exit code 0 and 1', () => {
  it.each([
    [`--actor User:ann ${read}`, true],
    [`--actor User:bob ${read}`, false],
    ['--actor User:ann --action read --resource Doc:j', true],
    [`--actor anonymous ${read}`, false],
    [`--actor User:bob ${read} --context '{"break_glass": true}'`, true],
    [`--actor User:bob ${read} --context '{"break_glass": false}'`, false],
    [`--actor User:ann --agent Agent:bot ${read}`, true],
    [`--actor User:ann ${read} --label secret`, false],
    [
      `--actor User:ann --action remove --resource Doc:d --token '{"scopes": ["admin"]}' --now 2026-07-01T00:00:00Z`,
      true,
    ],
    [
      `--actor User:ann --action remove --resource Doc:d --token '{"scopes": ["admin"]}' --now 2026-05-01T00:00:00Z`,
      false,
    ],
    ['--actor User:ann --action sign --resource Doc:d --confirmed --approval User:eve', true],
    ['--actor User:ann --action sign --resource Doc:d --confirmed', false],
    [`--actor User:ann --action call --tool files/get --args '{"path": "a.txt"}'`, true],
    [`--actor User:ann --action call --tool files/get --args '{"path": "b.txt"}'`, false],
    ['--actor User:ann --action get --prompt files/greet', true],
    ['--actor anonymous --action get --prompt files/greet', false],
    ['--actor User:ann --action read --uri files file:///a/b', true],
    ['--actor User:ann --action read --uri files file:///a/../b', false],
    [`--actor User:ann --action call --tool files/got`, false],
  ])('%s', async (line, allowed) => {
    const { code, out, err } = await authorize(line)
    expect({ code, start: out.slice(0, out.indexOf(':')), err: line.includes('/got') ? '' : err }).toEqual({
      code: allowed ? 0 : 1,
      start: allowed ? 'allowed' : 'denied',
      err: '',
    })
  })
})

describe('authorize: what it prints', () => {
  it('names the rule, its limits and labels', async () => {
    const { out } = await authorize(`--actor User:ann --action call --tool files/get --args '{"path": "a.txt"}'`)
    expect(out).toMatch(
      /^allowed: granted\n {2}by \S+\n {2}limit: 30 per 60 s \(\S+\)\n {2}labels the session as secret\n$/,
    )
  })

  it('says what the caller could go and get', async () => {
    const { out } = await authorize('--actor User:ann --action remove --resource Doc:d --now 2026-07-01T00:00:00Z')
    expect(out).toBe('denied: not-permitted\n  missing: scope("admin")\n')
  })

  it('prints the decision as JSON', async () => {
    const { code, out } = await authorize(`--actor User:bob ${read} --context '{"break_glass": false}' --json`)
    expect(code).toBe(1)
    expect(JSON.parse(out)).toEqual({
      allowed: false,
      reason: 'not-permitted',
      rules: [],
      errors: [],
      missing: { sets: [], truncated: false },
      limits: [],
      labels: [],
    })
  })

  it('prints the proof', async () => {
    expect((await authorize(`--actor User:ann ${read} --explain`)).out).toMatch(
      /^allowed: granted\n.*\n✓ User:ann can read Doc:d\n.*\[Doc\.read#1\]/s,
    )
    expect(JSON.parse((await authorize(`--actor User:ann ${read} --explain --json`)).out)).toMatchObject({
      allowed: true,
      proof: { truth: 'true' },
    })
  })

  it('notes that an item is in no lock', async () => {
    expect(await authorize('--actor User:ann --action call --tool files/got')).toMatchObject({
      code: 1,
      err: 'note: the lock of `files` has no tool `got`: did you mean `get`?\n',
    })
  })
})

describe('authorize: exit code 2, with a diagnostic, and no decision', () => {
  it.each([
    [`--actor Usr:ann ${read}`, 'declares no type `Usr`\n  did you mean `User`?'],
    [`--actor Doc:d ${read}`, '`Doc` is a resource'],
    [`--actor ann ${read}`, '`ann` is no entity'],
    [`--actor User:ann --agent User:bob ${read}`, '`User:bob` is no agent'],
    ['--actor User:ann --action reed --resource Doc:d', 'no `allow` can grant `reed` on `Doc`\n  did you mean `read`?'],
    ['--actor User:ann --action change --resource Doc:d', 'ask about read or remove'],
    ['--actor User:ann --action read --resource Dock:d', 'did you mean `Doc`?'],
    ['--actor User:ann --action call --tool file/get', 'did you mean `files`?'],
    [
      '--actor User:ann --action cal --tool files/get',
      '`cal` is nothing that is done to a tool\n  did you mean `call`?',
    ],
    ['--actor User:ann --action read --tool files/get', 'it is call or list'],
    ['--actor User:ann --action call --tool get', '`get` is not of the form SERVER/NAME'],
    ['--actor User:ann --action read', 'exactly one of'],
    [`--actor User:ann ${read} --tool files/get`, 'exactly one of'],
    [`--actor User:ann ${read} --args {}`, '`--args` goes with'],
    [`--actor User:ann ${read} --now tomorrow`, '`tomorrow` is no time'],
    [read, '`--actor` is missing'],
    ['--actor User:ann --resource Doc:d', '`--action` is missing'],
    [`--actor User:ann ${read} --token '{"scopes": "admin"}'`, '--> --token:1:12'],
    [`--actor User:ann ${read} --token '{"scopes": ["a"], "scopes": []}'`, 'the key `scopes` twice'],
    [`--actor User:ann ${read} --context '[1]'`, '--context: expected record'],
    [`--actor User:ann ${read} --context '{"break_glass": tru}'`, '--> --context:1:17'],
    [`--actor User:ann ${read} --context ${'['.repeat(100_000)}`, 'nested deeper than 64 levels'],
  ])('%s', async (line, err) => {
    const ran = await authorize(line)
    expect(ran).toMatchObject({ code: 2, out: '' })
    expect(ran.err).toContain(err)
  })

  it.each([
    ['-p wrong.licet', 'error[unknown-name]'],
    ['-p none.licet', '`none.licet` was not found'],
    ['-f facts.licet', '`--policy` is missing'],
    ['-p policy.licet -f none.licet', '`none.licet` was not found'],
    ['-p policy.licet -f wrong-facts.licet', 'error[unknown-type]'],
    ['-p policy.licet -f wrong-facts.json', '--> wrong-facts.json:1:2'],
    ['-p policy.licet -f broken-facts.json', '--> broken-facts.json:2:13'],
    ['-p - -f -', 'can be read only once'],
  ])('with %s', async (files, err) => {
    const ran = await authorize(`--actor User:ann ${read}`, files)
    expect(ran).toMatchObject({ code: 2, out: '' })
    expect(ran.err).toContain(err)
  })
})

it('authorize reads policy or facts from standard input', async () => {
  const line = `--actor User:zoe ${read}`
  expect(await authorize(line, '-p policy.licet -f -', 'given Doc:d { owner: User:zoe }')).toMatchObject({ code: 0 })
  const stdin = 'actor User\nresource Doc { allow read if actor == User:zoe }'
  expect(await authorize(line, '-p -', stdin)).toMatchObject({ code: 0 })
})
