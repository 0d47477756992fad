import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder } from '../node/folder.ts'
import { licet } from './command-line.ts'

const policy = 'actor User\nactor Agent\nserver a { allow call * }\nserver b { allow call * }'
const server = '"command": "node", "args": ["-e", "process.exit(7)"]'
const principal = '"principal": { "actor": "User:ann" }'

async function run(config: string, line = '', env: Readonly<Record<string, string>> = {}) {
  const cwd = folder({ 'p.licet': policy, 'g.json': config, 'x.jsonl': '' })
  // What others can read is refused as approvals before it is looked at.
  chmodSync(join(cwd, 'p.licet'), 0o600)
  return licet(['gateway', '--config', 'g.json', ...line.split(' ').filter(Boolean)], { cwd, env })
}

describe('a configuration of gateways', () => {
  it.each([
    ['no JSON', '{', 'error[syntax]'],
    ['approvals that are no file', `{ "approvals": true, "servers": {} }`, 'approvals: expected string'],
    ['a client that confirms in other words', `{ "clientConfirms": "yes", "servers": {} }`, 'expected boolean'],
    ['a member that does not exist', `{ "server": {}, "servers": {} }`, 'did you mean `servers`?'],
    ['one of a server', `{ "servers": { "a": { "comand": "x" } } }`, 'did you mean `command`?'],
    ['one of a server with such a name', `{ "servers": { "types": { "comand": "x" } } }`, 'did you mean `command`?'],
    ['one of a principal', `{ "servers": { "a": { "principal": { "actr": "x" } } } }`, 'did you mean `actor`?'],
    ['the wrong type', `{ "servers": { "a": { "args": "x" } } }`, 'servers.a.args: expected array'],
    ['no servers', `{ "servers": {} }`, 'there is no server'],
    ['no policy', `{ "servers": { "a": { ${server} } } }`, '`policy` is missing'],
    ['no way to a server', `{ "policy": ["p.licet"], "servers": { "a": {} } }`, 'a `command` or a `url`'],
    [
      'two ways to one',
      `{ "policy": ["p.licet"], "servers": { "a": { ${server}, "url": "http://x" } } }`,
      'a `command` or a `url`',
    ],
    ['a name that is none', `{ "policy": ["p.licet"], "servers": { "a/b": { ${server} } } }`, 'cannot be the name'],
    [
      'a URL that is none',
      `{ "policy": ["p.licet"], "servers": { "a": { "url": "ftp://x" } } }`,
      'no http or https URL',
    ],
    [
      'credentials in a URL',
      `{ "policy": ["p.licet"], "servers": { "a": { "url": "http://u:p@x" } } }`,
      'do not belong into a URL',
    ],
    [
      'a header of ours',
      `{ "policy": ["p.licet"], "servers": { "a": { "url": "http://x", "headers": { "Host": "y" } } } }`,
      'belongs to the gateway',
    ],
    [
      'a header that is none',
      `{ "policy": ["p.licet"], "servers": { "a": { "url": "http://x", "headers": { "X Y": "y" } } } }`,
      'not the name of a header',
    ],
    [
      'a header with a line in it',
      `{ "policy": ["p.licet"], "servers": { "a": { "url": "http://x", "headers": { "X": "y\\nz: 1" } } } }`,
      'characters that no header has',
    ],
    [
      'a variable that is not set',
      `{ "policy": ["p.licet"], "servers": { "a": { "url": "http://x", "headers": { "X": "\${NO_SUCH}" } } } }`,
      '`NO_SUCH` is not set',
    ],
    [
      'nothing to listen on',
      `{ "listen": "x:y", "policy": ["p.licet"], "servers": { "a": { ${server} } } }`,
      'nothing to listen on',
    ],
  ])('with %s has a message with its place', async (_, config, message) => {
    const { code, out, err } = await run(config)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(message)
    expect(err).toContain('--> g.json:1:')
  })

  const two = `{ "policy": ["p.licet"], ${principal}, "servers": { "a": { ${server} }, "b": { ${server} } } }`
  it.each([
    ['a file that is not there', ['--config', 'none.json'], '`none.json`'],
    ['what stands in it', ['--config', 'g.json', '--actor', 'User:ann'], '`--actor` stands in the file'],
    ['approvals beside it', ['--config', 'g.json', '--approvals', 'x'], '`--approvals` stands in the file'],
    ['a trust beside it', ['--config', 'g.json', '--client-confirms'], '`--client-confirms` stands in the file'],
    ['a command', ['--config', 'g.json', '--', 'x'], 'the servers stand in the file'],
    ['a server that it does not have', ['--config', 'g.json', '--server', 'c'], 'has no server `c`'],
    ['several servers and no listener', ['--config', 'g.json'], 'several servers need a listener'],
    ['a wrong address', ['--config', 'g.json', '--listen', '99999'], 'nothing to listen on'],
  ])('is refused with %s', async (_, line, message) => {
    const cwd = folder({ 'p.licet': policy, 'g.json': two })
    const { code, err } = await licet(['gateway', ...line], { cwd })
    expect(code).toBe(2)
    expect(err).toContain(message)
  })

  it.each([
    ['a server that the policy does not have', `"c": { ${server} }`, 'declares no server `c`'],
    ['an actor of no type', `"a": { ${server}, "principal": { "actor": "Usr:x" } }`, 'did you mean `User`?'],
    [
      'an agent that is none',
      `"a": { ${server}, "principal": { "actor": "User:x", "agents": ["User:y"] } }`,
      'is no agent',
    ],
    [
      'claims that are not there',
      `"a": { ${server}, "principal": { "actor": "User:x", "tokenEnv": "NONE" } }`,
      'is not set',
    ],
  ])('is held against the policy: %s', async (_, one, message) => {
    const { code, err } = await run(`{ "policy": ["p.licet"], "servers": { ${one} } }`)
    expect(code).toBe(2)
    expect(err).toContain(message)
  })

  it('serves one of its servers on standard streams, which inherits nothing that was meant for others', async () => {
    const hidden = ['SECRET', 'CLAIMS', 'CLIENT', 'ASKS']
      .map((name) => `process.env.${name} === undefined`)
      .join(' && ')
    const told = `process.exit(${hidden} && process.env.OWN === 'x-1' ? 7 : 8)`
    const whose = '"principal": { "actor": "User:ann", "tokenEnv": "CLAIMS" }'
    const a = `"a": { "command": "node", "args": ["-e", ${JSON.stringify(told)}], "env": { "OWN": "x-\${OTHER}" }, ${whose} }`
    const b = `"b": { "url": "http://127.0.0.1:1/", "headers": { "Authorization": "Bearer \${SECRET}" } }`
    const asks = `"introspection": { "clientId": "\${CLIENT}", "clientSecret": "\${ASKS}" }`
    const issuers = `"issuers": [{ "issuer": "https://id.acme.dev", ${asks} }]`
    const config = `{ "policy": ["p.licet"], ${issuers}, "servers": { ${a}, ${b} } }`
    const variables = { SECRET: 's', CLAIMS: '{}', OTHER: '1', CLIENT: 'c', ASKS: 's' }
    const { code, err } = await run(config, '--server a', variables)
    expect([code, err]).toEqual([7, expect.anything()])
  })

  it('has approvals that cannot be used, beside it', async () => {
    const config = `{ "approvals": "p.licet", "policy": ["p.licet"], ${principal}, "servers": { "a": { ${server} } } }`
    const { code, err } = await run(config)
    expect(code).toBe(1)
    expect(err).toContain('the approvals cannot be used: file is not a database')
  })

  it('does not speak for nobody on standard streams where callers are known by their tokens', async () => {
    const issuers = '"issuers": [{ "issuer": "https://id.acme.dev" }]'
    const config = `{ "policy": ["p.licet"], ${issuers}, "servers": { "a": { ${server} } } }`
    const { code, err } = await run(config, '--server a')
    expect(code).toBe(2)
    expect(err).toContain('tokens and keys are sent over HTTP only')
  })

  it('does not listen for everybody without saying for whom', async () => {
    const { code } = await run(`{ "listen": 0, "policy": ["p.licet"], "servers": { "a": { ${server} } } }`)
    expect(code).toBe(1)
  })
})

describe('a gateway to a server over HTTP', () => {
  const cwd = folder({ 'p.licet': policy })
  it.each([
    ['a URL and a command', '--url http://x -- y', 'exclude each other'],
    ['a header for a command', '--header A:b -- y', '`--header` goes with `--url`'],
    ['a header without a value', '--url http://x --header A', 'a header is written'],
    ['a header of ours', '--url http://x --header Mcp-Session-Id:1', 'belongs to the gateway'],
    ['a listener for nobody', '--url http://x --listen 0', '`--actor` is missing'],
  ])('is refused with %s', async (_, line, message) => {
    const { code, err } = await licet(['gateway', '-p', 'p.licet', '--server', 'a', ...line.split(' ')], { cwd })
    expect(code).toBe(2)
    expect(err).toContain(message)
  })
})
