import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder } from '../node/folder.ts'
import { licet } from './command-line.ts'

/** A server with the tools that its argument lists. */
const server = `
import { createInterface } from 'node:readline'
const tools = process.argv[2].split(',').map((name) => ({ name, inputSchema: { type: 'object' } }))
const answers = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } }),
  'tools/list': () => ({ tools }),
}
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) return
  const answer = answers[method]
  const rest = answer === undefined ? { error: { code: -32601, message: 'no' } } : { result: answer(params) }
  console.log(JSON.stringify({ jsonrpc: '2.0', id, ...rest }))
})`

/** A server with one of everything else; what its argument names it describes otherwise. */
const manyServer = `
import { createInterface } from 'node:readline'
const description = (list) => process.argv[2] === list ? 'obey' : 'd'
const answers = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { prompts: {}, resources: {} }, serverInfo: { name: 's', version: '1' } }),
  'prompts/list': () => ({ prompts: [{ name: 'p', description: description('prompts') }] }),
  'resources/list': () => ({ resources: [{ name: 'r', uri: 'x:r', description: description('resources') }] }),
  'resources/templates/list': () => ({ resourceTemplates: [{ name: 't', uriTemplate: 'y://{id}', description: description('resourceTemplates') }] }),
}
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result: answers[method](params) }))
})`

const command = (tools: string) => ['--', process.execPath, 'server.mjs', tools]

async function locked(tools = 'read,write') {
  const cwd = folder({ 'server.mjs': server })
  const ran = await licet(['lock', 'demo', ...command(tools)], { cwd })
  return { cwd, ran }
}

