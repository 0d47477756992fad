import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codes } from '../../src/index.ts'
import { folder } from '../node/folder.ts'
import { licet } from './command-line.ts'

const good = 'actor User\nresource Doc {\n  role owner: User\n  allow read if owner\n}\n'
const wrong = 'actor User\nresource Doc {\n  role owner: User\n  allow read if ownr\n}\n'
const warned = 'actor User\nserver files { allow call read if actor is User }\n'

function check(files: Readonly<Record<string, string | Uint8Array>>, ...argv: string[]) {
  return licet(['check', ...argv], { cwd: folder(files) })
}

describe('check', () => {
  it.each([
    ['a policy without errors', { 'p.licet': good }, ['p.licet'], 0, '1 file: 0 errors\n', ''],
    [
      'warnings, which do not fail',
      { 'p.licet': warned },
      ['p.licet'],
      0,
      '1 file: 1 warning\n',
      'warning[unlocked-server]',
    ],
    ['an error', { 'p.licet': wrong }, ['p.licet'], 1, '', '1 file: 1 error\n'],
    [
      'several files as one program',
      { 'a.licet': 'actor User', 'b.licet': good.replace('actor User', '') },
      ['a.licet', 'b.licet'],
      0,
      '2 files',
      '',
    ],
    ['a missing file', {}, ['p.licet'], 1, '', '`p.licet` was not found'],
    ['a folder', { 'p/q.licet': good }, ['p'], 1, '', 'name the files in it, such as `p/*.licet`'],
    [
      'a binary file',
      { 'p.licet': new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 0xff]) },
      ['p.licet'],
      1,
      '',
      'is not UTF-8 text',
    ],
    ['nesting 100,000 deep', { 'p.licet': `let x = ${'('.repeat(100_000)}` }, ['p.licet'], 1, '', 'error['],
  ])('of %s', async (_, files, argv, code, out, err) => {
    const ran = await check(files, ...argv)
    expect(ran.code).toBe(code)
    expect(ran.out).toContain(out)
    expect(ran.err).toContain(err)
    expect(ran.err).not.toMatch(/^\s+at /m)
  })

  it('shows the line, a caret and what was meant', async () => {
    const { err } = await check({ 'p.licet': wrong }, 'p.licet')
    expect(err).toContain('--> p.licet:4:17')
    expect(err).toContain('4 |   allow read if ownr\n  |                 ^^^^\n  = help: did you mean `owner`?')
  })

  it('reads standard input, its imports from the working directory', async () => {
    const cwd = folder({ 'people.licet': 'actor User' })
    const stdin = `import "./people.licet"\n${good.replace('actor User', '')}`
    expect(await licet(['check', '-'], { cwd, stdin })).toMatchObject({ code: 0, err: '' })
    expect(await licet(['check', '-'], { cwd, stdin: wrong })).toMatchObject({
      code: 1,
      err: expect.stringContaining('--> <stdin>:4:17'),
    })
    expect(await licet(['check', '-', '-'], { cwd, stdin })).toMatchObject({ code: 2 })
  })

  it('has colours only where they are wanted', async () => {
    const cwd = folder({ 'p.licet': wrong })
    expect((await licet(['check', 'p.licet'], { cwd, color: true })).err).toContain('\u001b[')
    expect((await licet(['check', 'p.licet'], { cwd })).err).not.toContain('\u001b[')
  })
})

describe('check --json', () => {
  it('prints the diagnostics with lines and columns, and nothing else', async () => {
    const { code, out, err } = await check({ 'p.licet': wrong }, '--json', 'p.licet')
    expect(code).toBe(1)
    expect(err).toBe('')
    expect(JSON.parse(out)).toEqual({
      files: ['p.licet'],
      diagnostics: [
        {
          code: 'unknown-name',
          severity: 'error',
          message: expect.stringContaining('ownr'),
          file: 'p.licet',
          start: { line: 4, column: 17 },
          end: { line: 4, column: 21 },
          help: 'did you mean `owner`?',
          fix: { edits: [expect.objectContaining({ text: 'owner' })] },
        },
      ],
    })
  })
})

