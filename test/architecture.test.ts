import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/** What each folder of src/ may import, besides itself. `docs/architecture.md` gives the reasons. */
const layers: Readonly<Record<string, readonly string[]>> = {
  base: [],
  syntax: ['base'],
  mutate: ['base', 'syntax'],
  ir: ['base'],
  value: ['base', 'ir'],
  facts: ['base', 'ir', 'value'],
  lock: ['base', 'ir'],
  model: ['base', 'syntax', 'ir', 'value', 'lock'],
  assist: ['base', 'syntax', 'ir', 'lock', 'model'],
  lower: ['base', 'syntax', 'ir', 'facts', 'lock', 'model'],
  runtime: ['base', 'ir', 'value', 'facts'],
  machine: ['base', 'ir', 'value', 'facts', 'runtime'],
  precompiled: ['base', 'ir', 'value', 'facts', 'runtime', 'machine'],
  compile: ['base', 'ir', 'value', 'facts', 'runtime', 'machine'],
  query: ['base', 'ir', 'value', 'facts', 'runtime'],
  explain: ['base', 'ir', 'value', 'facts', 'runtime'],
}

/** What every surface may import, besides its own folder; `index.ts` and its like are the files at the top of src/. */
const surfacesMayImport = ['*.ts', 'base/', 'lock/', 'runtime/index.ts', 'surfaces/node/']

/**
 * The importers are a surface each, `import/openfga/` and its like. They write policies, so they see the tree and its printer, and
 * they share the files beside their folders, which say how a source is read and what comes of it; so does the command line.
 */
const importersMayImport = ['syntax/', 'surfaces/import/*.ts']
/** The interactive session is a room of its own, and no entry point: it has no user but the command line. */
const commandLineMayImport = ['surfaces/import/*.ts', 'surfaces/repl/']

/** What gives what stands in the conditions of a program. */
const picturesMayImport = ['ir/walk.ts', 'ir/expr.ts']

/** Which scopes a policy asks for stands in its conditions. */
const claimsMayImport = ['ir/walk.ts', 'ir/expr.ts']

/** An entry point in a folder, which imports as the files at the top of src/ do. */
const facades = ['runtime/index.ts']

/** Packages that only one place imports, or these. A place is a file or a folder of src/. */
const confined: Readonly<Record<string, string | readonly string[]>> = {
  chevrotain: 'syntax/chevrotain.ts',
  re2js: 'base/re2.ts',
  // Guards and the gateway meet the SDKs by the form of their types and messages only.
  '@modelcontextprotocol/sdk': [],
  '@opentelemetry/api': 'surfaces/mcp/audit/telemetry.ts',
  '@modelcontextprotocol/server': [],
  '@modelcontextprotocol/client': [],
  '@cedar-policy/cedar-wasm': 'surfaces/import/cedar/',
  '@openfga/syntax-transformer': 'surfaces/import/openfga/',
  '@marcbachmann/cel-js': 'surfaces/import/openfga/',
  yaml: 'surfaces/import/openfga/',
  'better-sqlite3': ['surfaces/mcp/stores/sqlite-approvals.ts', 'surfaces/cli/key-store.ts'],
  jose: 'surfaces/claims/verify/',
  'vscode-languageserver-protocol': 'surfaces/lsp/',
}

/** What an entry point must never reach, however indirectly. */
const unreachable: Readonly<Record<string, readonly string[]>> = {
  'runtime/index.ts': ['chevrotain', 'zod', 'ajv', 're2js'],
}