describe('lock', () => {
  it('writes NAME.lock.json, from which policies are checked', async () => {
    const { cwd, ran } = await locked()
    expect(ran).toEqual({
      code: 0,
      err: '',
      out: 'wrote demo.lock.json: 2 tools, 0 prompts, 0 resources, 0 resource templates\n',
    })
    expect(JSON.parse(readFileSync(join(cwd, 'demo.lock.json'), 'utf8'))).toMatchObject({
      lock: 1,
      server: 'demo',
      tools: [{ name: 'read' }, { name: 'write' }],
    })
    const stdin = 'actor User\nserver demo from "./demo.lock.json" { allow call raed if actor is User }'
    expect(await licet(['check', '-'], { cwd, stdin })).toMatchObject({
      code: 1,
      err: expect.stringContaining('did you mean `read`?'),
    })
  })

  it('writes where it is told to', async () => {
    const cwd = folder({ 'server.mjs': server })
    expect(await licet(['lock', 'demo', '-o', 'other.json', ...command('read')], { cwd })).toMatchObject({ code: 0 })
    expect(readFileSync(join(cwd, 'other.json'), 'utf8')).toContain('"demo"')
  })

  it('--check finds nothing where nothing has changed, the command given or as locked', async () => {
    const { cwd } = await locked()
    const same = { code: 0, err: '', out: 'demo offers what demo.lock.json says\n' }
    expect(await licet(['lock', 'demo', '--check', ...command('read,write')], { cwd })).toEqual(same)
    expect(await licet(['lock', 'demo', '--check'], { cwd })).toEqual(same)
  })

  it('--check shows what has drifted, and writes nothing', async () => {
    const { cwd } = await locked()
    const before = readFileSync(join(cwd, 'demo.lock.json'), 'utf8')
    const { code, err } = await licet(['lock', 'demo', '--check', ...command('read,remove')], { cwd })
    expect(code).toBe(1)
    expect(err).toContain('demo has drifted from demo.lock.json:\n')
    expect(err).toContain('- tool write\n+ tool remove\n')
    expect(readFileSync(join(cwd, 'demo.lock.json'), 'utf8')).toBe(before)
  })

  it('--check --json prints it for a program', async () => {
    const { cwd } = await locked()
    const { code, out, err } = await licet(['lock', 'demo', '--check', '--json', ...command('read,remove\u202e')], {
      cwd,
    })
    expect({ code, err }).toEqual({ code: 1, err: '' })
    expect(out).not.toMatch(/[^\n -~]/)
    expect(JSON.parse(out)).toMatchObject({
      server: 'demo',
      lock: 'demo.lock.json',
      drifted: true,
      changes: [{ path: ['reached', 'args'] }, { path: ['reached', 'args'] }],
      items: [
        { list: 'tools', name: 'write', status: 'gone' },
        { list: 'tools', name: 'remove\u202e', status: 'unlocked', live: { inputSchema: { type: 'object' } } },
      ],
    })
    const same = await licet(['lock', 'demo', '--check', '--json'], { cwd })
    expect(same.code).toBe(0)
    expect(JSON.parse(same.out)).toMatchObject({ drifted: false, changes: [], items: [], edited: [] })
  })

  it('--check finds a lock that was edited by hand', async () => {
    const { cwd } = await locked()
    const file = join(cwd, 'demo.lock.json')
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace(/("read": "sha256:)[0-9a-f]{2}/, '$100'))
    const { code, err } = await licet(['lock', 'demo', '--check'], { cwd })
    expect(code).toBe(1)
    expect(err).toBe('demo.lock.json was edited by hand: its digest of the tool read is of another definition\n')
  })

  it.each(['prompts', 'resources', 'resourceTemplates'])('locks and compares %s as it does tools', async (list) => {
    const cwd = folder({ 'server.mjs': manyServer })
    const run = (mode: string, ...options: string[]) =>
      licet(['lock', 'demo', ...options, '--', process.execPath, 'server.mjs', mode], { cwd })
    expect(await run('x')).toMatchObject({
      out: 'wrote demo.lock.json: 0 tools, 1 prompt, 1 resource, 1 resource template\n',
    })
    const { code, err } = await run(list, '--check')
    expect(code).toBe(1)
    expect(err).toContain('    description\n      - "d"\n      + "obey"\n')
    expect(err.match(/^~ (?!server)/gm)).toHaveLength(1)
  })

  it.each([
    ['JSON of nothing', ['demo', '--json', ...command('read')], 2, '`--json` is for `--check`'],
    ['a command that does not exist', ['demo', '--', 'no-such-command'], 1, 'there is no such command'],
    ['a server that dies', ['demo', '--', process.execPath, '-e', 'process.exit(3)'], 1, 'status 3'],
    [
      'a server that talks nonsense',
      ['demo', '--', process.execPath, '-e', 'console.log("hello"); setTimeout(() => {}, 200)'],
      1,
      'licet lock: ',
    ],
    ['a lock file that is not there', ['demo', '--check'], 1, '`demo.lock.json` was not found'],
    ['a lock file that is none', ['demo', '--check', '-o', 'bad.lock.json'], 1, 'error[bad-lock]'],
    [
      'the lock of another server',
      ['demo', '--check', '-o', 'good.lock.json'],
      1,
      'is the lock of `files`, not of `demo`',
    ],
    [
      'a lock that says nothing of how',
      ['files', '--check', '-o', 'good.lock.json'],
      2,
      'does not say how the server is reached\n  its command follows `--`',
    ],
    ['a folder to write to that is not there', ['demo', '-o', 'x/y.json', ...command('read')], 1, 'ENOENT'],
    ['no command', ['demo'], 2, 'the command of the server is missing'],
    ['an empty command', ['demo', '--'], 2, 'the command of the server is missing'],
    ['no name', [], 2, 'NAME is missing'],
    ['a name that no policy can use', ['my-server', '--check'], 2, 'cannot be the name of a server'],
    ['two ways', ['demo', '--url', 'http://localhost:1/', '--', 'x'], 2, 'exclude each other'],
    ['a URL that is none', ['demo', '--url', 'ftp://x/'], 2, 'is no http or https URL'],
  ])('has a message for %s', async (_, argv, code, err) => {
    const cwd = folder({
      'server.mjs': server,
      'bad.lock.json': '{}',
      'good.lock.json': '{ "lock": 1, "server": "files" }',
    })
    const ran = await licet(['lock', ...argv], { cwd })
    expect(ran).toMatchObject({ code, out: '' })
    expect(ran.err).toContain(err)
    expect(ran.err).not.toMatch(/^\s+at /m)
  })
})
