import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const text = readFileSync(join(root, 'docs/claims.md'), 'utf8')
const blocks = [...text.matchAll(/^```js\n([\s\S]*?)^```/gm)].map(([, code = '']) => code)

/** `expression // value` on a line of its own says what the expression is. */
const claim = /^([a-zA-Z].*?) \/\/ (\S.*)$/gm
const isClaim = (line: string): boolean => !/^(?:const|import|let|return) /.test(line)

it('the code in docs/claims.md does what it says, for a user who has installed the package', async () => {
  const home = mkdtempSync(join(tmpdir(), 'licet-claims-'))
  try {
    mkdirSync(join(home, 'node_modules'))
    symlinkSync(root, join(home, 'node_modules/licet'), 'dir')
    let claims = 0
    for (const [i, block] of blocks.entries()) {
      const code = block.replace(claim, (line, expression, value) => {
        if (!isClaim(line)) return line
        claims++
        return `assert.deepEqual(${expression}, ${value})`
      })
      writeFileSync(join(home, `${i}.mjs`), `import assert from 'node:assert/strict'\n${code}`)
    }
    expect(claims).toBeGreaterThan(10)
    writeFileSync(join(home, 'main.mjs'), blocks.map((_, i) => `await import('./${i}.mjs')\n`).join(''))
    await promisify(execFile)(process.execPath, ['main.mjs'], { cwd: home, timeout: 60_000 })
  } finally {
    rmSync(home, { recursive: true })
  }
})
