import { describe, expect, it } from 'vitest'
import { starterFiles } from '../../src/surfaces/cli/starter/files.ts'
import { licet } from '../cli/command-line.ts'
import { folder } from '../node/folder.ts'
import { sessionOn } from './asked.ts'

const policy = `
actor User in Group { email: string, manager?: User }
actor Agent { trusted: boolean }
resource Group in Group
role engineer if "engineering" in token.groups
resource Repo {
  private: boolean
  tags: string[]
  role owner: User
  role writer: User | Group if owner
  role reader: User | Group if writer or not private
  allow read if reader
  allow write if writer
  allow delete if owner and acr("aal2")
  allow deploy if writer and engineer
}
/// Contractors never touch private repositories.
deny * on Repo if resource.private and "contractor" in token.groups
delegate read, write on Repo if agent.trusted
action change = write, delete
context { place: string }
test "owners write" {
  given User:ann { email: "ann@acme.dev" }
  given Repo:site { private: true, owner: User:ann }
  expect User:ann can write Repo:site
}
test "nobody writes" {
  given Repo:site { private: true, owner: User:ann }
  expect User:ann cannot write Repo:site
}
`
const facts = `
given User:ann { email: "ann@acme.dev", manager: User:eve }
given User:bob in Group:core { email: "bob@acme.dev" }
given Agent:bot { trusted: true }
given Agent:rogue { trusted: false }
given Repo:site { private: true, tags: ["a", "b"], owner: User:ann, reader: Group:core }
given Repo:"acme/docs" { private: false }
`

/** The last answer of a session in which these were said, without the lines that end in what was pointed at. */
async function last(...said: readonly string[]): Promise<string> {
  const { say } = sessionOn({ 'policy.licet': policy, 'facts.licet': facts })
  let answer = ''
  for (const text of said) answer = await say(text)
  return answer.trimEnd()
}

async function check(said: string | readonly string[], answer: string): Promise<void> {
  expect(await last(...[said].flat())).toBe(answer)
}

/** Of a mistake: code and message, what is pointed at, and the help. */
async function wrong(said: string | readonly string[], expected: readonly [string, string, string?]): Promise<void> {
  const lines = (await last(...[said].flat())).split('\n')
  const text = lines.find((line) => line.startsWith('1 | '))?.slice(4) ?? ''
  const mark = lines.find((line) => /^ {2}\| +\^/.test(line))?.slice(4) ?? ''
  const at = text.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)
  const help = lines.find((line) => line.startsWith('  = help: '))?.slice(10)
  expect([lines[0], at, ...(help === undefined ? [] : [help])]).toEqual(expected)
}