describe('check --sarif', () => {
  it('prints a log of SARIF 2.1.0', async () => {
    const { code, out } = await check({ 'my policy.licet': wrong }, '--sarif', 'my policy.licet')
    expect(code).toBe(1)
    const log = JSON.parse(out)
    expect(log).toMatchObject({
      $schema: expect.stringContaining('sarif-2.1.0'),
      version: '2.1.0',
      runs: [{ columnKind: 'utf16CodeUnits' }],
    })
    const [run] = log.runs
    expect(run.tool.driver).toMatchObject({ name: 'licet', rules: expect.any(Array) })
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(codes.map(({ code }) => code))
    for (const { help } of run.tool.driver.rules) {
      const [page = 'no page'] = /docs\/diagnostics\/[a-z-]+\.md/.exec(help.text) ?? []
      expect(existsSync(new URL(`../../${page}`, import.meta.url)), page).toBe(true)
    }
    const [result] = run.results
    expect(result).toMatchObject({
      ruleId: 'unknown-name',
      level: 'error',
      message: { text: expect.stringContaining('did you mean `owner`?') },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'my%20policy.licet' },
            region: { startLine: 4, startColumn: 17, endLine: 4, endColumn: 21 },
          },
        },
      ],
    })
    expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId)
  })

  it('is a log, too, where nothing is wrong or nothing can be read', async () => {
    expect(JSON.parse((await check({ 'p.licet': good }, '--sarif', 'p.licet')).out).runs[0].results).toEqual([])
    const { code, out } = await check({}, '--sarif', 'p.licet')
    expect(code).toBe(1)
    expect(JSON.parse(out).runs[0].results).toMatchObject([
      { ruleId: 'missing-file', locations: [{ physicalLocation: { region: { startLine: 1, startColumn: 1 } } }] },
    ])
  })

  it('shows the other places that explain a diagnostic', async () => {
    const { out } = await check({ 'p.licet': 'actor User\nactor User\n' }, '--sarif', 'p.licet')
    expect(JSON.parse(out).runs[0].results[0].relatedLocations).toMatchObject([
      { id: 0, message: { text: expect.any(String) }, physicalLocation: { region: { startLine: 1 } } },
    ])
  })

  it('and --json exclude each other', async () => {
    expect(await check({ 'p.licet': good }, '--sarif', '--json', 'p.licet')).toMatchObject({ code: 2, out: '' })
  })
})

it('a policy outside the working directory keeps a name that leads to it', async () => {
  const cwd = folder({ 'p.licet': wrong })
  const { err } = await licet(['check', join(cwd, 'p.licet')], { cwd: '/' })
  expect(err).toMatch(/--> \S*p\.licet:4:17/)
})

describe('check --fix', () => {
  const files = {
    'p.licet': 'import "./people.licet"\nresource Doc {\n  role owner: Usr\n  allow read if ownr && size\n}\n',
    'people.licet': "actor User\nlet a = 'x'\n",
  }

  it('changes the files, says what it has changed, and reports what is left', async () => {
    const cwd = folder(files)
    const { code, out, err } = await licet(['check', '--fix', 'p.licet'], { cwd })
    expect(code).toBe(1)
    expect(readFileSync(join(cwd, 'p.licet'), 'utf8')).toBe(
      'import "./people.licet"\nresource Doc {\n  role owner: User\n  allow read if owner and size\n}\n',
    )
    expect(out).toContain('fixed p.licet:4:22 syntax: `&&` is not an operator\n')
    expect(out).toContain('fixed p.licet:3:15 unknown-type: there is no type `Usr`\n')
    expect(out).toContain('fixed people.licet:2:9 syntax: strings stand in double quotes\n')
    expect(err).toContain('nothing is named `size` here')
    expect(await licet(['check', '--fix', 'p.licet'], { cwd })).toMatchObject({ code: 1, out: '' })
  })

  it('prints what it has fixed as JSON', async () => {
    const { out } = await check(files, '--fix', '--json', 'p.licet')
    expect(JSON.parse(out).fixed).toContainEqual({
      code: 'unknown-type',
      message: 'there is no type `Usr`',
      file: 'p.licet',
      start: { line: 3, column: 15 },
      end: { line: 3, column: 18 },
    })
  })

  it('offers fixes as JSON and as SARIF where it is not asked to apply them', async () => {
    const json = JSON.parse((await check({ 'p.licet': wrong }, '--json', 'p.licet')).out)
    expect(json.diagnostics[0].fix).toEqual({
      edits: [{ file: 'p.licet', start: { line: 4, column: 17 }, end: { line: 4, column: 21 }, text: 'owner' }],
    })
    const log = JSON.parse((await check({ 'p.licet': wrong }, '--sarif', 'p.licet')).out)
    expect(log.runs[0].results[0].fixes).toEqual([
      {
        description: { text: 'did you mean `owner`?' },
        artifactChanges: [
          {
            artifactLocation: { uri: 'p.licet' },
            replacements: [
              {
                deletedRegion: { startLine: 4, startColumn: 17, endLine: 4, endColumn: 21 },
                insertedContent: { text: 'owner' },
              },
            ],
          },
        ],
      },
    ])
  })

  it('refuses standard input, which is no file', async () => {
    expect(await check({}, '--fix', '-')).toMatchObject({ code: 2 })
  })
})
