import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { folder } from '../node/folder.ts'
import { licet } from './command-line.ts'

const policy = 'actor User\nresource Doc {\n  role owner: User\n  allow read if owner\n}\n'
const pass = 'test "owners read" {\n  given Doc:d { owner: User:ann }\n  expect User:ann can read Doc:d\n}\n'
const fail = 'test "all read" {\n  given Doc:d { owner: User:ann }\n  expect User:bob can read Doc:d\n}\n'

function test(files: Readonly<Record<string, string>>, ...argv: string[]) {
  return licet(['test', ...argv], { cwd: folder(files) })
}

describe('test', () => {
  it.each([
    ['that pass', policy + pass, 0, '✓ owners read\n1 passed, 0 failed\n'],
    ['of which one fails', policy + pass + fail, 1, '1 passed, 1 failed\n'],
    ['that are not there', policy, 0, '0 passed, 0 failed\n'],
  ])('runs tests %s', async (_, text, code, end) => {
    const ran = await test({ 'p.licet': text }, 'p.licet')
    expect(ran).toMatchObject({ code, err: '' })
    expect(ran.out.endsWith(end)).toBe(true)
  })

  it('shows what failed, where and why', async () => {
    const { out } = await test({ 'p.licet': policy + fail }, 'p.licet')
    expect(out).toContain('✗ all read\n')
    expect(out).toContain('expected `can`, got `cannot`: not-permitted\n --> p.licet:8:3\n')
    expect(out).toContain('nearest rule `Doc.read#1`')
  })

  it('ends with a plain line, whatever the terminal', async () => {
    const cwd = folder({ 'p.licet': policy + pass })
    const { out } = await licet(['test', 'p.licet'], { cwd, color: true })
    expect(out).toContain('\u001b[')
    expect(out.split('\n').at(-2)).toBe('1 passed, 0 failed')
  })

  it('takes several files as one program', async () => {
    const files = { 'p.licet': policy, 't.licet': pass, 'i.licet': `import "./p.licet"\n${fail}` }
    expect(await test(files, 'p.licet', 't.licet', 'i.licet')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/1 passed, 1 failed\n$/),
    })
  })

  it.each([
    ['an error in the policy', policy.replace('owner\n}', 'ownr\n}'), 1, 'did you mean `owner`?'],
    ['a declared function that is not given', `${policy}function f(x: string): boolean\n${pass}`, 2, '--functions'],
  ])('does not run with %s', async (_, text, code, err) => {
    expect(await test({ 'p.licet': text }, 'p.licet')).toMatchObject({
      code,
      out: '',
      err: expect.stringContaining(err),
    })
  })

  it('prints results as JSON', async () => {
    const { code, out } = await test({ 'p.licet': policy + fail }, '--json', 'p.licet')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      passed: 0,
      failed: 1,
      tests: [
        {
          name: 'all read',
          passed: false,
          file: 'p.licet',
          start: { line: 6, column: 1 },
          expectations: [
            { kind: 'decision', passed: false, decision: { allowed: false }, start: { line: 8, column: 3 } },
          ],
        },
      ],
    })
  })
})

describe('test --functions', () => {
  const text = `actor User
function even(n: int): boolean
resource Doc { size: int  allow read if even(size) }
test "even" { given Doc:d { size: 4 } expect User:ann can read Doc:d }
`
  it.each([
    ['the functions of a module', 'export const even = (n) => n % 2 === 0', 0, ''],
    ['no module without a function', 'export const odd = 1', 2, 'exports no function `even`'],
    ['no module that throws', 'throw new Error("boom\\nat secret")', 2, 'cannot be loaded: boom\n'],
  ])('takes %s', async (_, module, code, err) => {
    const ran = await test({ 'p.licet': text, 'f.mjs': module }, '--functions', 'f.mjs', 'p.licet')
    expect(ran).toMatchObject({ code, err: expect.stringContaining(err) })
  })

  it('says that there is no such file', async () => {
    expect(await test({ 'p.licet': text }, '--functions', 'f.mjs', 'p.licet')).toMatchObject({
      code: 2,
      err: expect.stringContaining('`f.mjs` cannot be loaded'),
    })
  })
})

describe('test --watch', () => {
  it('runs again after a change, until it is to end', async () => {
    const cwd = folder({ 'p.licet': policy + fail })
    const end = new AbortController()
    let out = ''
    const running = licet(['test', '--watch', 'p.licet'], {
      cwd,
      signal: end.signal,
      onOut: (text) => {
        out += text
      },
    })
    await vi.waitFor(() => expect(out).toContain('0 passed, 1 failed'), { timeout: 5000 })
    writeFileSync(join(cwd, 'p.licet'), policy + pass)
    await vi.waitFor(() => expect(out).toContain('1 passed, 0 failed'), { timeout: 5000 })
    end.abort()
    expect(await running).toMatchObject({ code: 0 })
  })

  it('needs a file', async () => {
    expect(await licet(['test', '--watch', '-'])).toMatchObject({ code: 2 })
  })
})
