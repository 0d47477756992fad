import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { watchPolicy } from '../../src/surfaces/node/index.ts'
import { folder } from './folder.ts'

/** Watches `main.licet` in a new folder; `seen` tells of each load the types, or the codes of what is wrong. */
function watched(files: Readonly<Record<string, string>>) {
  const cwd = folder(files)
  const seen: string[] = []
  const close = watchPolicy(
    'main.licet',
    ({ policy, diagnostics }) => {
      const codes = diagnostics.map(({ code }) => code)
      seen.push((policy?.program.types.map(({ name }) => name) ?? codes).sort().join(' '))
    },
    { cwd, settle: 10, poll: 50 },
  )
  onTestFinished(close)
  return { seen, close, path: (name: string) => join(cwd, name) }
}

const until = (seen: readonly string[], last: string) =>
  vi.waitFor(() => expect(seen.at(-1)).toBe(last), { timeout: 5000 })

it('is told the policy at once, and again after a change', async () => {
  const { seen, path } = watched({ 'main.licet': 'actor A' })
  expect(seen).toEqual(['A'])
  writeFileSync(path('main.licet'), 'actor B')
  await until(seen, 'B')
})

it('is told of changes to imports, also to those that a change brings in', async () => {
  const { seen, path } = watched({ 'main.licet': 'import "./b.licet"', 'b.licet': 'actor B' })
  writeFileSync(path('b.licet'), 'import "./sub/c.licet"')
  await until(seen, 'missing-file')
  writeFileSync(path('c.licet'), 'actor C')
  writeFileSync(path('b.licet'), 'import "./c.licet"')
  await until(seen, 'C')
  writeFileSync(path('c.licet'), 'actor D')
  await until(seen, 'D')
})

it('sees a file that is replaced, as editors do, or goes and comes back', async () => {
  const { seen, path } = watched({ 'main.licet': 'actor A' })
  writeFileSync(path('new'), 'actor B')
  renameSync(path('new'), path('main.licet'))
  await until(seen, 'B')
  rmSync(path('main.licet'))
  await until(seen, 'missing-file')
  writeFileSync(path('main.licet'), 'actor C')
  await until(seen, 'C')
})

it('is told of a policy with errors, and of the next one without', async () => {
  const { seen, path } = watched({ 'main.licet': 'actor A' })
  writeFileSync(path('main.licet'), 'actor A in Nowhere')
  await until(seen, 'unknown-type')
  writeFileSync(path('main.licet'), 'actor A')
  await until(seen, 'A')
})

it('hears nothing of other files, and nothing once it is closed', async () => {
  const { seen, close, path } = watched({ 'main.licet': 'actor A' })
  writeFileSync(path('other.licet'), 'actor X')
  await new Promise((resolve) => setTimeout(resolve, 150))
  close()
  writeFileSync(path('main.licet'), 'actor B')
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(seen).toEqual(['A'])
})
