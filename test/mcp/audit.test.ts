import { spawn } from 'node:child_process'
import { appendFileSync, chmodSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { canonicalJson } from '../../src/base/canonical.ts'
import { type AuditRecord, auditedItem } from '../../src/surfaces/mcp/audit/audit.ts'
import { auditFile } from '../../src/surfaces/mcp/audit/audit-file.ts'
import { digestOf } from '../../src/surfaces/mcp/audit/event.ts'
import { type VerifyOptions, verifyAudit } from '../../src/surfaces/mcp/audit/verify.ts'
import { folder } from '../node/folder.ts'
import { runs } from '../properties/generate/runs.ts'

function record(name: string): AuditRecord {
  return {
    time: '2026-11-29T12:00:00.000Z',
    method: 'tools/call',
    actor: 'User:ann',
    agents: [],
    action: 'call',
    resource: { server: 's', kind: 'tool', name },
    decision: 'allow',
    reason: 'granted',
    rules: ['r'],
    errors: [],
    policy: 'sha256:test',
    duration: 5,
  }
}

const newLog = (): string => join(folder(), 'audit.jsonl')
const linesIn = (path: string): string[] => readFileSync(path, 'utf8').trimEnd().split('\n')

/** What a session writes into a log, from its opening to its close. */
function session(path: string, ...names: readonly string[]): void {
  const { audit, close } = auditFile(path)
  for (const name of names) audit(record(name))
  close()
}

/** What is wrong with the files first, as `line: message`; undefined where nothing is. */
function problem(paths: string | readonly string[], options: VerifyOptions = {}): string | undefined {
  const found = verifyAudit([paths].flat(), options).problem
  return found && `${found.line}: ${found.message}`
}

/** A log of several sessions, some of which write at the same time; the line ends are in it. */
function written(): { readonly lines: readonly string[]; readonly head: string } {
  const path = newLog()
  session(path, 'a', 'b')
  const one = auditFile(path)
  one.audit(record('c'))
  const two = auditFile(path)
  for (const name of ['d', 'e']) {
    one.audit(record(name))
    two.audit(record(name))
    two.audit(record(`${name}\u2028`))
  }
  one.close()
  two.audit(record('f'))
  two.close()
  return { lines: linesIn(path).map((line) => `${line}\n`), head: verifyAudit([path]).head ?? '' }
}

describe('a log that others can read or write', () => {
  it.each([
    [0o600, false],
    [0o640, false],
    [0o644, true],
    [0o660, true],
  ])('is told of: %i', (mode, isTold) => {
    const path = newLog()
    writeFileSync(path, '')
    chmodSync(path, mode)
    const notes: string[] = []
    auditFile(path, (note) => notes.push(note)).close()
    expect(notes.some((note) => note.includes(`(mode ${mode.toString(8)})`))).toBe(isTold)
    expect(statSync(path).mode & 0o777).toBe(mode)
  })
})

it('a name that is cut is told from all others', () => {
  const long = (end: string) => auditedItem({ kind: 'tool', server: 's', name: 'x'.repeat(2000) + end }).name
  expect(long('a')).toMatch(/^x{1024}…sha256:[0-9a-f]{64}$/)
  expect(long('a')).not.toBe(long('b'))
  expect(auditedItem({ kind: 'tool', server: 's', name: 'x'.repeat(1024) }).name).toBe('x'.repeat(1024))
})

describe('a line of the log', () => {
  it('is a CloudEvent about the decision, tied to the one before it', () => {
    const path = newLog()
    session(path, 'a')
    const [opened, decision, closed] = linesIn(path).map((line) => JSON.parse(line))
    const { time, ...data } = record('a')
    expect(decision).toEqual({
      specversion: '1.0',
      id: `${opened.chain}/000000000002`,
      source: '/licet/servers/s',
      type: 'dev.licet.decision',
      time,
      subject: 'tool/a',
      datacontenttype: 'application/json',
      chain: opened.chain,
      sequence: '000000000002',
      previous: digestOf(canonicalJson(opened) ?? ''),
      data,
    })
    expect(opened).toMatchObject({ type: 'dev.licet.audit.opened', sequence: '000000000001' })
    expect(opened).not.toHaveProperty('previous')
    expect(closed).toMatchObject({ type: 'dev.licet.audit.closed', previous: digestOf(canonicalJson(decision) ?? '') })
  })

  it('has attributes of the names and types that CloudEvents allows', () => {
    for (const line of written().lines) {
      const { data, ...attributes } = JSON.parse(line)
      for (const [name, value] of Object.entries(attributes)) {
        expect(name).toMatch(/^[a-z0-9]{1,20}$/)
        expect(value).toEqual(expect.any(String))
      }
    }
  })
})

describe('verification', () => {
  const { lines, head } = written()
  const log = newLog()
  /** The log with other lines in it: there is a line with something wrong, and for what the chain alone cannot show, an anchor. */
  const isFound = (text: string): boolean => {
    if (text === lines.join('')) return true
    writeFileSync(log, text)
    return problem(log, { anchors: [head] }) !== undefined
  }
  const at = fc.nat({ max: lines.length - 1 })
  const property = (arbitrary: fc.Arbitrary<string>): void => {
    fc.assert(fc.property(arbitrary, isFound), runs(60))
  }

  it('finds nothing in what was written', () => {
    writeFileSync(log, lines.join(''))
    expect(verifyAudit([log], { anchors: [head] })).toEqual({
      records: 16,
      chains: 3,
      head,
      unanchored: 0,
      notes: [],
    })
  })

  it('finds any edit of one character', () => {
    const text = lines.join('')
    const edited = fc
      .tuple(fc.nat({ max: text.length - 1 }), fc.string({ unit: 'grapheme', maxLength: 2 }))
      .map(([i, other]) => text.slice(0, i) + other + text.slice(i + 1))
    property(edited)
  })

  it('finds any edit of a value, with the line written as this log writes it', () => {
    const edited = fc.tuple(at, fc.nat(), fc.string()).map(([i, which, text]) => {
      const event = JSON.parse(lines[i] ?? '')
      const names = [...Object.keys(event), ...Object.keys(event.data)]
      const name = names[which % names.length] ?? ''
      if (Object.hasOwn(event.data, name)) event.data[name] = text
      else event[name] = name === 'data' ? { text } : name === 'sequence' ? '000000000002' : text
      return lines.map((line, j) => (i === j ? `${canonicalJson(event)}\n` : line)).join('')
    })
    property(edited)
  })

  it('finds any cut, at the beginning, in the middle and at the end', () => {
    const text = lines.join('')
    const cut = (length: number) =>
      fc
        .tuple(fc.nat({ max: length }), fc.nat({ max: length }))
        .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
    property(cut(lines.length).map(([from, to]) => [...lines.slice(0, from), ...lines.slice(to)].join('')))
    property(cut(text.length).map(([from, to]) => text.slice(0, from) + text.slice(to)))
  })

  it('finds any two lines that have changed places, and any line that has been moved', () => {
    const swapped = fc.tuple(at, at).map(([i, j]) => {
      const other = [...lines]
      other[i] = lines[j] ?? ''
      other[j] = lines[i] ?? ''
      return other.join('')
    })
    const moved = fc.tuple(at, at).map(([i, j]) => {
      const other = [...lines]
      other.splice(j, 0, ...other.splice(i, 1))
      return other.join('')
    })
    property(swapped)
    property(moved)
  })

  it('finds any line that has been put in: a copy, text, or what another log has', () => {
    const other = written().lines
    const line = fc.oneof(
      fc.constantFrom(...lines, ...other, '\n', '{}\n'),
      fc.string().map((text) => `${text}\n`),
    )
    property(fc.tuple(at, line).map(([i, more]) => [...lines.slice(0, i), more, ...lines.slice(i)].join('')))
  })

  it('finds any splice of two logs', () => {
    const other = written().lines
    property(fc.tuple(at, at).map(([i, j]) => [...lines.slice(0, i + 1), ...other.slice(j)].join('')))
    property(fc.tuple(at, at).map(([i, j]) => [...other.slice(0, i + 1), ...lines.slice(j)].join('')))
  })

  it('finds a whole session that was put between the records of another one', () => {
    const path = newLog()
    const one = auditFile(path)
    one.audit(record('a'))
    const before = readFileSync(path, 'utf8')
    const copy = join(folder({ 'audit.jsonl': before }), 'audit.jsonl')
    session(copy, 'forged')
    const forged = readFileSync(copy, 'utf8').slice(before.length)
    one.audit(record('b'))
    one.close()
    const after = readFileSync(path, 'utf8').slice(before.length)
    writeFileSync(path, before + forged + after)
    expect(problem(path)).toBe('5: it has been inserted: those who wrote behind it have not seen it')
  })

  const three = (): string => {
    const path = newLog()
    session(path, 'a', 'b', 'c')
    return path
  }
  const change = (path: string, change: (lines: string[]) => readonly string[]): string => {
    writeFileSync(
      path,
      change(linesIn(path))
        .map((line) => `${line}\n`)
        .join(''),
    )
    return path
  }
  it.each<[string, (lines: string[]) => readonly string[], string | undefined]>([
    [
      'an edit',
      ([a, b, ...c]) => [a ?? '', b?.replace('"allow"', '"deny"') ?? '', ...c],
      '2: it is not the record that the record behind it',
    ],
    [
      'an edit of the link',
      ([a, b, c, ...d]) => [a ?? '', b ?? '', c?.replace(/("previous":"sha256:)./, '$1x') ?? '', ...d],
      '3: it is no record',
    ],
    [
      'an edit of the link that looks like one',
      ([a, b, c = '', ...d]) => [
        a ?? '',
        b ?? '',
        c.replace(/(?<="previous":"sha256:)./, (x) => (x === '0' ? '1' : '0')),
        ...d,
      ],
      '3: it was not written behind the record before it',
    ],
    ['an edit of how it is written', ([a, b, ...c]) => [a ?? '', ` ${b}`, ...c], '2: it is no record as it is written'],
    ['a line less', ([a, , ...c]) => [a ?? '', ...c], '2: record 000000000003 of chain'],
    ['a beginning less', ([, ...b]) => b, '1: record 000000000002 of chain'],
    ['a line twice', ([a, b, ...c]) => [a ?? '', b ?? '', b ?? '', ...c], '3: record 000000000002 of chain'],
    ['an end less, which only an anchor shows', (all) => all.slice(0, -1), undefined],
  ])('names the first line that is wrong: %s', (_, edit, expected) => {
    const found = problem(change(three(), edit))
    if (expected === undefined) expect(found).toBeUndefined()
    else expect(found).toContain(expected)
  })

  it('names the line that was changed, though the record of another chain is the first that does not fit', () => {
    const path = newLog()
    const one = auditFile(path)
    one.audit(record('a'))
    const two = auditFile(path)
    one.audit(record('b'))
    one.close()
    two.close()
    change(path, (all) => all.map((line, i) => (i === 1 ? line.replace('"allow"', '"deny"') : line)))
    expect(problem(path)).toMatch(/^2: /)
  })

  it('tells of a chain without its end, and how much no anchor vouches for', () => {
    const path = three()
    const anchor = digestOf(canonicalJson(JSON.parse(linesIn(path)[2] ?? '')) ?? '')
    change(path, (all) => all.slice(0, -1))
    const { notes, unanchored } = verifyAudit([path], { anchors: [anchor] })
    expect(unanchored).toBe(1)
    expect(notes.join()).toContain(
      'is not closed: it is being written, or its process was stopped, or its end has been cut off',
    )
  })

  it('says which anchor is not in the log', () => {
    expect(problem(three(), { anchors: [digestOf('x')] })).toBe(
      `5: no record has the digest ${digestOf('x')}: what was behind this line has been cut off, or the log is another one`,
    )
  })
})

describe('a line that was not written to its end', () => {
  it('is recognised: the next start carries on behind it, and says so', () => {
    const path = newLog()
    session(path, 'a', 'b')
    truncateSync(path, statSync(path).size - 40)
    expect(problem(path)).toContain('4: it is no record as it is written: it has been changed or inserted, or torn')
    const told: string[] = []
    const next = auditFile(path, (note) => told.push(note))
    next.audit(record('c'))
    next.close()
    expect(told.join()).toMatch(/had a line that was not written to its end \(\d+ bytes\): it goes on behind it/)
    expect(problem(path)).toBeUndefined()
    expect(verifyAudit([path]).notes[0]).toBe(`${path}:4: torn, as the record behind it says`)
    const changed = readFileSync(path, 'utf8').split('\n')
    changed[3] = changed[3]?.slice(0, -1) ?? ''
    writeFileSync(path, changed.join('\n'))
    expect(problem(path)).toMatch(/^4: /)
    writeFileSync(path, changed.filter((_, i) => i !== 3).join('\n'))
    expect(problem(path)).toMatch(/^4: the torn line that was before it has been removed/)
  })

  it.each([1, 2, 3, 100, 101])('is recognised wherever it ends: %i bytes less', (less) => {
    const path = newLog()
    session(path, 'a')
    truncateSync(path, statSync(path).size - less)
    expect(problem(path)).toBeDefined()
    session(path, 'b')
    expect(problem(path)).toBeUndefined()
  })

  it('is recognised by a process that writes beside the one that was stopped', () => {
    const path = newLog()
    const { audit, close } = auditFile(path)
    audit(record('a'))
    appendFileSync(path, linesIn(path)[0]?.slice(0, 50) ?? '')
    audit(record('b'))
    audit(record('c'))
    close()
    expect(problem(path)).toBeUndefined()
    expect(linesIn(path)).toHaveLength(6)
  })

  it('is all that there is', () => {
    const path = newLog()
    session(path)
    truncateSync(path, 20)
    session(path, 'a')
    expect(problem(path)).toBeUndefined()
  })
})

it.each(['{"time":"2026-01-01T00:00:00Z"}\n', 'hello', 'hello\n', '\n'])(
  'a file that is no audit log is not written to: %j',
  (text) => {
    const path = join(folder({ 'audit.jsonl': text }), 'audit.jsonl')
    expect(() => auditFile(path)).toThrow('it does not end in a record of an audit log')
    expect(readFileSync(path, 'utf8')).toBe(text)
  },
)

describe('a log that is moved away', () => {
  const moved = (): { paths: [string, string]; told: string[] } => {
    const now = vi.spyOn(performance, 'now')
    let time = 0
    now.mockImplementation(() => time)
    const path = newLog()
    const told: string[] = []
    const { audit, close } = auditFile(path, (note) => told.push(note))
    audit(record('a'))
    renameSync(path, `${path}.1`)
    audit(record('still in the old one'))
    time += 2000
    audit(record('b'))
    close()
    now.mockRestore()
    return { paths: [`${path}.1`, path], told }
  }

  it('goes on in a new file, and so does the chain', () => {
    const { paths, told } = moved()
    expect(linesIn(paths[0])).toHaveLength(4)
    expect(linesIn(paths[1])).toHaveLength(2)
    expect(problem(paths)).toBeUndefined()
    expect(verifyAudit(paths).notes).toEqual([])
    expect(problem(paths.toReversed())).toMatch(/^1: record 000000000005 .* none of that chain is before it/)
    expect(told[0]).toMatch(
      /^the audit log was moved away, and goes on in a new file; the old one ends with record 000000000004/,
    )
  })

  it('can be verified without the old file by the digest of where that ended', () => {
    const { paths, told } = moved()
    const digest = /sha256:\w+/.exec(told[0] ?? '')?.[0] ?? ''
    expect(problem(paths[1])).toMatch(/^1: /)
    expect(problem(paths[1], { after: [digest] })).toBeUndefined()
  })

  it('while nobody wrote it begins a chain of its own, of which verification tells', () => {
    const path = newLog()
    session(path, 'a')
    renameSync(path, `${path}.1`)
    session(path, 'b')
    expect(verifyAudit([`${path}.1`, path]).notes).toEqual([
      `${path} begins with a chain of its own: nothing shows whether a file before it is missing`,
    ])
  })

  it('and cannot be made again refuses what cannot be recorded', () => {
    const now = vi.spyOn(performance, 'now').mockImplementation(() => 0)
    const inner = folder()
    const path = join(inner, 'audit.jsonl')
    const { audit, close } = auditFile(path)
    renameSync(inner, `${inner}.moved`)
    now.mockImplementation(() => 5000)
    expect(() => audit(record('a'))).toThrow('ENOENT')
    expect(() => audit(record('a'))).toThrow('ENOENT')
    renameSync(`${inner}.moved`, inner)
    audit(record('b'))
    close()
    now.mockRestore()
    expect(problem(path)).toBeUndefined()
  })
})

describe('processes that append to one file', () => {
  it('have a chain each, and tie it to what the others have written', async () => {
    const path = newLog()
    const module = fileURLToPath(new URL('../../src/surfaces/mcp/audit/audit-file.ts', import.meta.url))
    const script = `
      const { auditFile } = await import(${JSON.stringify(module)})
      const { audit, close } = auditFile(${JSON.stringify(path)})
      for (let i = 0; i < 100; i++) audit({ ...${JSON.stringify(record('a'))}, rules: [String(i)] })
      close()`
    const run = () =>
      new Promise((resolve) =>
        spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: 'inherit' }).once(
          'close',
          resolve,
        ),
      )
    expect(await Promise.all([run(), run(), run()])).toEqual([0, 0, 0])
    expect(problem(path)).toBeUndefined()
    expect(verifyAudit([path])).toMatchObject({ chains: 3, notes: [] })
    expect(linesIn(path).filter((line) => JSON.parse(line).type === 'dev.licet.decision')).toHaveLength(300)
  })

  it('cannot have one of them left out', () => {
    const { lines } = written()
    const chains = new Set(lines.map((line) => JSON.parse(line).chain as string))
    const path = newLog()
    for (const chain of chains) {
      writeFileSync(path, lines.filter((line) => JSON.parse(line).chain !== chain).join(''))
      expect(problem(path)).toBeDefined()
    }
  })
})

it('anchors are told every ten thousand records, and at the end', () => {
  const told: string[] = []
  const path = newLog()
  const { audit, close } = auditFile(path, (note) => told.push(note))
  for (let i = 0; i < 10_000; i++) audit(record('a'))
  close()
  expect(told).toHaveLength(2)
  const digests = told.map((note) => /sha256:\w+$/.exec(note)?.[0] ?? '')
  expect(verifyAudit([path], { anchors: digests })).toMatchObject({ records: 10_002, unanchored: 0 })
})

it('anchors are told every hour in which something happens', () => {
  const now = vi.spyOn(performance, 'now').mockImplementation(() => 0)
  const told: string[] = []
  const { audit, close } = auditFile(newLog(), (note) => told.push(note))
  audit(record('a'))
  now.mockImplementation(() => 3_600_001)
  audit(record('b'))
  audit(record('c'))
  expect(told).toEqual([expect.stringMatching(/^the audit log has come to record 000000000003 .* sha256:/)])
  now.mockRestore()
  close()
})
