import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { loadPolicy } from '../src/surfaces/node/index.ts'
import { mutate, runTests } from '../src/surfaces/testing/index.ts'

const folder = new URL('../examples/', import.meta.url)
const examples = readdirSync(folder)
const run = promisify(execFile)

describe.each(examples)('%s', (example) => {
  const here = new URL(`${example}/`, folder)

  it('checks without a word, and its tests pass', () => {
    const { policy, diagnostics } = loadPolicy(fileURLToPath(new URL('policy.licet', here)))
    expect(diagnostics).toEqual([])
    if (policy === undefined) throw new Error('no errors, no policy')
    const { tests } = runTests(policy)
    expect(tests.length).toBeGreaterThan(0)
    expect(tests.flatMap(({ failures }) => failures)).toEqual([])
  })

  it('has tests that notice every change of its policy', () => {
    const { policy } = loadPolicy(fileURLToPath(new URL('policy.licet', here)))
    const { survivors, warnings } = policy === undefined ? {} : mutate(policy)
    expect(survivors?.map((one) => one.diagnostic)).toEqual([])
    expect(warnings).toEqual([])
  })

  it('expects something allowed beside everything denied', () => {
    const { policy } = loadPolicy(fileURLToPath(new URL('policy.licet', here)))
    const decisions = (policy?.tests ?? []).map(({ name, expectations }) => ({
      name,
      // What is missing says what would allow it, so that it is not denied for another reason.
      kinds: new Set(
        expectations.flatMap((one) => (one.kind === 'decision' ? [one.allowed || one.missing !== undefined] : [])),
      ),
    }))
    expect(decisions.filter(({ kinds }) => kinds.has(false) && !kinds.has(true)).map(({ name }) => name)).toEqual([])
  })

  const outputs = readdirSync(here).filter((file) => file.endsWith('.expected.txt'))
  it.each(outputs)('prints %s', async (expected) => {
    const program = fileURLToPath(new URL(expected.replace('.expected.txt', '.mjs'), here))
    const { stdout } = await run(process.execPath, [program], { timeout: 30_000 })
    expect(stdout).toBe(readFileSync(new URL(expected, here), 'utf8'))
  })
})