/** What an entry point must never load: a precompiled policy shares no evaluator with the interpreter. */
const unloaded: Readonly<Record<string, readonly string[]>> = {
  'runtime/index.ts': [
    'runtime/regexes.ts',
    'syntax/',
    'lock/',
    'model/',
    'lower/',
    'compile/',
    'explain/',
    'runtime/interpret.ts',
    'runtime/evaluator.ts',
    'runtime/solve/',
    'runtime/bodies/',
    'runtime/partial/',
  ],
  // Adapters have no dependency but zod; verification is for hosts without Node's modules, too.
  'surfaces/claims/index.ts': [
    'index.ts',
    'surfaces/claims/verify/',
    'surfaces/claims/keys/',
    'surfaces/claims/clients/',
  ],
  'surfaces/claims/verify/index.ts': [
    'index.ts',
    'surfaces/claims/keys/store.ts',
    'surfaces/claims/keys/new-key.ts',
    'surfaces/claims/clients/',
  ],
}

const nameless = ['utils', 'util', 'utilities', 'helpers', 'helper', 'common', 'misc', 'shared', 'lib']
const maxLines = 500

interface SourceFile {
  /** Relative to src/, with forward slashes. */
  readonly path: string
  readonly text: string
  /** Files of src/ that it imports, in any way. */
  readonly files: readonly string[]
  /** Those of them that are loaded with it: no statement of theirs begins with `import type`. */
  readonly loaded: readonly string[]
  /** Packages and Node modules that it imports, in any way; a subpath is cut off. */
  readonly packages: readonly string[]
}

const root = fileURLToPath(new URL('../src', import.meta.url))
const sources = new Map<string, SourceFile>()
for (const entry of existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }) : []) {
  if (!entry.endsWith('.ts')) continue
  const source = read(entry.replaceAll('\\', '/'))
  sources.set(source.path, source)
}

