import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { canonicalJson } from '../../src/base/canonical.ts'
import type { AuditRecord } from '../../src/surfaces/mcp/audit/audit.ts'
import { auditFile } from '../../src/surfaces/mcp/audit/audit-file.ts'
import { digestOf, linkedEvent } from '../../src/surfaces/mcp/audit/event.ts'
import { verifyAudit } from '../../src/surfaces/mcp/audit/verify.ts'
import { folder } from '../node/folder.ts'

/** What happens when a line is about to be written, and how much of it is. */
const disk = vi.hoisted(() => ({ before: () => {}, room: Number.POSITIVE_INFINITY }))

vi.mock('node:fs', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs')>()
  return {
    ...original,
    writeSync: (file: number, line: Buffer): number => {
      const { before, room } = disk
      disk.before = () => {}
      before()
      return original.writeSync(file, line.subarray(0, room))
    },
  }
})

beforeEach(() => {
  disk.before = () => {}
  disk.room = Number.POSITIVE_INFINITY
})

const record = (name: string): AuditRecord => ({
  time: '2026-11-29T12:00:00.000Z',
  method: 'tools/call',
  actor: null,
  agents: [],
  action: 'call',
  resource: { server: 's', kind: 'tool', name },
  decision: 'allow',
  reason: 'granted',
  rules: [],
  errors: [],
  policy: 'sha256:test',
  duration: 5,
})
const newLog = (): string => join(folder(), 'audit.jsonl')
const linesIn = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n')
const eventsIn = (path: string) => linesIn(path).map((line) => JSON.parse(line))

describe('a disk that is full', () => {
  it('refuses the record, and the next one says what is left of it', () => {
    const path = newLog()
    const told: string[] = []
    const { audit, close } = auditFile(path, (note) => told.push(note))
    for (const room of [100, 1, 40]) {
      disk.room = room
      expect(() => audit(record('lost'))).toThrow('no space left for a whole line')
    }
    disk.room = Number.POSITIVE_INFINITY
    audit(record('kept'))
    close()
    expect(told[0]).toMatch(/had a line that was not written to its end \(\d+ bytes\)/)
    expect(verifyAudit([path])).toMatchObject({ records: 3, notes: [`${path}:2: torn, as the record behind it says`] })
    expect(verifyAudit([path]).problem).toBeUndefined()
  })
})

describe('two processes that write in the same instant', () => {
  it('vouch for each other with their next lines', () => {
    const path = newLog()
    const one = auditFile(path)
    const two = auditFile(path)
    one.audit(record('a'))
    disk.before = () => two.audit(record('b'))
    one.audit(record('c'))
    one.audit(record('d'))
    const [, , , b, c, d] = eventsIn(path)
    expect([b, c, d].map(({ data }) => data.resource.name)).toEqual(['b', 'c', 'd'])
    expect(c).not.toHaveProperty('after')
    expect(d.after).toBe(digestOf(canonicalJson(b) ?? ''))
    one.close()
    two.close()
    expect(verifyAudit([path]).problem).toBeUndefined()

    // Without what came in between, what refers to it leads nowhere.
    writeFileSync(
      path,
      `${linesIn(path)
        .filter((line) => JSON.parse(line).chain !== b.chain)
        .join('\n')}\n`,
    )
    expect(verifyAudit([path]).problem).toBeDefined()
  })
})

describe('two processes that open one new file in the same instant', () => {
  it('vouch for each other with their next lines', () => {
    const path = newLog()
    let two: ReturnType<typeof auditFile> | undefined
    disk.before = () => {
      two = auditFile(path)
      two.audit(record('b'))
    }
    const one = auditFile(path)
    expect(eventsIn(path).map(({ type, after }) => [type, after])).toEqual([
      ['dev.licet.audit.opened', undefined],
      ['dev.licet.decision', undefined],
      ['dev.licet.audit.opened', undefined],
      ['dev.licet.audit.opened', digestOf(canonicalJson(eventsIn(path)[1]) ?? '')],
    ])
    expect(verifyAudit([path]).problem).toBeUndefined()
    one.audit(record('a'))
    two?.audit(record('c'))
    one.close()
    two?.close()
    expect(verifyAudit([path])).toMatchObject({ records: 8, chains: 2, notes: [] })
    expect(verifyAudit([path]).problem).toBeUndefined()
  })
})

describe('lines as no process writes them', () => {
  const [a, b] = ['a', 'b'].map((digit) => '00000000-0000-0000-0000-000000000000'.replaceAll('0', digit))
  type Type = Parameters<typeof linkedEvent>[0]['type']
  const linked = (type: string, links: Parameters<typeof linkedEvent>[1], number: number) =>
    linkedEvent({ type: `dev.licet.${type}` as Type, time: '', source: '/licet', data: {} }, links, number)
  const found = (...files: readonly (readonly { text: string }[])[]) => {
    const paths = files.map((lines) => {
      const path = newLog()
      writeFileSync(path, lines.map(({ text }) => `${text}\n`).join(''))
      return path
    })
    return verifyAudit(paths).problem?.message
  }

  it('have something behind the end of a chain', () => {
    const opened = linked('audit.opened', { chain: a ?? '' }, 1)
    const closed = linked('audit.closed', { chain: a ?? '', previous: opened.digest }, 2)
    const more = linked('decision', { chain: a ?? '', previous: closed.digest }, 3)
    expect(found([opened, closed])).toBeUndefined()
    expect(found([opened, closed, more])).toContain('which was closed before it')
  })

  it('are of two logs, one behind the other', () => {
    const logs = [a, b].map((chain = '') => {
      const opened = linked('audit.opened', { chain }, 1)
      return [opened, linked('decision', { chain, previous: opened.digest }, 2)]
    })
    expect(found(logs.flat())).toContain('it is from another log')
  })

  it('or are the last of a file that another process has written into at that instant, which is none', () => {
    const opened = linked('audit.opened', { chain: a ?? '' }, 1)
    const other = linked('audit.opened', { chain: b ?? '', after: opened.digest }, 1)
    const moved = linked('audit.moved', { chain: a ?? '', previous: opened.digest }, 2)
    const next = linked('decision', { chain: a ?? '', previous: moved.digest }, 3)
    expect(found([opened, other, moved], [next])).toBeUndefined()
    expect(found([opened, other, moved, next])).toContain('it has been inserted')
  })
})
