// The one gate: what has to hold before a change is merged. Stops at the first step that fails.
// `--no-tests` leaves the tests out, for a run that has just had them.
import { spawnSync } from 'node:child_process'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const steps = [
  ['format and lint', 'biome ci --colors=off --error-on-warnings'],
  ['types', 'tsc --noEmit'],
  ['build', 'node scripts/build.mjs'],
  ['tests', 'vitest run'],
  ['dead code', 'knip'],
  ['package', 'publint --strict'],
  ['package types', 'attw --pack . --profile esm-only --quiet'],
  ['declarations', 'node scripts/declarations.mjs'],
  ['size', 'size-limit'],
]

const env = { ...process.env, PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}` }
for (const [name, command] of steps) {
  if (name === 'tests' && process.argv.includes('--no-tests')) continue
  const started = Date.now()
  console.log(`\n── ${name}: ${command}`)
  const { status } = spawnSync(command, { cwd: root, env, shell: true, stdio: 'inherit' })
  console.log(`── ${name}: ${status === 0 ? 'ok' : 'FAILED'}, ${((Date.now() - started) / 1000).toFixed(1)} s`)
  if (status !== 0) process.exit(1)
}
