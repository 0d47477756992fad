import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder } from '../node/folder.ts'
import { licet } from './command-line.ts'

const cwd = folder({
  'p.licet': 'actor User\nactor Agent\nserver files { allow call read if actor is User }',
  'wrong.licet': 'actor User in Nowhere',
})
// What others can read is refused before it is looked at.
chmodSync(join(cwd, 'p.licet'), 0o600)

// What the gateway does with messages is tested with the gateway; here, how the command line reaches it.
describe('gateway', () => {
  it.each([
    ['no policy', '--server files -- x', 2, '`--policy` is missing'],
    ['no server', '-p p.licet -- x', 2, '`--server` is missing'],
    ['no command', '-p p.licet --server files', 2, 'the command of the server is missing'],
    ['a server that the policy does not know', '-p p.licet --server filse -- x', 2, 'did you mean `files`?'],
    ['an actor of no type', '-p p.licet --server files --actor Usr:ann -- x', 2, 'did you mean `User`?'],
    ['an agent that is none', '-p p.licet --server files --agent User:ann -- x', 2, '`User:ann` is no agent'],
    ['arguments for no log', '-p p.licet --server files --audit-arguments -- x', 2, 'needs `--audit FILE`'],
    [
      'paths for no arguments',
      '-p p.licet --server files --audit a --redact args.x -- x',
      2,
      'needs `--audit-arguments`',
    ],
    ['a policy on standard input', '-p - --server files -- x', 2, 'belongs to the client'],
    ['claims that are no JSON', '-p p.licet --server files --token-env BROKEN -- x', 2, '--> --token:1:2'],
    ['claims that are not there', '-p p.licet --server files --token-env NONE -- x', 2, '`NONE` is not set'],
    [
      'approvals that are something else',
      '-p p.licet --server files --approvals p.licet -- x',
      1,
      'the approvals cannot be used: file is not a database',
    ],
    [
      'functions that cannot be loaded',
      '-p p.licet --server files --functions none.mjs -- x',
      2,
      '`none.mjs` cannot be loaded',
    ],
  ])('has a message for %s', async (_, line, code, err) => {
    const ran = await licet(['gateway', ...line.split(' ')], { cwd, env: { BROKEN: '{x' } })
    expect(ran).toMatchObject({ code, out: '' })
    expect(ran.err).toContain(err)
  })

  it('keeps the claims from the server', async () => {
    const told = 'process.exit(process.env.CLAIMS === undefined && process.env.OTHER === "x" ? 7 : 8)'
    const line = [
      'gateway',
      '-p',
      'p.licet',
      '--server',
      'files',
      '--token-env',
      'CLAIMS',
      '--',
      process.execPath,
      '-e',
      told,
    ]
    expect(await licet(line, { cwd, env: { CLAIMS: '{}', OTHER: 'x' } })).toMatchObject({ code: 7 })
  })
})
