import { describe, expect, it } from 'vitest'
import { compile } from '../../src/index.ts'
import { starterFiles } from '../../src/surfaces/cli/starter/files.ts'
import { completionOf } from '../../src/surfaces/repl/completion.ts'
import { newState, type State } from '../../src/surfaces/repl/state.ts'

const policy = `
actor User in Group { email: string, manager?: User }
actor Agent { trusted: boolean }
resource Group in Group
resource Org { role admin: User }
resource Repo {
  org: Org
  private: boolean
  role owner: User
  allow read if owner or not private
  allow write if owner or org.admin
}
resource Doc { allow read }
role staff: User
context { place: string }
test "reads" { expect User:ann can read Doc:1 }
given User:ann { email: "a" } given User:anna given Agent:bot given Repo:"acme/site" { org: Org:acme } given Doc:1
`

function stateOf(files: Record<string, string>): State {
  const compiled = compile(files)
  if (compiled.policy === undefined) throw new Error(JSON.stringify(compiled.diagnostics))
  return newState(compiled.policy, [], {})
}

/** What stays of the text, then what may follow. */
function offered(text: string, state: State): string {
  const { from, options } = completionOf(text, state)
  return `${text.slice(0, from)}|${options.join(' ')}`
}

describe('after the beginning of a question, there can be', () => {
  const state = stateOf({ 'p.licet': policy })
  it.each([
    ['c', '|can cannot cidr( confirmed( context'],
    ['can ', 'can |Agent: User: anonymous read write'],
    ['can User:an', 'can |User:ann User:anna'],
    ['can User:ann ', 'can User:ann |read via with write'],
    ['can User:ann write ', 'can User:ann write |Repo:'],
    ['can User:ann read D', 'can User:ann read |Doc:'],
    ['can User:ann write Repo:', 'can User:ann write |Repo:"acme/site"'],
    ['can User:ann write Repo:"ac', 'can User:ann write |Repo:"acme/site"'],
    ['can User:ann via ', 'can User:ann via |Agent:'],
    ['as User:ann with { t', 'as User:ann with { |tenant: '],
    ['given ', 'given |Agent: Doc: Group: Org: Repo: User: approvals confirmed context now role session token'],
    ['given Repo:x { private: true, ', 'given Repo:x { private: true, |org:  owner: '],
    ['given role ', 'given role |staff'],
    ['given context { ', 'given context { |place: '],
    ['test "r', 'test |"reads"'],
    ['User:ann.manager.', 'User:ann.manager.|email manager'],
    ['as User:ann with { a', 'as User:ann with { |acr:  amr:  authTime: '],
    ['token.a', 'token.|acr amr authTime'],
    ['re', '|recover('],
    ['de', '|decimal('],
    ['Repo:x.org.a', 'Repo:x.org.|admin'],
    ['which Repo can User:ann ', 'which Repo can User:ann |read via with write'],
    ['what can User:ann do ', 'what can User:ann do |on'],
    ['who can read ', 'who can read |Doc: Repo:'],
    ['expect User:ann can read Repo ', 'expect User:ann can read Repo |is'],
    ['why not c', 'why not |can cannot cidr( confirmed( context'],
    ['can User:ann read Doc:1 ', 'can User:ann read Doc:1 |'],
    ['} ] nothing of this ', '} ] nothing of this |'],
    [':re', ':|reload'],
    [':watch ', ':watch |off on'],
    [':facts Rep', ':facts |Repo:'],
  ])('%j: %j', (text, options) => {
    expect(offered(text, state)).toBe(options)
  })
})

describe('of a server, there are', () => {
  const state = stateOf(
    Object.fromEntries([...starterFiles()].filter(([name]) => name === 'policy.licet' || name.endsWith('.lock.json'))),
  )
  it.each([
    ['can User:ann call read_t', 'can User:ann call |read_text_file'],
    ['can User:ann call read_text_file { ', 'can User:ann call read_text_file { |head:  path:  tail: '],
    ['can User:ann call read_text_file { path: "a", h', 'can User:ann call read_text_file { path: "a", |head: '],
    ['can User:ann call read_text_file { path: "a" } on ', 'can User:ann call read_text_file { path: "a" } on |files'],
    ['what can User:ann do on f', 'what can User:ann do on |files'],
  ])('%j: %j', (text, options) => {
    expect(offered(text, state)).toBe(options)
  })
})

describe('what a server has called by names that are none', () => {
  const tools = ['send-mail', 'see\u001b[2J\u202e'].map((name) => ({ name, inputSchema: { type: 'object' } }))
  const state = stateOf({
    'p.licet':
      'actor User\nserver mail from "m.lock.json" { allow call, get, read * }\ntest "t\u202e" { expect User:ann can read "m:///\u202e" on mail }\n',
    'm.lock.json': JSON.stringify({
      lock: 1,
      server: 'mail',
      reached: { command: 'mail', args: [] },
      protocolVersion: '2025-11-25',
      tools,
      resources: [{ uri: 'm:///\u202e', name: 'm' }],
    }),
  })
  it.each([
    ['can User:ann call se', 'can User:ann call |'],
    ['can User:ann call "se', 'can User:ann call |"see\\u{1b}[2J\\u{202e}" "send-mail"'],
    ['can User:ann read "m', 'can User:ann read |"m:///\\u{202e}"'],
    ['test "', 'test |"t\\u{202e}"'],
  ])('%j: %j', (text, options) => {
    expect(offered(text, state)).toBe(options)
  })
})

describe('among very many', () => {
  const state = stateOf({ 'p.licet': 'actor User\nresource Doc { allow read }\n' })
  state.engine.facts.load(Array.from({ length: 100_000 }, (_, i) => ({ type: 'User', id: `u${i}` })))

  it('no more are told than a person could read', () => {
    expect(completionOf('can User:', state).options).toHaveLength(100)
    expect(completionOf('can User:u9999', state).options).toEqual([
      'User:u9999',
      ...Array.from({ length: 10 }, (_, i) => `User:u9999${i}`),
    ])
  })

  it('names are looked up, and not gone through', () => {
    completionOf('can User:', state)
    const started = performance.now()
    for (let i = 0; i < 200; i++) completionOf(`can User:u${i}`, state)
    // Half a millisecond each; going through 100,000 names takes more than ten.
    expect((performance.now() - started) / 200).toBeLessThan(8)
  })

  it('a question that is very long is completed by nobody', () => {
    const started = performance.now()
    expect(completionOf(`${'['.repeat(50_000)} User:`, state).options).toEqual([])
    expect(completionOf(`1${' + 1'.repeat(50_000)} `, state).options).toEqual([])
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