describe('a question', () => {
  it.each<[string | string[], string]>([
    ['can User:ann write Repo:site?', 'yes: granted by Repo.write#1'],
    ['can User:bob write Repo:site', 'no: not permitted'],
    ['User:ann can write Repo:site?', 'yes: granted by Repo.write#1'],
    ['can anonymous read Repo:"acme/docs"?', 'yes: granted by Repo.read#1'],
    ['can User:ann delete Repo:site', 'no: not permitted\n  missing: acr("aal2")'],
    ['can User:ann via Agent:bot write Repo:site', 'yes: granted by Repo.write#1, delegate:read+:Repo#1'],
    ['can User:ann via Agent:rogue write Repo:site', 'no: not delegated'],
    ['User:ann via Agent:rogue can write Repo:site', 'no: not delegated'],
    ['can User:ann with { groups: ["engineering"] } deploy Repo:site', 'yes: granted by Repo.deploy#1'],
    [
      'can User:ann with { groups: ["contractor"] } read Repo:site',
      'no: forbidden by deny:*:Repo#1\n  Contractors never touch private repositories.',
    ],
    ['can User:zoe write Repo:none', 'no: there is an error by Repo.write#1\n  error: nothing is known of `Repo:none`'],
    [
      'can User:zoe with { groups: ["contractor"] } read Repo:none',
      'no: there is an error by Repo.read#1, deny:*:Repo#1\n  error: nothing is known of `Repo:none`',
    ],
    ['which Repo can User:bob read?', 'Repo:"acme/docs"\nRepo:site'],
    ['which Repo can User:bob write', 'no Repo'],
    ['what can User:ann do on Repo:site?', 'read\nwrite'],
    ['what can User:eve do on Repo:site', 'nothing'],
    ['User, Agent who can read Repo:"acme/docs"', 'any Agent\nany User'],
    ['Agent who can write Repo:site', 'nobody'],
    [
      'who can write Repo:site',
      'perhaps User:ann: allow  // Repo.write#1; deny if "contractor" in token.groups  // deny:*:Repo#1',
    ],
  ])('%j: %j', check)

  it.each<[string | string[], string]>([
    [['as User:bob', 'can read Repo:site'], 'yes: granted by Repo.read#1'],
    [['as User:ann via Agent:rogue', 'can write Repo:site'], 'no: not delegated'],
    [['as User:ann via Agent:rogue', 'can User:ann write Repo:site'], 'yes: granted by Repo.write#1'],
    [['as User:ann with { groups: ["engineering"] }', 'can deploy Repo:site'], 'yes: granted by Repo.deploy#1'],
    [['as User:ann with { groups: ["engineering"] }', 'can User:ann deploy Repo:site'], 'no: not permitted'],
    [['given token { groups: ["engineering"] }', 'can User:ann deploy Repo:site'], 'yes: granted by Repo.deploy#1'],
    [['as User:bob', 'which Repo can read'], 'Repo:"acme/docs"\nRepo:site'],
    [['as User:ann', 'what can do on Repo:site'], 'read\nwrite'],
    [['as anonymous', 'can read Repo:"acme/docs"'], 'yes: granted by Repo.read#1'],
  ])('of whoever asks from then on, %j: %j', check)

  it.each<[string | string[], string]>([
    ['User:ann in Repo:site.owner', 'yes'],
    ['User:bob in Repo:site.writer', 'no'],
    ['User:ann.manager', 'User:eve'],
    ['User:bob.manager', 'not set'],
    ['Repo:site.tags', '"a"\n"b"'],
    ['1 + 2 * 3', '7'],
    ['Repo:site.private ? "closed" : "open"', '"closed"'],
    ['User:ann in Repo:site.owner ? 1 : 2', '1'],
    ['Repo:none.tags', 'error: nothing is known of `Repo:none`'],
    ['9223372036854775807 + 1', 'error: an integer that does not fit into 64 bits'],
    ['datetime("2027-01-01T00:00:00Z") + 1h', '2027-01-01T01:00:00Z'],
    [['given now datetime("2027-01-01T00:00:00Z")', 'now + 1d'], '2027-01-02T00:00:00Z'],
    [['given context { place: "home" }', 'context.place'], '"home"'],
    [['as User:ann', 'actor.email'], '"ann@acme.dev"'],
    [['as User:ann', 'Repo:site.owner'], 'yes'],
    [['as User:bob', 'Repo:site.write'], 'no'],
    [['as User:ann with { groups: ["engineering"] }', 'engineer'], 'yes'],
    [['as User:ann with { groups: ["engineering"] }', 'token.groups'], '"engineering"'],
  ])('can be any expression, %j: %j', check)

  it.each<[string | string[], string]>([
    ['expect User:ann can write Repo:site', '✓ as expected'],
    ['expect User:bob cannot write Repo:site', '✓ as expected'],
    ['expect User:ann cannot delete Repo:site missing acr("aal2")', '✓ as expected'],
    ['expect User:bob can read Repo is [Repo:site, Repo:"acme/docs"]', '✓ as expected'],
    ['expect User:ann in Repo:site.owner', '✓ as expected'],
    ['test "owners write"', '✓ owners write\n1 passed, 0 failed'],
    ['// nothing is asked', ''],
    ['   ', ''],
  ])('as in a test, %j: %j', check)

  it('that expects what is not so says why', async () => {
    expect(await last('expect User:bob can write Repo:site')).toBe(`✗ not as expected
error[failed-expectation]: expected \`can\`, got \`cannot\`: not-permitted
 --> question:1:1
  |
1 | expect User:bob can write Repo:site
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  = help: nearest rule \`Repo.write#1\`, without \`User:bob in Repo:site.writer\``)
  })

  it.each([
    [['why can User:bob write Repo:site']],
    [['why not can User:bob write Repo:site?']],
    [['why User:bob can write Repo:site']],
    [['why cannot User:bob write Repo:site']],
    [['can User:bob write Repo:site', 'why']],
    [['can User:bob write Repo:site', 'why not?']],
    [[':trace', 'can User:bob write Repo:site']],
  ])('asked for its reason comes with the proof: %j', async (said) => {
    expect(await last(...said)).toMatch(
      /^no: not permitted\n✗ User:bob can write Repo:site\n├─ ✗ allow write if Repo:site.writer/,
    )
  })
})

