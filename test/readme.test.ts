import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')

/** The first block of code in a language. */
function block(language: string): string {
  const found = new RegExp(`^\`\`\`${language}.*\\n([\\s\\S]*?)^\`\`\``, 'm').exec(readme)?.[1]
  if (found === undefined) throw new Error(`the README has no ${language} block`)
  return found
}

it('the first thing in the README is a screen: ten lines of policy, eight of TypeScript', () => {
  expect(block('licet').trimEnd().split('\n').length).toBeLessThanOrEqual(10)
  expect(
    block('ts')
      .trimEnd()
      .split('\n')
      .filter((line) => line !== ''),
  ).toHaveLength(7)
})

it('shows what npm start prints', () => {
  const printed = readFileSync(join(root, 'examples/filesystem/start.expected.txt'), 'utf8').split('\n')
  const shown = readme.split('\n').filter((line) => /^(the server offers|allowed {2}|denied {3})/.test(line))
  expect(shown.length).toBeGreaterThan(2)
  for (const line of shown) expect(printed).toContain(line)
})
