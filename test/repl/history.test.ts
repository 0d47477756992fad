import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { historyFile, isKept, openHistory } from '../../src/surfaces/repl/history.ts'
import { folder } from '../node/folder.ts'

describe('the history', () => {
  it.each([
    [{ LICET_HISTORY: '/x/h', XDG_STATE_HOME: '/state' }, '/x/h'],
    [{ LICET_HISTORY: '', XDG_STATE_HOME: '/state' }, undefined],
    [{ XDG_STATE_HOME: '/state' }, join('/state', 'licet', 'history')],
  ])('is where %j says', (env, file) => {
    expect(historyFile(env)).toBe(file)
  })

  it('is of its user alone, latest first, and of several sessions', () => {
    const file = join(folder({}), 'state', 'history')
    const [one, other] = [openHistory(file), openHistory(file)]
    one.add('1 + 1')
    other.add('1 + 2')
    one.add('1 + 3')
    expect(openHistory(file).lines).toEqual(['1 + 3', '1 + 2', '1 + 1'])
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('keeps the last 1,000 lines, and not what others wrote that could steer a terminal', () => {
    const file = join(folder({}), 'history')
    writeFileSync(file, `\u001b[31mred\n${Array.from({ length: 3000 }, (_, i) => `1 + ${i}\n`).join('')}`, {
      mode: 0o644,
    })
    const { lines } = openHistory(file)
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([1000, '1 + 2999', '1 + 2000'])
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(1001)
  })

  it.skipIf(process.platform === 'win32')('leaves alone what is no file, as /dev/null is none', () => {
    const file = folder({})
    chmodSync(file, 0o755)
    const history = openHistory(file)
    history.add('1 + 1')
    expect([history.lines, statSync(file).mode & 0o777]).toEqual([[], 0o755])
  })

  it('is none where there can be none', () => {
    const file = join(folder({ file: '' }), 'file', 'history')
    openHistory(file).add('1 + 1')
    expect(openHistory(file).lines).toEqual([])
  })

  it.each([
    ['can User:ann write Repo:"550e8400-e29b-41d4-a716-446655440000"', true],
    ['given token { scopes: ["repo:read"] }', true],
    ['can User:"eyJ" read Doc:1', true],
    [' can User:ann read Doc:1', false],
    ['given token { sub: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2ln" }', false],
    ['x == "licet_AbCdEf123456_0123456789012345678901234567890123456789abc"', false],
    ['x == "ghp_0123456789abcdefghij"', false],
    ['x == "sk-proj-0123456789abcdefghij"', false],
    ['x == "AKIAIOSFODNN7EXAMPLE"', false],
    ['x == "Bearer abc"', false],
    ['x == "-----BEGIN PRIVATE KEY-----"', false],
    ['x\u001b[31m', false],
    ['x'.repeat(2001), false],
    ['', false],
  ])('has %j: %s', (line, kept) => {
    expect(isKept(line)).toBe(kept)
  })
})
