import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder } from '../node/folder.ts'
import { licet } from './command-line.ts'

const cwd = folder({
  'policy.licet': 'actor User\nresource Doc {\n  role owner: User\n  allow read if owner\n}\n',
  'facts.licet': 'given Doc:d { owner: User:ann }\n',
  'wrong.licet': 'actor User\nresource Doc { allow read if ownr }',
})
const matrix = ['matrix', '-p', 'policy.licet']
const graph = ['graph', '-p', 'policy.licet']
const explain = ['explain', '-p', 'policy.licet', '--actor', 'User:ann', '--action', 'read', '--resource', 'Doc:d']

describe('pictures on the command line', () => {
  it.each<[readonly string[], string]>([
    [matrix, '  anyone  ✗\n  owner   ✓\n'],
    [[...matrix, '-f', 'facts.licet'], 'who may, of Doc\n         read\n  Doc:d  ✓1\n\n  1   User:ann'],
    [[...matrix, '--json'], '"name": "owner"'],
    [graph, 'resource Doc\n├─ role owner  ← User\n└─ allow read  ← owner\n'],
    [[...graph, '--json'], '"kind": "assigned"'],
    [[...graph, '--mermaid'], 'flowchart LR\n'],
    [[...explain, '--mermaid'], 'flowchart LR\n'],
  ])('%j', async (argv, text) => {
    const { code, out, err } = await licet(argv, { cwd })
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain(text)
  })

  it.each<[readonly string[], string, RegExp]>([
    [[...matrix, '--html', 'm.html'], 'm.html', /^<!doctype html>/],
    [[...graph, '--svg', 'g.svg'], 'g.svg', /^<svg [\s\S]*<\/svg>\n$/],
    [[...explain, '--svg', 'e.svg'], 'e.svg', /^<svg [\s\S]*<\/svg>\n$/],
  ])('%j', async (argv, file, content) => {
    expect(await licet(argv, { cwd })).toEqual({ code: 0, out: `wrote ${file}\n`, err: '' })
    expect(readFileSync(join(cwd, file), 'utf8')).toMatch(content)
  })

  it.each<[readonly string[], number, string]>([
    [['matrix'], 2, '`--policy` is missing'],
    [['graph'], 2, '`--policy` is missing'],
    [['matrix', '-p', 'wrong.licet'], 1, 'unknown-name'],
    [['graph', '-p', 'wrong.licet'], 1, 'unknown-name'],
    [[...graph, '--svg', 'no/such/folder.svg'], 1, 'cannot write'],
  ])('%j is exit code %i', async (argv, code, text) => {
    const ran = await licet(argv, { cwd })
    expect({ code: ran.code, out: ran.out }).toEqual({ code, out: '' })
    expect(ran.err).toContain(text)
  })

  it('are in colour on a terminal only', async () => {
    expect((await licet(matrix, { cwd })).out).not.toContain('\u001b')
    expect((await licet(matrix, { cwd, color: true })).out).toContain('\u001b[32m✓')
  })
})

describe('what is shown steers no terminal and reorders no text', () => {
  const hostile = '\u001b]0;owned\u0007\u009b31m\u202e\u2028\u{e0041}'
  const at = folder({
    'policy.licet': `actor User
resource Doc {
  title: string
  role owner: User
  /// ${hostile}
  allow read if owner or resource.title == "${hostile}"
  allow write if owner
}
test "${hostile}" { expect User:ann can read Doc:d }
`,
    'facts.licet': `given Doc:"d${hostile}" { title: "${hostile}", owner: User:"ann${hostile}" }\n`,
  })
  const common = ['-p', 'policy.licet', '-f', 'facts.licet']
  const asking = [...common, '--actor', `User:ann${hostile}`, '--resource', `Doc:d${hostile}`]
  it.each<readonly string[]>(
    [
      ['authorize', ...asking, '--action', 'read'],
      ['explain', ...asking, '--action', 'read'],
      ['explain', ...common, '--actor', 'User:bob', '--action', 'write', '--resource', `Doc:d${hostile}`],
      ['matrix', ...common],
      ['graph', '-p', 'policy.licet'],
      ['test', 'policy.licet', '--coverage', '--mutate'],
      ['check', 'policy.licet'],
    ].flatMap((argv) => [argv, [...argv, '--json']]),
  )('%s', async (...argv) => {
    const { out, err } = await licet(argv, { cwd: at })
    expect(out).not.toBe('')
    expect(`${out}${err}`.replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
    if (argv.at(-1) === '--json') expect(() => JSON.parse(out)).not.toThrow()
  })

  it.each([
    [['matrix', ...common, '--html', 'page']],
    [['explain', ...asking, '--action', 'read', '--svg', 'page']],
    [['graph', '-p', 'policy.licet', '--svg', 'page']],
    [['test', 'policy.licet', '--coverage-html', 'page']],
  ])('%j', async (argv) => {
    await licet(argv, { cwd: at })
    expect(readFileSync(join(at, 'page'), 'utf8').replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
  })
})
