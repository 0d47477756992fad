import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { format } from '../src/index.ts'
import { starterFiles } from '../src/surfaces/cli/starter/files.ts'
import { readPage } from './docs/read-page.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const read = (name: string) => readFileSync(root + name, 'utf8')

function namesIn(folder: string, ending: string): readonly string[] {
  return readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !name.includes('node_modules'))
    .map((name) => `${folder}/${name}`)
}

const policies = namesIn('examples', '.licet').map((name) => [name, read(name)] as const)

/** The policies in texts; what does not parse by itself is no policy. Those of README and docs are held by test/docs.test.ts. */
const pages = namesIn('grammar', '.md')
const blocks = pages.flatMap((name) =>
  readPage(read(name)).flatMap((part) =>
    part.kind === 'block' && part.block.language === 'licet'
      ? [[`${name}:${part.block.line}`, part.block.text] as const]
      : [],
  ),
)

const starter = [...starterFiles()].filter(([name]) => name.endsWith('.licet'))

it.each([...policies, ...blocks, ...starter])('%s is formatted', (name, text) => {
  const { text: formatted } = format(text, name)
  if (formatted !== undefined) expect(text).toBe(formatted)
})

it('there are policies in the examples, in the pages and in the starter, and most of them parse', () => {
  const all = [policies, blocks, starter].map(
    (some) => some.filter(([, text]) => format(text).text !== undefined).length,
  )
  expect(Math.min(...all)).toBeGreaterThan(2)
})