describe('what cannot be asked', () => {
  it.each<[string | string[], [string, string, string?]]>([
    [
      'can User:ann wrte Repo:site',
      ['error[unknown-action]: no `allow` can grant `wrte` on `Repo`', 'wrte', 'did you mean `write`?'],
    ],
    [
      'can User:ann change Repo:site',
      ['error[unknown-action]: `change` is a group of actions', 'change', 'ask about `write` or `delete`'],
    ],
    ['can Usr:ann write Repo:site', ['error[unknown-type]: there is no type `Usr`', 'Usr:ann', 'did you mean `User`?']],
    ['can Repo:site write Repo:site', ['error[bad-test]: `Repo` is a resource: only an actor can act', 'Repo:site']],
    [
      'can User:ann via User:bob write Repo:site',
      ['error[bad-test]: an agent is an entity of the type `Agent`', 'User:bob'],
    ],
    ['cann User:ann write Repo:site', ['error[syntax]: `cann` begins no question', 'cann', 'did you mean `can`?']],
    ['wat can User:ann do on Repo:site', ['error[syntax]: `wat` begins no question', 'wat', 'did you mean `what`?']],
    [
      'can ann write Repo:site',
      [
        'error[syntax]: `ann` is neither an actor nor an action on `write`',
        'ann',
        'an actor is written with its type, such as `User:ann`',
      ],
    ],
    ['can User:ann', ['error[syntax]: an action is missing after `User:ann`', 'User:ann']],
    [
      'can User:ann write',
      [
        'error[syntax]: `write` needs something to act on',
        'write',
        'an entity such as `Doc:1`, or a tool and `on` its server',
      ],
    ],
    [
      'can User:ann write site',
      [
        'error[syntax]: `site` is neither an entity nor an item of a server',
        'site',
        'write `site on s` for an item of the server `s`, `Type:id` for an entity',
      ],
    ],
    ['can User:ann call search on', ['error[syntax]: the server is missing', 'on']],
    ['can User:ann call search on github', ['error[unknown-server]: no block declares the server `github`', 'github']],
    [
      'what can User:ann do on github',
      ['error[unknown-server]: no block declares the server `github`', 'github', 'an entity is written `Type:id`'],
    ],
    ['as bob', ['error[syntax]: only an entity can ask here', 'bob', 'write one such as `User:ann`, or `anonymous`']],
    [
      'as User:ann with { scope: ["x"] }',
      ['error[bad-test]: `token` has no `scope`', '{ scope: ["x"] }', 'did you mean `scopes`?'],
    ],
    [
      'allow read on Repo',
      [
        'error[syntax]: `allow` belongs into a policy',
        'allow',
        'rules are changed in its file; facts can be given here',
      ],
    ],
    [
      'why User:ann',
      ['error[syntax]: `why` asks about a decision', 'User:ann', 'such as `why User:ann can read Doc:1`'],
    ],
    ['why', ['error[bad-test]: nothing was asked yet', 'why', 'such as `why can User:ann read Doc:1`']],
    [
      'can write Repo:site',
      [
        'error[bad-test]: nobody asks',
        'can write Repo:site',
        'name an actor, as in `can User:ann …`, or say `as User:ann` first',
      ],
    ],
    [
      'actor.email',
      [
        'error[not-available-here]: `actor` does not exist here: name who is meant, such as `User:ann in Doc:1.viewer`',
        'actor',
      ],
    ],
    [
      ['as User:ann', 'actor.trusted'],
      ['error[unknown-field]: `User` has no `trusted`', 'trusted', 'it has `email`, `manager`'],
    ],
    ['User:ann.emial', ['error[unknown-field]: `User` has no `emial`', 'emial', 'did you mean `email`?']],
    [
      'User:bob in engineer',
      [
        'error[request-bound]: `engineer` depends on this request, so it says nothing of anyone else',
        'User:bob in engineer',
        'a role that looks at `token`, `session` or a fact to obtain can only be asked of the actor',
      ],
    ],
    [
      'given Repo:site { privat: true }',
      ['error[unknown-field]: `Repo` has no field `privat`', 'Repo:site', 'did you mean `private`?'],
    ],
    [
      'given Repo:site { private: false }',
      [
        'error[conflicting-fact]: `private` has another value',
        'given Repo:site { private: false }',
        'facts are only added: change the file that says so, or `:undo` what was given here',
      ],
    ],
    ['given token { groups: "x" }', ['error[bad-test]: `token.groups`: expected a list', '{ groups: "x" }']],
    [
      'test "owners writ"',
      ['error[bad-test]: there is no test `owners writ`', '"owners writ"', 'did you mean `owners write`?'],
    ],
    ['given Repo:x {', ['error[syntax]: this `{` is never closed', '{']],
    ['can User:ann write Repo:site and more', ['error[syntax]: unexpected `and`', 'and']],
  ])('%j: %j', wrong)

  it.each([
    ['an expression too deep', `${'('.repeat(5000)}1${')'.repeat(5000)}`],
    ['one too long', `1${' + 1'.repeat(20_000)}`],
    ['nothing but brackets', '{'.repeat(100_000)],
    ['control characters', '\u0000\u001b[31m\u009b'],
    ['half a surrogate pair', 'User:"\ud800"'],
    ['a name of a prototype', 'given token { __proto__: 1 } constructor.prototype'],
  ])('%s is an answer as well', async (_, text) => {
    const answer = await last(text)
    expect(answer).toMatch(/^error/)
    expect(answer.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })
})

describe('what is given', () => {
  it.each<[string[], string]>([
    [
      ['can User:bob write Repo:site', 'given Repo:site { writer: User:bob }'],
      'noted\nnow yes: User:bob can write Repo:site (no before)',
    ],
    [
      ['given Repo:site {\n  writer: User:bob\n}', 'can User:bob write Repo:site', ':undo'],
      'taken back: given Repo:site { writer: User:bob }\nnow no: User:bob can write Repo:site (yes before)',
    ],
    [
      ['as User:ann', ':undo', 'can write Repo:site'],
      `error[bad-test]: nobody asks
 --> question:1:1
  |
1 | can write Repo:site
  | ^^^^^^^^^^^^^^^^^^^
  = help: name an actor, as in \`can User:ann …\`, or say \`as User:ann\` first`,
    ],
    [[':undo'], 'there is nothing to take back'],
    [['given Repo:new { private: false }', 'can User:zoe read Repo:new'], 'yes: granted by Repo.read#1'],
    [
      ['given Repo:x { owner: [User:ann, User:ann] } given Repo:site { private: false }', 'User:ann in Repo:x.owner'],
      'error: nothing is known of `Repo:x`',
    ],
    [['given User:"a\\u{1b}b" { email: "\\{x}\\n" }', ':facts User:"a\\u{1b}b"'], 'no facts'],
    [
      [':facts Repo'],
      'given Repo:"acme/docs" { private: false }\ngiven Repo:site { private: true, tags: ["a", "b"], owner: User:ann, reader: Group:core }',
    ],
    [[':facts User:bob'], 'given User:bob in Group:core { email: "bob@acme.dev" }'],
    [[':facts Rep'], 'the policy declares no type `Rep`\n  did you mean `Repo`?'],
  ])('%j: %j', check)
})

describe('a command', () => {
  it.each<[string | string[], string]>([
    [':nope', 'there is no command `:nope`\n  `:help` shows all of them'],
    ['help', '`help` is no question\n  write `:help`'],
    ['exit', '`exit` is no question\n  write `:quit`'],
    [':relod', 'there is no command `:relod`\n  did you mean `:reload`?'],
    [':constructor', 'there is no command `:constructor`\n  `:help` shows all of them'],
    [':undo 2', '`:undo` takes nothing'],
    [':trace perhaps', '`:trace` takes `on` or `off`'],
    [':trace off', 'trace is off'],
    [':watch', 'nothing is watched here\n  `:reload` reads the files again'],
    [':save', 'to which file?\n  `:save session.licet`'],
    [':save x.licet', 'there is nothing to save\n  ask something first'],
    [':load', 'which file?\n  `:load facts.licet`, or `:load -p policy.licet`'],
  ])('%j: %j', check)

  it('`:time` tells how long an answer took', async () => {
    expect(await last(':time on', '1 + 1')).toMatch(/^2\n\(\d+\.\d ms\)$/)
  })

  it('`:compile` shows or writes the module of `licet compile`', async () => {
    const { say, files } = sessionOn({ 'policy.licet': policy })
    expect(await say(':compile')).toContain("from 'licet/runtime'")
    expect(await say(':compile p.mjs')).toBe('written: p.mjs\n')
    expect(files['p.mjs']).toContain("from 'licet/runtime'")
    expect(await say(':compile p.mjs')).toBe('`p.mjs` cannot be written: it exists\n')
  })

  it('`:load` adds the facts of a file, all or none, or takes another policy', async () => {
    const { say } = sessionOn({
      'policy.licet': policy,
      'facts.licet': facts,
      'more.licet': 'given Repo:site { writer: User:bob }',
      'bad.licet': 'given Repo:new { private: true } given Repo:site { private: false }',
    })
    await say('can User:bob write Repo:site')
    expect(await say(':load more.licet')).toBe('noted\nnow yes: User:bob can write Repo:site (no before)\n')
    expect(await say(':load bad.licet')).toBe('`private` has another value\n')
    expect(await say(':facts Repo:new')).toBe('no facts\n')
    expect(await say('can User:bob write Repo:site')).toBe('yes: granted by Repo.write#1\n')
    expect(await say(':undo')).toContain('taken back: :load more.licet\nnow no: ')
  })

  it('`:reload` tells which tests and which decisions changed', async () => {
    const { say, files } = sessionOn({ 'policy.licet': policy, 'facts.licet': facts })
    await say('can User:ann write Repo:site')
    await say('can User:ann read Repo:site')
    await say('given Repo:site { writer: User:bob }')
    expect(await say(':reload')).toBe('loaded\n1 passed, 1 failed\n')
    files['policy.licet'] = policy
      .replace('allow write if writer', 'allow write if writer and false')
      .replace('role writer: User | Group', 'role writer: Group')
    expect(await say(':reload')).toMatch(
      /^loaded\n✗ owners write \(passed before\)\n✓ nobody writes \(failed before\)\n1 passed, 1 failed\nno longer allowed: .*\nnow no: User:ann can write Repo:site \(yes before\)\n[\s\S]*error\[failed-expectation\]/,
    )
    files['policy.licet'] = 'actor {'
    expect(await say(':reload')).toMatch(/^error\[syntax\]/)
    expect(await say('can User:ann read Repo:site')).toBe('yes: granted by Repo.read#1\n')
  })

  it('`:save` writes what was given and asked as tests that pass beside the files', async () => {
    const { say, files } = sessionOn({ 'policy.licet': policy, 'facts.licet': facts })
    for (const text of [
      'can User:ann write Repo:site',
      'can User:bob via Agent:bot read Repo:"acme/docs"',
      'can User:ann with { groups: ["engineering"], tenant: "a\\{b" } deploy Repo:site',
      'given now datetime("2027-01-01T00:00:00Z") given Repo:new { private: true, owner: User:bob, tags: ["\\{x}", "\\u{7}"] }',
      'can User:bob read Repo:new',
      'given approvals [User:"a] } //"]',
      'can User:bob read Repo:new',
    ])
      expect(await say(text)).not.toContain('error')
    expect(await say(':save s.licet')).toContain('written: s.licet')
    const cwd = folder({ 'p.licet': policy, 'f.licet': facts, 's.licet': files['s.licet'] ?? '' })
    const { out, err } = await licet(['test', 'p.licet', 'f.licet', 's.licet'], { cwd })
    expect(err).toBe('')
    expect(out).toContain('✓ session, 1\n✓ session, 2\n✓ session, 3\n✓ session, 4\n')
  })

  it('`:help` names every command, and `:quit` ends', async () => {
    const { session, say } = sessionOn({ 'policy.licet': policy })
    expect(await say(':help')).toMatch(/^ *:quit +end the session$/m)
    expect(session.ended()).toBe(false)
    await say(':quit')
    expect(session.ended()).toBe(true)
  })
})

describe('of a server', () => {
  const files = Object.fromEntries(
    [...starterFiles()].filter(([name]) => /\.licet$|\.lock\.json$/.test(name) && name !== 'tests.licet'),
  )
  it.each([
    ['can User:ann call read_text_file { path: "shared/notes.md" } on files', /^(?:yes|no): /],
    ['what can User:ann do on files', /^tool \w+\n/],
    ['who can call read_text_file { path: "shared/notes.md" } on files', /User:ann/],
    [
      'why not can anonymous call read_text_file { path: "x" } on files',
      /^no: [\s\S]*✗ anonymous can call read_text_file on files/,
    ],
    [
      'can User:ann call read_text_fil { path: "x" } on files',
      /has no tool `read_text_fil`[\s\S]*did you mean `read_text_file`\?/,
    ],
    ['can User:ann call read_text_file { pat: "x" } on files', /has no argument `pat`[\s\S]*did you mean `path`\?/],
    ['can User:ann call read_text_file { path: 1 } on files', /error\[type-mismatch\]: `path`/],
    ['can User:ann read "nothing" on files', /error\[bad-test\]: `nothing` is no URI/],
  ])('%j is answered', async (text, answer) => {
    expect(await sessionOn(files).say(text)).toMatch(answer)
  })
})
