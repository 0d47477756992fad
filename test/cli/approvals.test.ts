import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sqliteApprovals } from '../../src/surfaces/mcp/index.ts'
import { folder } from '../node/folder.ts'
import { licet } from './command-line.ts'

const cwd = folder({})
const asked = {
  digest: 'sha256:1',
  actor: 'User:ann',
  agents: ['Agent:bot'],
  iss: 'https://idp.example',
  sub: '42',
  server: 'mail',
  reached: '["mail-server"]',
  method: 'tools/call',
  name: 'send',
  // As the guard writes them: an integer beyond 2^53, and characters that steer a terminal or reorder what it shows.
  arguments: '{"big":9007199254740993,"body":"see \\u001b[2J\u202eyou","to":["bob"]}',
  policy: 'sha256:p',
}
let files = 0
async function waiting(needs = ['approvedBy(lead)']) {
  const file = `${files++}.sqlite`
  const store = await sqliteApprovals(join(cwd, file))
  const id = (await store.request(asked, needs)) ?? ''
  store.close()
  const run = (...line: string[]) => licet(['approvals', ...line, '--store', file], { cwd })
  return { id, run }
}

describe('approvals', () => {
  it('lists what waits, a line each, in characters that show', async () => {
    const { id, run } = await waiting()
    expect(await run('list')).toEqual({
      code: 0,
      out: `${id}  User:ann via Agent:bot: tools/call send on mail; approvedBy(lead); waits\n`,
      err: '',
    })
  })

  it('shows exactly what is approved', async () => {
    const { id, run } = await waiting()
    const { code, out } = await run('show', id)
    expect(code).toBe(0)
    expect(out.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')).toBe(`request   ${id}
state     waits
takes     approvedBy(lead)
asked     TIME
expires   TIME
actor     User:ann
agents    Agent:bot
issuer    https://idp.example
subject   42
server    mail
reached   ["mail-server"]
method    tools/call
name      send
policy    sha256:p
arguments
  {
    "big": 9007199254740993,
    "body": "see \\u001b[2J\\u{202e}you",
    "to": [
      "bob"
    ]
  }
`)
  })

  it('grants and denies by whom the operator names', async () => {
    const { id, run } = await waiting()
    expect((await run('grant', id, '--as', 'User:lead')).out).toContain('state     granted by User:lead\n')
    expect((await run('deny', id, '--as', 'User:eve')).out).toContain('state     denied by User:eve\n')
    expect(await run('grant', id, '--as', 'User:lead')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('has been denied'),
    })
  })

  it('lets nobody approve their own call, but confirm it', async () => {
    const own = await waiting()
    for (const by of ['User:ann', 'Agent:bot']) {
      expect(await own.run('grant', own.id, '--as', by)).toMatchObject({
        code: 1,
        err: expect.stringContaining('their own call'),
      })
    }
    const confirmed = await waiting(['confirmed()'])
    expect(await confirmed.run('grant', confirmed.id, '--as', 'User:ann')).toMatchObject({ code: 0 })
  })

  it('is there for programs', async () => {
    const { id, run } = await waiting()
    expect(JSON.parse((await run('list', '--json')).out)).toMatchObject([{ id, call: asked }])
    expect(JSON.parse((await run('show', id, '--json')).out)).toMatchObject({ id, grantedBy: [] })
  })

  it.each([
    ['nothing to do', 'lst --store x', 2, 'there is nothing to `lst`'],
    ['no file', 'list', 2, '`--store` is missing'],
    ['a file that is not there', 'list --store none.sqlite', 1, 'there is no file `none.sqlite`'],
    ['no id', 'show --store x', 2, 'the id of the request is missing'],
    ['an id too many', 'list 1 --store x', 2, 'one argument too many'],
    ['nobody to do it', 'grant 1 --store x', 2, '`--as` is missing'],
    ['nobody that can be', 'grant 1 --as lead --store x', 2, '`lead` is no entity'],
  ])('has a message for %s', async (_, line, code, err) => {
    const ran = await licet(['approvals', ...line.split(' ')], { cwd })
    expect(ran).toMatchObject({ code, out: '' })
    expect(ran.err).toContain(err)
  })

  it('has a message for a request that is not there', async () => {
    const { run } = await waiting()
    for (const line of [
      ['show', 'x'],
      ['grant', 'x', '--as', 'User:lead'],
      ['deny', 'x', '--as', 'User:lead'],
    ]) {
      expect(await run(...line)).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringContaining('there is no such request'),
      })
    }
  })
})
