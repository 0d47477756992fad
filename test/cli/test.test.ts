import { readFileSync, writeFileSync } from 'node:fs'
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

describe('test --coverage', () => {
  it('shows what is not covered, and a table', async () => {
    const { code, out } = await test({ 'p.licet': policy + pass }, '--coverage', 'p.licet')
    expect(code).toBe(0)
    expect(out).toContain('warning[not-covered]: no test hangs on this being false\n --> p.licet:4:17\n')
    expect(out).toContain('coverage  rules  roles  conditions\np.licet     1/1    1/2         1/2  60 %\n')
    expect(out.endsWith('1 passed, 0 failed\n')).toBe(true)
  })

  it.each([
    ['60', 0, ''],
    ['60.1', 1, '60 % is covered, and 60.1 % has to be'],
    ['lots', 2, '`--coverage-min` takes a number up to 100'],
    ['101', 2, '`--coverage-min` takes a number up to 100'],
  ])('--coverage-min %s', async (least, code, err) => {
    const ran = await test({ 'p.licet': policy + pass }, '--coverage-min', least, 'p.licet')
    expect(ran).toMatchObject({ code, err: expect.stringContaining(err) })
  })

  it('writes LCOV, with imported files by their names', async () => {
    const cwd = folder({ 'p.licet': policy, 't.licet': `import "./p.licet"\n${pass}` })
    await licet(['test', '--coverage-lcov', 'out/lcov.info', 't.licet'], { cwd })
    expect(readFileSync(join(cwd, 'out/lcov.info'), 'utf8').split('\n')).toEqual([
      'TN:',
      'SF:p.licet',
      'FN:3,Doc.owner@28',
      'FN:4,Doc.read#1@47',
      'FNDA:1,Doc.owner@28',
      'FNDA:1,Doc.read#1@47',
      'FNF:2',
      'FNH:2',
      'BRDA:3,0,0,1',
      'BRDA:3,0,1,0',
      'BRDA:4,1,0,1',
      'BRDA:4,1,1,0',
      'BRF:4',
      'BRH:2',
      'DA:3,1',
      'DA:4,1',
      'LF:2',
      'LH:2',
      'end_of_record',
      '',
    ])
  })

  it('writes a page in which nothing of a text is markup', async () => {
    const hostile = `${policy}// <script>alert(1)</script>\n@id("<b>&'\\"") allow write on Doc if actor == User:"</pre><img src=x>"\n${pass}`
    const cwd = folder({ 'p.licet': hostile })
    expect(await licet(['test', '--coverage-html', 'c.html', 'p.licet'], { cwd })).toMatchObject({ code: 0 })
    const page = readFileSync(join(cwd, 'c.html'), 'utf8')
    expect(page).toContain("default-src 'none'")
    expect(page).toContain('&#60;script&#62;alert(1)')
    const tags = new Set([...page.matchAll(/<\/?([a-z!]\w*)/g)].map(([, tag]) => tag))
    expect([...tags].sort().join(' ')).toBe(
      '!doctype a body h1 h2 head html i meta p pre span style table td th title tr',
    )
    expect(page).not.toMatch(/(?:src|href)="(?!#)/)
    // Each line of the text, as it is.
    const text = page.split('<pre>')[1]?.split('</pre>')[0] ?? ''
    const plain = text.replace(/<i>\d+<\/i>|<\/?span[^>]*>/g, '')
    expect(plain.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code))).toBe(hostile)
  })

  it('says where it cannot write', async () => {
    const ran = await test({ 'p.licet': policy + pass }, '--coverage-html', 'p.licet/x.html', 'p.licet')
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('licet test: cannot write: ') })
  })

  it('is in the JSON', async () => {
    const { out } = await test({ 'p.licet': policy + pass }, '--coverage', '--json', 'p.licet')
    const role = { kind: 'role', name: 'Doc.owner', held: 1, failed: 0, unshown: ['failed'], file: 'p.licet' }
    expect(JSON.parse(out)).toMatchObject({
      coverage: {
        outcomes: 5,
        shown: 3,
        places: [
          { ...role, start: { line: 3, column: 3 } },
          { kind: 'rule', name: 'Doc.read#1' },
          { kind: 'condition', held: 1, failed: 0, unshown: ['failed'] },
        ],
      },
    })
  })
})

describe('test --mutate', () => {
  const noticing = pass.replace('\n}\n', '\n  expect User:eve cannot read Doc:d\n}\n')
  const explained = policy.replace('  allow', '  // licet-allow surviving-mutant: owners only\n  allow')

  it('shows what no test notices, with a test that would', async () => {
    const { code, out } = await test({ 'p.licet': policy + pass }, '--mutate', 'p.licet')
    expect(code).toBe(1)
    expect(out).toContain('warning[surviving-mutant]: no test fails without this condition\n --> p.licet:4:17\n')
    expect(out).toContain('= help: in the test "owners read", this would: `expect User:somebody cannot read Doc:d`\n')
    expect(out.endsWith('\n3 mutants: 2 killed, 1 survived\n')).toBe(true)
  })

  it.each([
    ['all is noticed', policy + noticing, 0, '3 mutants: 3 killed, 0 survived\n'],
    ['what is not is explained', explained + pass, 0, '3 mutants: 2 killed, 1 explained, 0 survived\n'],
    ['a test fails on the policy itself', policy + fail, 1, '0 passed, 1 failed\n'],
  ])('where %s', async (_, text, code, end) => {
    const ran = await test({ 'p.licet': text }, '--mutate', 'p.licet')
    expect(ran).toMatchObject({ code, err: '' })
    expect(ran.out.endsWith(end)).toBe(true)
  })

  it('tells of an explanation that explains nothing', async () => {
    const { out } = await test({ 'p.licet': explained + noticing }, '--mutate', 'p.licet')
    expect(out).toContain('there is no `surviving-mutant` here to silence')
  })

  it('prints JSON', async () => {
    const { code, out } = await test({ 'p.licet': policy + pass }, '--mutate', '--json', 'p.licet')
    expect(code).toBe(1)
    const witness = { test: 'owners read', whole: false, text: 'expect User:somebody cannot read Doc:d' }
    expect(JSON.parse(out)).toMatchObject({
      passed: 1,
      mutation: {
        tried: 3,
        killed: 2,
        explained: 0,
        survivors: [{ change: 'without this condition', start: { line: 4, column: 17 }, witness }],
      },
    })
  })

  it('tells how far it is on a terminal, and leaves nothing of that', async () => {
    const cwd = folder({ 'p.licet': policy + pass })
    const { err } = await licet(['test', '--mutate', 'p.licet'], { cwd, color: true })
    expect(err.endsWith('\r\u001b[K')).toBe(true)
  })

  it('is not for watching', async () => {
    expect(await test({ 'p.licet': policy }, '--mutate', '--watch', 'p.licet')).toMatchObject({ code: 2 })
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
    expect(out).toContain('new: owners read\ngone: all read\n1 passed')
    writeFileSync(join(cwd, 'p.licet'), policy + pass.replace(' can ', ' cannot '))
    await vi.waitFor(() => expect(out).toContain('fails now: owners read\n0 passed, 1 failed'), { timeout: 5000 })
    end.abort()
    expect(await running).toMatchObject({ code: 0 })
  })

  it('needs a file', async () => {
    expect(await licet(['test', '--watch', '-'])).toMatchObject({ code: 2 })
  })
})
