import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { folder } from '../node/folder.ts'
import { licet } from './command-line.ts'

const cwd = folder({
  'policy.licet': 'actor User\nresource Doc { role owner: User  allow read if owner }\n',
  'wrong.licet': 'actor User\nresource Doc { allow read if ownr }',
})

const text = (name: string) => readFileSync(join(cwd, name), 'utf8')

it('writes a module and its types, where TypeScript looks for them', async () => {
  const { code, out, err } = await licet(['compile', '-p', 'policy.licet', '-o', 'out.mjs'], { cwd })
  expect({ code, out, err }).toEqual({ code: 0, out: 'wrote out.mjs and out.d.mts\n', err: '' })
  const imports = [...text('out.mjs').matchAll(/\bfrom '([^']*)'|\bimport\(/g)].map(([, from]) => from)
  expect(new Set(imports)).toEqual(new Set(['licet/runtime']))
  expect(text('out.mjs')).toMatch(
    /^\/\/ Compiled by licet "\d+\.\d+\.\d+" from "policy\.licet"\..*\n\/\/ IR version 3\./,
  )
  expect(text('out.d.mts')).toContain('readonly "Doc": "read"')
  expect(await licet(['compile', '-p', 'policy.licet', '-o', 'out.js'], { cwd })).toMatchObject({ code: 0 })
  expect(text('out.d.ts')).toBe(text('out.d.mts'))
})

it('has regular expressions imported where the policy has any', async () => {
  const stdin = 'actor User\nresource Doc { name: string\n allow read if name.matches(/^a+$/) }'
  expect(await licet(['compile', '-p', '-', '-o', 'regex.mjs'], { cwd, stdin })).toMatchObject({ code: 0 })
  expect(text('regex.mjs')).toContain("import { regexes } from 'licet/runtime/regexes'\n")
})

it('writes the same twice', async () => {
  await licet(['compile', '-p', 'policy.licet', '-o', 'one.mjs'], { cwd })
  await licet(['compile', '-p', 'policy.licet', '-o', 'two.mjs'], { cwd })
  expect(text('one.mjs')).toBe(text('two.mjs'))
})

it('reads standard input', async () => {
  const stdin = text('policy.licet')
  expect(await licet(['compile', '-p', '-', '-o', 'stdin.mjs'], { cwd, stdin })).toMatchObject({ code: 0 })
  expect(text('stdin.mjs')).toContain('owner')
})

it('writes nothing for a policy with an error', async () => {
  const { code, out, err } = await licet(['compile', '-p', 'wrong.licet', '-o', 'wrong.mjs'], { cwd })
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toContain('ownr')
  expect(existsSync(join(cwd, 'wrong.mjs'))).toBe(false)
})

it('says what cannot be written', async () => {
  const { code, err } = await licet(['compile', '-p', 'policy.licet', '-o', 'no/such/folder/out.mjs'], { cwd })
  expect(code).toBe(1)
  expect(err).toMatch(/^cannot write: /)
})

it.each([
  [['-o', 'out.mjs'], '`--policy` is missing'],
  [['-p', 'policy.licet'], '`--output` is missing'],
  [['-p', 'policy.licet', '-o', 'out.ts'], '`out.ts` is no name for a module'],
])('refuses %j', async (argv, message) => {
  const { code, err } = await licet(['compile', ...argv], { cwd })
  expect(code).toBe(2)
  expect(err).toContain(message)
})
