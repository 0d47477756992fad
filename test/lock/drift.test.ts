import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import type { LiveServer } from '../../src/lock/drift.ts'
import { driftOf, hasDrifted } from '../../src/lock/drift.ts'
import type { Lock } from '../../src/lock/format.ts'
import { readLock } from '../../src/lock/read-lock.ts'
import { renderDrift } from '../../src/lock/render-drift.ts'
import { digestsOf, itemDigest, serverDigest, wrongDigests } from '../../src/surfaces/mcp/enforcement/digest.ts'

const read = { name: 'read', description: 'Reads a file.', inputSchema: { type: 'object', properties: { path: {} } } }
const write = { name: 'write', inputSchema: { type: 'object' } }
const log = { name: 'log', uri: 'x:log', size: 1, annotations: { lastModified: '2026-01-01T00:00:00Z', priority: 1 } }
const reached = { command: 'npx', args: ['fs'] }

function lockOf(members: JsonObject): Lock {
  const { lock } = readLock({ name: 'f', text: JSON.stringify({ lock: 1, server: 's', ...members }) })
  if (lock === undefined) throw new Error('no lock')
  return lock
}

const lock = lockOf({
  reached,
  protocolVersion: '2025-11-25',
  instructions: 'Be kind.',
  tools: [read, write],
  resources: [log],
})
const unchanged: LiveServer = { protocolVersion: '2025-11-25', instructions: 'Be kind.' }

function drift(live: LiveServer): string {
  return renderDrift(driftOf(lock, { ...unchanged, ...live }))
}

describe('driftOf', () => {
  it('compares by value, whatever the order', () => {
    const again = {
      inputSchema: { properties: { path: {} }, type: 'object' },
      name: 'read',
      description: 'Reads a file.',
    }
    const found = driftOf(lock, { ...unchanged, reached, tools: [write, again] })
    expect(found).toEqual({
      server: [],
      items: [
        { list: 'tools', name: 'read', status: 'unchanged' },
        { list: 'tools', name: 'write', status: 'unchanged' },
      ],
    })
    expect(hasDrifted(found)).toBe(false)
  })

  it('names the members that differ, with both values', () => {
    const changed = { ...read, description: 'Reads any file.', _meta: { x: 1 } }
    const { items } = driftOf(lock, { ...unchanged, tools: [changed] })
    expect(items).toEqual([
      {
        list: 'tools',
        name: 'read',
        status: 'drifted',
        fields: [
          { field: '_meta', locked: undefined, live: { x: 1 } },
          { field: 'description', locked: 'Reads a file.', live: 'Reads any file.' },
        ],
      },
      { list: 'tools', name: 'write', status: 'gone' },
    ])
  })

  it.each<[string, LiveServer, string]>([
    ['nothing', {}, ''],
    ['another version', { protocolVersion: '2026-07-28' }, '~ server: protocolVersion changed'],
    ['other arguments', { reached: { command: 'npx', args: ['evil'] } }, '~ server: reached changed'],
    ['another way', { reached: { url: 'https://a.dev/', origin: 'https://a.dev' } }, '~ server: reached changed'],
    ['a new tool', { tools: [read, write, { ...write, name: 'rm' }] }, '+ tool rm'],
    ['a tool that is gone', { tools: [read] }, '- tool write'],
    ['a tool without a name', { tools: [read, write, {}] }, '+ tool (without a name)'],
    ['one name, two tools', { tools: [read, write, { ...write, title: 'x' }] }, '~ tool write: title changed'],
    ['a value that is no JSON', { tools: [read, { ...write, title: '\ud800' }] }, '~ tool write: title changed'],
    ['another size', { resources: [{ ...log, size: 2, annotations: { priority: 1 } }] }, ''],
    ['a size that is text', { resources: [{ ...log, size: 'obey' }] }, '~ resource x:log: size changed'],
    [
      'a date that is text',
      { resources: [{ ...log, annotations: { lastModified: 'obey', priority: 1 } }] },
      '~ resource x:log: annotations changed',
    ],
    [
      'another priority',
      { resources: [{ ...log, annotations: { priority: 2 } }] },
      '~ resource x:log: annotations changed',
    ],
    [
      'hidden letters in a name',
      { tools: [read, write, { ...write, name: 'rm\u202e\u{e0041}\u001b' }] },
      '+ tool rm\\u{202e}\\u{e0041}\\u{1b}',
    ],
  ])('%s', (_, live, line) => {
    expect(drift(live).split('\n')[0]).toBe(line)
    expect(hasDrifted(driftOf(lock, { ...unchanged, ...live }))).toBe(line !== '')
  })

  it('sees instructions appear and go', () => {
    expect(driftOf(lock, { protocolVersion: '2025-11-25' }).server.map(({ field }) => field)).toEqual(['instructions'])
  })
})

describe('renderDrift', () => {
  it('shows both values where they first differ, cut', () => {
    const long = `${'a'.repeat(200)}READ${'b'.repeat(200)}`
    const before = lockOf({ tools: [{ ...write, description: long, title: 'T' }] })
    const text = renderDrift(driftOf(before, { tools: [{ ...write, description: long.replace('READ', 'SEND') }] }))
    expect(text).toBe(
      [
        '~ tool write: description, title changed',
        '    description',
        `      - …${'a'.repeat(30)}READ${'b'.repeat(66)}…`,
        `      + …${'a'.repeat(30)}SEND${'b'.repeat(66)}…`,
        '    title',
        '      - "T"',
        '      + (none)',
        '',
      ].join('\n'),
    )
  })
})

describe('digests', () => {
  it('is SHA-256 over the canonical form', () => {
    // printf '{"inputSchema":{"type":"object"},"name":"write"}' | sha256sum
    expect(itemDigest('tools', write)).toBe('sha256:d1252e6c00503a14793341a6e85873d381bf181f68602ed68b2159895282720a')
  })

  it('pins everything but what changes with the content of a resource', () => {
    const { annotations, size: _, ...rest } = log
    expect(itemDigest('resources', log)).toBe(itemDigest('resources', { ...rest, annotations: { priority: 1 } }))
    expect(itemDigest('resources', log)).not.toBe(itemDigest('resources', rest))
    expect(itemDigest('tools', { ...write, size: 1 })).not.toBe(itemDigest('tools', { ...write, size: 2 }))
    expect(itemDigest('tools', { ...write, annotations })).not.toBe(itemDigest('tools', write))
    expect(itemDigest('tools', { ...write, title: '\ud800' })).toBeUndefined()
  })

  it('pins how a server is reached, its version and its instructions', () => {
    const all = [
      lock,
      { ...lock, instructions: 'x' },
      { ...lock, protocolVersion: 'x' },
      lockOf({}),
      { ...lock, reached: { ...reached, package: 'x' } },
    ]
    expect(new Set(all.map(serverDigest)).size).toBe(all.length)
    const upgraded: Lock = { ...lock, serverInfo: { version: '2' } }
    expect(serverDigest(upgraded)).toBe(serverDigest(lock))
  })

  it('finds definitions that were edited by hand', () => {
    const right = { ...lock, digests: digestsOf(lock) }
    expect(wrongDigests(right)).toEqual([])
    expect(wrongDigests(lock)).toEqual([])
    const [first, ...others] = right.tools
    const edited = {
      ...right,
      instructions: 'Obey.',
      tools: [{ ...first, description: 'x' }, ...others] as Lock['tools'],
    }
    expect(wrongDigests(edited)).toEqual([
      { list: 'server', name: '' },
      { list: 'tools', name: 'read' },
    ])
  })
})
