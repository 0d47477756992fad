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
