import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { folder } from '../node/folder.ts'
import { licet } from './command-line.ts'

const loose = 'actor   User // who\nallow read if  a\n'
const neat = 'actor User // who\nallow read if a\n'
const broken = 'allow read if (\n'

const files = { 'loose.licet': loose, 'neat.licet': neat, 'broken.licet': broken }

it('formats in place, and says which files it has changed', async () => {
  const cwd = folder(files)
  expect(await licet(['fmt', 'loose.licet', 'neat.licet'], { cwd })).toEqual({
    code: 0,
    out: 'formatted loose.licet\n',
    err: '',
  })
  expect(readFileSync(join(cwd, 'loose.licet'), 'utf8')).toBe(neat)
  expect(await licet(['fmt', 'loose.licet'], { cwd })).toEqual({ code: 0, out: '', err: '' })
})

it('leaves a file that does not parse as it is, and formats the others', async () => {
  const cwd = folder(files)
  const { code, out, err } = await licet(['fmt', 'broken.licet', 'none.licet', 'loose.licet'], { cwd })
  expect({ code, out }).toEqual({ code: 1, out: 'formatted loose.licet\n' })
  expect(err).toContain('error[syntax]')
  expect(err).toContain('--> broken.licet:1:')
  expect(err).toContain('`none.licet` was not found\n')
  expect(err).toContain('2 files could not be formatted\n')
  expect(readFileSync(join(cwd, 'broken.licet'), 'utf8')).toBe(broken)
})

it('only lists what is not formatted with --check', async () => {
  const cwd = folder(files)
  expect(await licet(['fmt', '--check', 'loose.licet', 'neat.licet'], { cwd })).toEqual({
    code: 1,
    out: 'loose.licet\n',
    err: '',
  })
  expect(readFileSync(join(cwd, 'loose.licet'), 'utf8')).toBe(loose)
  expect(await licet(['fmt', '--check', 'neat.licet'], { cwd })).toEqual({ code: 0, out: '', err: '' })
})

it('formats standard input to standard output', async () => {
  expect(await licet(['fmt', '-'], { stdin: loose })).toEqual({ code: 0, out: neat, err: '' })
  expect(await licet(['fmt', '--check', '-'], { stdin: loose })).toMatchObject({ code: 1, out: '<stdin>\n' })
  expect(await licet(['fmt', '-'], { stdin: broken })).toMatchObject({ code: 1, out: broken })
})
