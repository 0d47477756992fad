import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { codes } from '../src/base/codes.ts'
import { compile } from '../src/language.ts'
import { parse } from '../src/syntax/parse.ts'
import { filesOf, readCorpus } from './corpus/read-corpus.ts'
import { readPage } from './docs/read-page.ts'

const folder = fileURLToPath(new URL('../docs/diagnostics/', import.meta.url))

/** What the page of a code begins with: the name, and what the table says of it. */
function beginning({ code, severity, about }: (typeof codes)[number]): string {
  const kind = severity === 'error' ? 'Error' : 'Warning'
  return `# \`${code}\`\n\n${kind}: ${about}. [All diagnostics](../diagnostics.md)\n`
}

/** Codes for which something in the corpus has a fix. */
const fixable = new Set(
  (['syntax', 'check'] as const)
    .flatMap((name) => readCorpus(name).flatMap(({ cases }) => cases.map(({ text }) => ({ name, text }))))
    .filter(({ text }) => text.length < 2000)
    .flatMap(({ name, text }) =>
      name === 'syntax'
        ? parse({ name: 'policy.licet', text }).diagnostics
        : compile(filesOf('policy.licet', text)).diagnostics,
    )
    .filter(({ fix }) => fix !== undefined)
    .map(({ code }) => code),
)

// What the examples of a page print, and what fixes make of them, test/docs.test.ts holds.
describe('the page of a diagnostic', () => {
  it.each(codes.map((row) => [row.code, row] as const))('%s', (code, row) => {
    const text = readFileSync(`${folder}${code}.md`, 'utf8')
    expect(text.startsWith(beginning(row))).toBe(true)
    const blocks = readPage(text).flatMap((part) => (part.kind === 'block' ? [part.block] : []))
    // The first example has this diagnostic and no other.
    expect(blocks.find((block) => block.codes.length > 0)?.codes).toEqual([code])
    expect(text).toContain('\n## How to mend it\n')
    expect(blocks.some(({ is }) => is === 'fixed')).toBe(fixable.has(code))
  })

  it('is of a code that there is', () => {
    expect(readdirSync(folder).sort()).toEqual(codes.map(({ code }) => `${code}.md`).sort())
  })
})

// Written by `npx vitest run test/diagnostics-pages.test.ts -u`.
it('docs/diagnostics.md lists them all', async () => {
  const index = new URL('../docs/diagnostics.md', import.meta.url)
  const text = readFileSync(index, 'utf8')
  const row = ({ code, about }: (typeof codes)[number]) => `| [\`${code}\`](diagnostics/${code}.md) | ${about} |\n`
  const table = (severity: 'error' | 'warning') =>
    `\n| | |\n| --- | --- |\n${codes
      .filter((one) => one.severity === severity)
      .map(row)
      .join('')}`
  const [about = ''] = text.split('\n## Errors\n')
  const listed = `${about}\n## Errors\n${table('error')}\n## Warnings\n${table('warning')}`
  await expect(listed).toMatchFileSnapshot(fileURLToPath(index))
})
