import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { compile } from '../../src/index.ts'
import { loadPolicy } from '../../src/surfaces/node/index.ts'
import { mutate, runTests } from '../../src/surfaces/testing/index.ts'
import { licet } from '../cli/command-line.ts'
import { folder } from '../node/folder.ts'

const documentation = fileURLToPath(new URL('../../docs/testing.md', import.meta.url))
const page = readFileSync(documentation, 'utf8')
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, text = '']) => text)
const [policy = '', explained = ''] = blocks('licet')

// `npx vitest run test/testing/documentation.test.ts -u` writes what the commands say into the page.
it('docs/testing.md shows what the commands say', async () => {
  const cwd = folder({ 'policy.licet': policy })
  const parts = page.split(/(?<=^```text\n\$ [^\n]*\n)(.*?)(?=^```$)/ms)
  for (const [i, part] of parts.entries()) {
    const asked = /\$ licet ([^\n]*)\n$/.exec(part)?.[1]
    if (asked !== undefined) parts[i + 1] = (await licet(asked.split(' '), { cwd })).out
  }
  await expect(parts.join('')).toMatchFileSnapshot(documentation)
})

it('the programs of docs/testing.md run', () => {
  const cwd = folder({ 'policy.licet': policy })
  const load = (path: string) => loadPolicy(path, { cwd })
  const programs = blocks('ts')
  expect(programs).toHaveLength(2)
  const printed = programs.map((program) => {
    const lines: unknown[][] = []
    const body = program.replace(/^import .*$/gm, '')
    const run = new Function('loadPolicy', 'runTests', 'mutate', 'console', body)
    run(load, runTests, mutate, { log: (...line: unknown[]) => lines.push(line) })
    return lines
  })
  expect(printed[0]).toEqual([['approvers approve, and owners do not', true]])
  expect(printed[1]?.length).toBeGreaterThan(0)
})

it('what docs/testing.md explains needs to be explained', () => {
  const text = `${policy.split('test ')[0]}${explained}
test "all" {
  given Page:1 { reader: User:ann }
  expect User:ann can read Page:1
  expect User:bob cannot read Page:1
}
`
  const { policy: whole, diagnostics } = compile(text)
  if (whole === undefined) throw new Error(JSON.stringify(diagnostics))
  const { survivors, warnings, explained: count } = mutate(whole)
  expect(survivors.some(({ at }) => text.slice(at.start, at.end).includes('0 < 1'))).toBe(false)
  expect({ warnings, count }).toMatchObject({ warnings: [], count: expect.any(Number) })
  expect(count).toBeGreaterThan(0)
})
