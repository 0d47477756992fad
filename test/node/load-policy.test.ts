import { mkdirSync, symlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadPolicy } from '../../src/surfaces/node/index.ts'
import { folder } from './folder.ts'

const lock = '{ "lock": 1, "server": "files", "tools": [{ "name": "read", "inputSchema": { "type": "object" } }] }'

/** Loads `main.licet`, or what is said, from a new folder; paths of the result are relative to it. */
function load(files: Readonly<Record<string, string | Uint8Array>>, entries: readonly string[] = ['main.licet']) {
  const cwd = folder(files)
  const loaded = loadPolicy(entries, { cwd })
  return {
    loaded,
    found: loaded.diagnostics.map(({ code, message, span, help }) => [code, span.file, message, help]),
    read: loaded.sources.map(({ name }) => name),
    files: loaded.files.map((file) => file.slice(cwd.length + 1)),
  }
}

describe('a policy in files', () => {
  it('brings along what it imports and the locks it names', () => {
    const { loaded, found, files } = load({
      'main.licet':
        'import "./parts/people.licet"\nserver files from "./locks/files.lock.json" { allow call read if actor is User }',
      'parts/people.licet': 'import "../groups.licet"\nactor User in Group',
      'groups.licet': 'resource Group',
      'locks/files.lock.json': lock,
    })
    expect(found).toEqual([])
    expect(loaded.policy?.locks.get('files')?.tools).toHaveLength(1)
    expect(files).toEqual(['main.licet', 'parts/people.licet', 'groups.licet', 'locks/files.lock.json'])
  })

  it.each([
    [
      'that import each other',
      { 'main.licet': 'import "./b.licet"\nactor A', 'b.licet': 'import "./main.licet"\nactor B' },
    ],
    ['that import themselves', { 'main.licet': 'import "./main.licet"\nactor A' }],
    [
      'named twice in different ways',
      { 'main.licet': 'import "./b.licet"\nimport "./b.licet"\nactor A', 'b.licet': 'actor B' },
    ],
    [
      'with a comment inside an import',
      { 'main.licet': 'import // here\n  "./b.licet"\nactor A', 'b.licet': 'actor B' },
    ],
  ])('may consist of files %s', (_, files) => {
    expect(load(files).found.filter(([code]) => code !== 'unused-import')).toEqual([])
  })

  it('holds a file once, whatever links lead to it', () => {
    const cwd = folder({
      'main.licet':
        'import "./link.licet"\nimport "./people.licet"\nserver files from "./link.lock.json" { allow call read if actor is User }',
      'people.licet': 'actor User',
      'files.lock.json': lock,
    })
    symlinkSync(join(cwd, 'people.licet'), join(cwd, 'link.licet'))
    symlinkSync(join(cwd, 'files.lock.json'), join(cwd, 'link.lock.json'))
    const { diagnostics, sources } = loadPolicy(['main.licet', 'link.licet'], { cwd })
    expect(diagnostics).toEqual([])
    expect(sources.map(({ name }) => name)).toEqual(['main.licet', 'people.licet', 'files.lock.json'])
  })

  it('may lie beside or above the working directory', () => {
    const cwd = folder({ 'a/b/c/.keep': '', 'a/main.licet': 'import "../x.licet"\nactor A', 'x.licet': 'actor X' })
    expect(loadPolicy('../../main.licet', { cwd: join(cwd, 'a/b/c') }).diagnostics).toEqual([])
  })

  it('does not follow what comments and strings only mention', () => {
    const { files } = load({
      'main.licet': '// import "./b.licet"\n/// import "./c.licet"\nactor A\nlet t = "import \\"./d.licet\\""',
    })
    expect(files).toEqual(['main.licet'])
  })

  it('may be a text that is in no file', () => {
    const cwd = folder({ 'b.licet': 'actor B' })
    const { diagnostics, policy } = loadPolicy({ name: '<stdin>', text: 'import "./b.licet"\nactor A' }, { cwd })
    expect(diagnostics).toEqual([])
    expect(policy?.program.types.map(({ name }) => name).sort()).toEqual(['A', 'B'])
  })
})

describe('a file that cannot be read is a diagnostic', () => {
  const invalid = new Uint8Array([0x61, 0xff, 0xfe])

  it.each([
    ['missing', {}, 'missing-file', '`main.licet` was not found', undefined],
    ['misspelt', { 'mian.licet': '' }, 'missing-file', '`main.licet` was not found', 'did you mean `mian.licet`?'],
    ['not UTF-8', { 'main.licet': invalid }, 'missing-file', '`main.licet` is not UTF-8 text', undefined],
    ['binary', { 'main.licet': 'actor\0User' }, 'missing-file', '`main.licet` is not a text file', undefined],
  ])('as an entry: %s', (_, files, code, message, help) => {
    const { loaded, found } = load(files)
    expect(loaded.policy).toBeUndefined()
    expect(found).toEqual([[code, 'main.licet', message, help]])
  })

  it('as a lock file, which is no policy', () => {
    expect(load({ 'files.lock.json': lock }, ['files.lock.json']).found).toEqual([
      ['bad-lock', 'files.lock.json', '`files.lock.json` is no policy', 'name the policies that use it'],
    ])
  })

  it('as a folder', () => {
    const cwd = folder()
    mkdirSync(join(cwd, 'policy'))
    expect(loadPolicy('policy', { cwd }).diagnostics).toMatchObject([
      {
        code: 'missing-file',
        message: '`policy` is a directory',
        help: 'name the files in it, such as `policy/*.licet`',
      },
    ])
  })

  it('as a file past 16 MiB, without reading it', () => {
    const cwd = folder({ 'main.licet': '' })
    truncateSync(join(cwd, 'main.licet'), 2 ** 40)
    expect(loadPolicy('main.licet', { cwd }).diagnostics).toMatchObject([
      { code: 'too-large', message: '`main.licet` is larger than 16 MiB' },
    ])
  })

  it.each([
    ['missing', {}, 'missing-file', '`./b.licet` was not found'],
    ['not UTF-8', { 'b.licet': invalid }, 'missing-file', '`./b.licet` is not UTF-8 text'],
    ['a folder', { 'b.licet/x': '' }, 'missing-file', '`./b.licet` is a directory'],
  ])('as an import, where it is imported: %s', (_, files, code, message) => {
    const { loaded } = load({ 'main.licet': 'actor A\nimport "./b.licet"', ...files })
    expect(loaded.policy).toBeUndefined()
    expect(loaded.diagnostics).toMatchObject([{ code, message, span: { file: 'main.licet', start: 15, end: 26 } }])
  })
})
