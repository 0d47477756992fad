import { existsSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { findLicet } from '../../editors/vscode/src/find-licet.ts'

const folder = fileURLToPath(new URL('../../editors/vscode', import.meta.url))
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

describe('the extension', () => {
  it('bundles to one file that needs the editor and Node alone, and is the one that is started', async () => {
    const { metafile } = await build({
      bundle: true,
      entryPoints: [join(folder, 'src/extension.ts')],
      external: ['vscode'],
      format: 'cjs',
      metafile: true,
      outfile: join(folder, 'dist/extension.cjs'),
      platform: 'node',
      write: false,
    })
    const [[name, output] = []] = Object.entries(metafile.outputs)
    expect(join(folder, manifest.main).endsWith(`${name?.split('/').join(sep)}`)).toBe(true)
    const outside = (output?.imports ?? [])
      .map(({ path }) => path)
      .filter((path) => path !== 'vscode' && !path.startsWith('node:'))
    const { builtinModules } = await import('node:module')
    expect(outside.filter((path) => !builtinModules.includes(path))).toEqual([])
    expect(output?.exports ?? []).toEqual([])
  })

  it('packs what it contributes, and nothing that only builds it', () => {
    const { contributes, files } = manifest
    const named: readonly string[] = [
      ...contributes.languages.map((one: { configuration: string }) => one.configuration),
      ...contributes.grammars.map((one: { path: string }) => one.path),
    ]
    for (const path of named) {
      expect(existsSync(join(folder, path)), path).toBe(true)
      expect(
        files.some((file: string) => path.replace('./', '').startsWith(file)),
        path,
      ).toBe(true)
    }
    expect(files).toContain(manifest.main.replace('./', ''))
    expect(files).not.toContain('src')
  })

  it('has the version of the package that it starts', () => {
    const own = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    expect(manifest.version).toBe(own.version)
  })
})

describe('the licet that is started', () => {
  const main = join('node_modules', 'licet', 'dist', 'surfaces', 'cli', 'main.js')
  it.each([
    ['the one of the folder', [`/work/node_modules`], ['/work'], '/work'],
    ['before one further out', ['/node_modules', '/work/a/node_modules'], ['/work/a/b'], '/work/a'],
    ['one further out', ['/work/node_modules'], ['/work/a/b/c'], '/work'],
    ['of several folders the first that has one', ['/two/node_modules'], ['/one', '/two'], '/two'],
    ['none', [], ['/work'], undefined],
  ])('is %s', (_, installed, folders, where) => {
    const there = new Set(installed.map((one) => join(one, '..', main)))
    expect(findLicet(folders, (path) => there.has(path))).toBe(where === undefined ? undefined : join(where, main))
  })
})