function read(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8')
  const specifiers = specifiersOf(text)
  const relative = (specifier: string) => specifier.startsWith('.')
  const filesOf = (from: readonly string[]) =>
    from.filter(relative).map((specifier) => posix.join(posix.dirname(path), specifier))
  return {
    path,
    text,
    files: filesOf(specifiers),
    loaded: filesOf(specifiersOf(text.replace(/^(?:import|export)\s+type\s+[\w{*]/gm, ''))),
    packages: specifiers.filter((specifier) => !relative(specifier)).map(packageOf),
  }
}

/** Statements stand at the start of a line, which generated code inside a template does not have to. */
function specifiersOf(text: string): string[] {
  const patterns = [
    /^(?:import|export)\s[\w$\s{},*]*?\bfrom\s*(['"])([^'"\n]+)\1/gm,
    /^import\s*(['"])([^'"\n]+)\1/gm,
    /\bimport\(\s*(['"])([^'"\n]+)\1\s*\)/g,
  ]
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[2] ?? ''))
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function matches(path: string, place: string): boolean {
  if (place.endsWith('*.ts')) return path.startsWith(place.slice(0, -4)) && !path.slice(place.length - 4).includes('/')
  return place.endsWith('/') ? path.startsWith(place) : path === place
}

function mayImport(from: string, to: string): boolean {
  const [folder = '', surface = '', importer = ''] = from.includes('/') ? from.split('/') : []
  if (folder === '' || facades.includes(from)) return !to.startsWith('surfaces/')
  if (folder === 'surfaces') {
    const own = surface === 'import' ? `surfaces/import/${importer}/` : `surfaces/${surface}/`
    const more =
      { import: importersMayImport, cli: commandLineMayImport, claims: claimsMayImport, pictures: picturesMayImport }[
        surface
      ] ?? []
    return [...surfacesMayImport, ...more, own].some((place) => matches(to, place))
  }
  return [folder, ...(layers[folder] ?? [])].some((place) => matches(to, `${place}/`))
}

function violations(check: (source: SourceFile) => readonly string[]): string[] {
  return [...sources.values()].flatMap((source) => check(source).map((problem) => `${source.path}: ${problem}`))
}

/** The shortest chain of imports from one file to something it must not reach. */
function chain(
  start: string,
  imports: 'files' | 'loaded',
  reaches: (source: SourceFile) => string | undefined,
): string | undefined {
  const seen = new Set([start])
  const queue: string[][] = [[start]]
  for (const path of queue) {
    const source = sources.get(path.at(-1) ?? '')
    if (source === undefined) continue
    const found = reaches(source)
    if (found !== undefined) return [...path, found].join(' → ')
    for (const next of source[imports]) {
      if (seen.has(next)) continue
      seen.add(next)
      queue.push([...path, next])
    }
  }
  return undefined
}

describe('imports', () => {
  it('name files that exist, so that nothing escapes this test', () => {
    expect(violations(({ files }) => files.filter((file) => !sources.has(file)))).toEqual([])
  })

  it('start from a folder that has a layer', () => {
    const known = [...Object.keys(layers), 'surfaces']
    const stray = ({ path }: SourceFile) => path.includes('/') && !known.some((folder) => path.startsWith(`${folder}/`))
    expect(violations((source) => (stray(source) ? ['is in a folder without a layer'] : []))).toEqual([])
  })

  it('go only to the layers that their folder may see', () => {
    expect(violations(({ path, files }) => files.filter((file) => !mayImport(path, file)))).toEqual([])
  })

  // Types may refer to each other: the layers keep that within one folder, and nothing is loaded out of order.
  it('form no cycle of values', () => {
    const cycle = ({ path, loaded }: SourceFile) =>
      loaded
        .map((file) => chain(file, 'loaded', (source) => (source.loaded.includes(path) ? path : undefined)))
        .filter((found) => found !== undefined)
    expect(violations(cycle)).toEqual([])
  })

  it('keep Node modules out of everything below the surfaces', () => {
    const node = ({ path, packages }: SourceFile) =>
      path.startsWith('surfaces/') ? [] : packages.filter((name) => name.startsWith('node:'))
    expect(violations(node)).toEqual([])
  })

  it.each(Object.entries(confined))('of %s come only from %s', (name, place) => {
    const outside = ({ path, packages }: SourceFile) =>
      packages.includes(name) && ![place].flat().some((one) => matches(path, one)) ? [`imports ${name}`] : []
    expect(violations(outside)).toEqual([])
  })

  it.each(Object.entries(unreachable))('of %s never reach %j', (entry, names) => {
    const reached = chain(entry, 'files', ({ packages }) => packages.find((name) => names.includes(name)))
    expect(reached).toBeUndefined()
  })

  it.each(Object.entries(unloaded))('of %s never load %j', (entry, places) => {
    expect(sources.has(entry)).toBe(true)
    const found = ({ path }: SourceFile) => places.find((place) => matches(path, place))
    expect(chain(entry, 'loaded', found)).toBeUndefined()
  })
})

describe('files', () => {
  it('export by name, never everything', () => {
    const stars = ({ text }: SourceFile) => text.match(/^export\s*\*.*$/gm) ?? []
    expect(violations(stars)).toEqual([])
  })

  it('have a name that says what they hold', () => {
    const vague = ({ path }: SourceFile) => path.split('/').filter((part) => nameless.includes(basename(part, '.ts')))
    expect(violations(vague)).toEqual([])
  })

  it(`stay within ${maxLines} lines, or say why in a header comment`, () => {
    const lines = ({ text }: SourceFile) => text.trimEnd().split('\n').length
    const excused = ({ text }: SourceFile) => text.split('\n', 20).some((line) => /^(?:\/\/| \*) size: \S/.test(line))
    const sizes = [...sources.values()].map(lines).sort((a, b) => a - b)
    const quantile = (share: number) => sizes[Math.ceil(share * sizes.length) - 1] ?? 0
    console.log(
      `${sizes.length} files; lines: median ${quantile(0.5)}, nine in ten ${quantile(0.9)}, most ${quantile(1)}`,
    )

    const tooLong = (source: SourceFile) =>
      lines(source) > maxLines && !excused(source) ? [`${lines(source)} lines, without a \`// size:\` comment`] : []
    expect(violations(tooLong)).toEqual([])
  })
})
