import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { runPage } from './docs/run-page.ts'
import { scripts } from './docs/scripts.ts'
import { npxScript } from './docs/sessions.ts'
import { folder } from './node/folder.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => posix.join('docs', name))
    .sort(),
]
const read = (page: string) => readFileSync(join(root, page), 'utf8')

/** A user's folder: `licet` is installed, and so is whatever this repository has. */
const home = folder({ 'bin/npx': npxScript() })
chmodSync(join(home, 'bin/npx'), 0o755)
symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'), 'dir')
mkdirSync(join(home, 'pages/node_modules'), { recursive: true })
symlinkSync(root, join(home, 'pages/node_modules/licet'), 'dir')

const running = scripts()
afterAll(() => {
  running.end()
  rmSync(home, { recursive: true })
})

// `npx vitest run test/docs.test.ts -u` writes what is printed into the pages.
describe('the code blocks do what they say', () => {
  it.each(pages)('%s', async (page) => {
    const cwd = join(home, 'pages', page.replace(/\.md$/, ''))
    mkdirSync(cwd, { recursive: true })
    const text = await runPage(read(page), { cwd, bin: join(home, 'bin'), code: 0 }, running)
    await expect(text).toMatchFileSnapshot(join(root, page))
  })

  it('and their TypeScript has the types it should', async ({ skip }) => {
    skip(running.typed.length === 0, 'no page was run')
    const compilerOptions = {
      ...{ target: 'es2023', lib: ['es2023', 'dom'], module: 'nodenext', moduleDetection: 'force' },
      ...{ types: ['node'], strict: true, skipLibCheck: true, noEmit: true, preserveSymlinks: true },
    }
    writeFileSync(join(home, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: running.typed }))
    const checked = promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['-p', home])
    await checked.catch(({ stdout }: { stdout: string }) => expect(stdout).toBe(''))
  })
})

describe('the links lead somewhere', () => {
  /** As GitHub makes them of headings. */
  const anchorsOf = (page: string) =>
    [
      ...read(page)
        .replace(/^```.*?^```/gms, '')
        .matchAll(/^#+ (.*)$/gm),
    ].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    )

  it.each(pages)('%s', (page) => {
    const links = [
      ...read(page)
        .replace(/^```.*?^```/gms, '')
        .matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)/g),
    ]
    const broken = links.filter(([, path = '', anchor]) => {
      const target = path === '' ? page : posix.join(dirname(page), path)
      try {
        const names = path.endsWith('/') || !target.endsWith('.md') ? readable(target) : anchorsOf(target)
        return anchor !== undefined && !names.includes(anchor)
      } catch {
        return true
      }
    })
    expect(broken.map(([link]) => link)).toEqual([])
  })

  /** Throws for what is not there. */
  function readable(path: string): readonly string[] {
    try {
      readFileSync(join(root, path))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EISDIR') throw error
    }
    return []
  }
})
