import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { starterFiles } from '../../src/surfaces/cli/starter/files.ts'
import { filesystemPackage } from '../../src/surfaces/cli/starter/filesystem-tools.ts'
import { folder } from '../node/folder.ts'
import { licet } from './command-line.ts'

const written = [...starterFiles().keys()]

describe('init', () => {
  it('writes what passes check and test, together and each on its own', async () => {
    const cwd = folder()
    expect(await licet(['init', 'policy'], { cwd })).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining('licet check policy/*.licet'),
    })
    const inside = { cwd: join(cwd, 'policy') }
    const policies = ['policy.licet', 'facts.licet', 'tests.licet']
    expect(await licet(['check', ...policies], inside)).toEqual({ code: 0, err: '', out: '4 files: 0 errors\n' })
    expect(await licet(['check', 'tests.licet'], inside)).toMatchObject({ code: 0, err: '' })
    expect(await licet(['test', ...policies], inside)).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/\n3 passed, 0 failed\n$/),
    })
    expect(await licet(['test', '--mutate', 'tests.licet'], inside)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/ killed, 0 survived\n$/),
    })
  })

  it('writes facts that the policy takes', async () => {
    const cwd = folder()
    await licet(['init'], { cwd })
    const asked = [
      '-p',
      'policy.licet',
      '-f',
      'facts.licet',
      '--action',
      'call',
      '--tool',
      'files/list_directory',
      '--args',
      '{"path":"."}',
    ]
    expect(await licet(['authorize', ...asked, '--actor', 'User:bob'], { cwd })).toMatchObject({ code: 0 })
    expect(await licet(['authorize', ...asked, '--actor', 'User:eve'], { cwd })).toMatchObject({ code: 1 })
  })

  it.each(written)('overwrites nothing: %s', async (name) => {
    const cwd = folder({ [name]: 'mine' })
    const { code, err } = await licet(['init'], { cwd })
    expect({ code, err }).toEqual({ code: 1, err: `\`${name}\` is there already\nnothing was written\n` })
    expect(readFileSync(join(cwd, name), 'utf8')).toBe('mine')
    expect(written.filter((other) => existsSync(join(cwd, other)))).toEqual([name])
  })

  it('does not follow a link that leads nowhere', async () => {
    const cwd = folder()
    symlinkSync(join(cwd, 'elsewhere'), join(cwd, 'policy.licet'))
    expect((await licet(['init'], { cwd })).code).toBe(1)
    expect(existsSync(join(cwd, 'elsewhere'))).toBe(false)
  })

  it('says so where it cannot write', async () => {
    const cwd = folder()
    writeFileSync(join(cwd, 'file'), '')
    expect(await licet(['init', 'file/x'], { cwd })).toMatchObject({
      code: 1,
      err: expect.stringContaining('cannot write: '),
    })
  })

  it('locks the server as it is', async () => {
    const cwd = folder()
    await licet(['init'], { cwd })
    const root = dirname(fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-filesystem/package.json')))
    const { name, version, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect(`${name}@${version}`).toBe(filesystemPackage)
    const server = [process.execPath, join(root, Object.values(bin as Record<string, string>)[0] ?? ''), './shared']
    const { code, err } = await licet(['lock', 'files', '--check', '--', ...server], { cwd })
    // Started from this checkout, which is another way to reach it, and the only difference.
    expect(code).toBe(1)
    expect(err.split('\n').filter((line) => /^[~+-]/.test(line))).toEqual(['~ server: reached changed'])
  }, 30_000)
})
