import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder } from '../node/folder.ts'
import { licet } from './command-line.ts'

const policy = `actor User { email: string }
resource Repo { role owner: User  allow write if owner }
test "owners write" { given Repo:site { owner: User:ann }  expect User:ann can write Repo:site }
`
const facts = 'given User:ann { email: "a" } given Repo:site { owner: User:ann }\n'
const cwd = folder({ 'p.licet': policy, 'f.licet': facts, 'bad.licet': 'actor' })

function repl(stdin: string, ...more: string[]) {
  return licet(['repl', '-p', 'p.licet', '-f', 'f.licet', ...more], { cwd, stdin })
}

describe('licet repl, piped', () => {
  it.each([
    [
      'answers one question a line',
      'can User:ann write Repo:site?\nwho can write Repo:site\n',
      0,
      'yes: granted by Repo.write#1\nUser:ann\n',
    ],
    [
      'goes on with a block until it is closed',
      'given Repo:new {\n  owner: User:ann\n}\nwhich Repo can User:ann write',
      0,
      'noted\nRepo:new\nRepo:site\n',
    ],
    ['minds neither empty lines nor comments', '\n// nothing\n\r\n1 + 1\r\n', 0, '2\n'],
    ['says no without failing', 'can User:bob write Repo:site\n', 0, 'no: not permitted\n'],
    ['goes on after a mistake, and fails at the end', 'can User:ann wrte Repo:site\n1 + 1', 1, '2\n'],
    ['fails where something expected does not hold', 'expect User:bob can write Repo:site\n', 1, '✗ not as expected\n'],
    ['fails on a block that is never closed', 'given Repo:new {', 1, ''],
    ['ends where it is told to', ':quit\n1 + 1\n', 0, ''],
    ['runs the tests', 'test', 0, '✓ owners write\n1 passed, 0 failed\n'],
    ['asks nothing', '', 0, ''],
  ])('%s', async (_, stdin, code, out) => {
    const ran = await repl(stdin)
    expect(ran).toMatchObject({ code, out })
    expect(ran.err === '').toBe(code === 0)
  })

  it('tells mistakes on standard error, with their place', async () => {
    expect(
      (await repl('can User:ann wrte Repo:site')).err,
    ).toBe(`error[unknown-action]: no \`allow\` can grant \`wrte\` on \`Repo\`
 --> question:1:14
  |
1 | can User:ann wrte Repo:site
  |              ^^^^
  = help: did you mean \`write\`?
`)
  })

  it('answers with one JSON object a question on --json', async () => {
    const questions = [
      'can User:bob write Repo:site',
      'who can write Repo:site?',
      '9007199254740993 + 0',
      'User:ann.emial',
      ':facts User',
      'given User:"\\u{1b}[31m" { email: "\\u{202e}" }',
      ':facts User:"\\u{1b}[31m"',
    ]
    const { out, err, code } = await repl(questions.join('\n'), '--json')
    expect([err, code]).toEqual(['', 1])
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    const answers = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(answers).toMatchObject([
      {
        kind: 'decision',
        question: questions[0],
        request: 'User:bob can write Repo:site',
        allowed: false,
        reason: 'not-permitted',
      },
      { kind: 'who', certain: ['User:ann'], conditional: [], complete: true },
      { kind: 'value', value: '9007199254740993' },
      {
        kind: 'error',
        diagnostics: [{ code: 'unknown-field', help: 'did you mean `email`?', start: { line: 1, column: 10 } }],
      },
      { kind: 'facts', facts: ['given User:ann { email: "a" }'], more: 0 },
      { kind: 'given' },
      { kind: 'facts' },
    ])
  })

  it.each([
    ['no policy', ['repl'], '`--policy` is missing'],
    ['standard input as a policy', ['repl', '-p', '-'], 'standard input (`-`) is for questions'],
    ['a policy with a mistake', ['repl', '-p', 'bad.licet'], 'error[syntax]'],
    ['facts that are not there', ['repl', '-p', 'p.licet', '-f', 'none.licet'], 'error[missing-file]'],
  ])('takes %s for a mistake of whoever calls it', async (_, argv, message) => {
    const { code, out, err } = await licet(argv, { cwd })
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(message)
  })

  it('reads and writes files of its folder', async () => {
    const where = folder({ 'p.licet': policy, 'f.licet': facts, 'more.licet': 'given Repo:new { owner: User:ann }' })
    const stdin =
      ':load more.licet\nwhich Repo can User:ann write\n:compile p.mjs\n:reload\n:load -p none.licet\n:watch'
    const { out, err } = await licet(['repl', '-p', 'p.licet', '-f', 'f.licet'], { cwd: where, stdin })
    expect(out).toBe('noted\nRepo:new\nRepo:site\nwritten: p.mjs\nloaded\n1 passed, 0 failed\n')
    expect(err).toMatch(/^error\[missing-file\][\s\S]*\nnothing is watched here\n/)
    expect(existsSync(join(where, 'p.mjs'))).toBe(true)
  })
})
