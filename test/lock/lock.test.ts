import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { severityOf } from '../../src/base/codes.ts'
import type { JsonObject } from '../../src/base/json.ts'
import type { Lock } from '../../src/lock/format.ts'
import { readLock } from '../../src/lock/read-lock.ts'
import { writeLock } from '../../src/lock/write-lock.ts'
import { digestsOf } from '../../src/surfaces/mcp/enforcement/digest.ts'

const sha = `sha256:${'0'.repeat(64)}`

/** Each diagnostic as its message and the text it points at. */
function mistakes(text: string): string[] {
  const { lock, diagnostics } = readLock({ name: 'x.lock.json', text })
  expect(lock === undefined).toBe(diagnostics.length > 0)
  return diagnostics.map(({ code, message, span, help, related }) => {
    expect(code).toBe('bad-lock')
    expect(span.file).toBe('x.lock.json')
    const first = related?.map((r) => ` (first: ${r.span.start})`).join('') ?? ''
    return `${message} @ ${text.slice(span.start, span.end)}${help ? `; ${help}` : ''}${first}`
  })
}

function accepted(text: string): Lock {
  const { lock, diagnostics } = readLock({ name: 'x.lock.json', text })
  if (lock === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return lock
}

const minimal = '{ "lock": 1, "server": "s" }'
const withTools = (tools: string) => `{ "lock": 1, "server": "s", "tools": ${tools} }`

describe('readLock', () => {
  it('takes a lock that a person wrote: a version, a name, and what there is', () => {
    expect(accepted(minimal)).toEqual({
      server: 's',
      tools: [],
      prompts: [],
      resources: [],
      resourceTemplates: [],
      digests: { tools: new Map(), prompts: new Map(), resources: new Map(), resourceTemplates: new Map() },
    })
  })

  it('keeps what the server sent, known or not', () => {
    const tool = {
      name: '__proto__',
      inputSchema: { type: 'object' },
      annotations: { readOnlyHint: true, x: 1 },
      new: [1],
    }
    expect(accepted(withTools(JSON.stringify([tool]))).tools).toEqual([tool])
    expect(
      accepted(withTools('[{"name":"a","inputSchema":{"maximum":9223372036854775807}}]')).tools[0]?.inputSchema,
    ).toEqual({
      maximum: 9223372036854775807n,
    })
  })

  it.each([
    ['', ['the text ends where a value is expected @ ']],
    ['{ "lock": 1, }', ['expected a key in double quotes @ }']],
    ['{ "lock": 1, "server": "s", "server": "s" }', ['the key `server` twice @ "']],
    ['[]', ['expected an object @ []']],
    ['{}', ['`lock` is missing @ {', '`server` is missing @ {']],
    ['{ "lock": 2, "server": "s" }', ['expected `1` @ 2']],
    ['{ "lock": 1, "server": "" }', ['expected a string that is not empty @ ""']],
    ['{ "lock": 1, "server": 7 }', ['expected a string that is not empty @ 7']],
    ['{ "lock": 1, "server": "s", "tool": [] }', ['there is no member `tool` here @ "tool"; did you mean `tools`?']],
    ['{ "lock": 1, "server": "s", "reached": { "command": "npx" } }', ['`args` is missing @ {']],
    [
      '{ "lock": 1, "server": "s", "reached": { "command": "npx", "args": ["-y", 1], "url": "x" } }',
      [
        '`origin` is missing @ {',
        'there is no member `command` here @ "command"',
        'there is no member `args` here @ "args"',
        'expected an absolute URL @ "x"',
      ],
    ],
    [
      '{ "lock": 1, "server": "s", "reached": { "url": "https://a.dev/mcp", "origin": "https://b.dev" } }',
      ['the origin of `url` is `https://a.dev` @ "https://b.dev"'],
    ],
    ['{ "lock": 1, "server": "s", "instructions": ["x"] }', ['expected a string @ ["x"]']],
    [
      '{ "lock": 1, "server": "s", "capabilities": 1, "serverInfo": [] }',
      ['expected an object @ 1', 'expected an object @ []'],
    ],
    [withTools('{}'), ['expected an array @ {}']],
    [withTools('[7]'), ['expected an object @ 7']],
    [withTools('[{}]'), ['`name` is missing @ {', '`inputSchema` is missing @ {']],
    [withTools('[{ "name": "a", "inputSchema": true }]'), ['expected an object @ true']],
    [
      withTools(
        '[{ "name": "a", "inputSchema": {}, "description": 1, "outputSchema": [], "_meta": "x", "icons": [{}] }]',
      ),
      ['expected a string @ 1', 'expected an object @ []', 'expected an object @ "x"', '`src` is missing @ {'],
    ],
    [
      withTools('[{ "name": "a", "inputSchema": {}, "annotations": { "readOnlyHint": "yes" } }]'),
      ['expected `true` or `false` @ "yes"'],
    ],
    [
      withTools('[{ "name": "a", "inputSchema": {}, "execution": { "taskSupport": "maybe" } }]'),
      ['expected `"forbidden"` or `"optional"` or `"required"` @ "maybe"'],
    ],
    [
      withTools('[{ "name": "a", "inputSchema": {} }, { "inputSchema": {}, "name": "a" }]'),
      ['the tool `a` twice @ "a" (first: 48)'],
    ],
    [
      '{ "lock": 1, "server": "s", "prompts": [{ "name": "p", "arguments": [{ "name": "x" }, { "name": "x", "required": 1 }] }] }',
      ['expected `true` or `false` @ 1', 'the argument `x` twice @ "x" (first: 79)'],
    ],
    [
      '{ "lock": 1, "server": "s", "resources": [{ "name": "r", "uri": "x:a", "size": "1" }, { "name": "r", "uri": "x:a" }] }',
      ['expected a number @ "1"', 'the resource `x:a` twice @ "x:a" (first: 64)'],
    ],
    ['{ "lock": 1, "server": "s", "resourceTemplates": [{ "name": "r" }] }', ['`uriTemplate` is missing @ {']],
    [
      '{ "lock": 1, "server": "s", "digests": { "server": "md5:1", "tools": { "a": "x" } } }',
      ['expected `sha256:` and 64 hexadecimal digits @ "md5:1"', 'expected `sha256:` and 64 hexadecimal digits @ "x"'],
    ],
    [
      `{ "lock": 1, "server": "s", "digests": { "tools": { "a": "${sha}" } } }`,
      ['the digest of a tool that is not in the lock @ "a"'],
    ],
  ])('%j', (text, expected) => expect(mistakes(text)).toEqual(expected))

  it('reports the first fifty mistakes', () => {
    expect(mistakes(withTools(`[${'7,'.repeat(100)}7]`))).toHaveLength(50)
  })

  it('never throws', () => {
    const value = fc.jsonValue({ maxDepth: 3 })
    const member = fc.constantFrom('lock', 'server', 'reached', 'tools', 'prompts', 'resources', 'digests', 'x')
    fc.assert(
      fc.property(
        fc.dictionary(member, fc.oneof(value, fc.array(fc.dictionary(fc.constantFrom('name', 'uri', 'icons'), value)))),
        (file) => {
          const { diagnostics } = readLock({ name: 'f', text: JSON.stringify({ lock: 1, server: 's', ...file }) })
          for (const { code } of diagnostics) expect(severityOf(code)).toBe('error')
        },
      ),
    )
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readLock({ name: 'f', text })))
  })
})

const definition = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4, noNullPrototype: true })
const named = (key: string) =>
  fc.uniqueArray(
    fc.string({ minLength: 1, maxLength: 5 }).map((name) => ({ [key]: name })),
    { selector: (item) => item[key], maxLength: 4 },
  )
const aLock = fc
  .record({
    tools: named('name'),
    prompts: named('name'),
    resources: named('uri'),
    extra: definition,
    schema: definition,
  })
  .map(({ tools, prompts, resources, extra, schema }) => {
    const text = JSON.stringify({
      lock: 1,
      server: 's',
      reached: { command: 'npx', args: ['-y', 'x'], package: 'x@1.0.0' },
      instructions: 'Do.',
      tools: tools.map((tool) => ({ 'x-extra': extra, inputSchema: schema, ...tool })),
      prompts,
      resources: resources.map((resource) => ({ name: 'r', ...resource })),
    })
    return readLock({ name: 'f', text }).lock
  })
  .filter((lock) => lock !== undefined)

describe('writeLock', () => {
  it('is read back to the same definitions, and then written the same', () => {
    fc.assert(
      fc.property(aLock, (lock) => {
        const whole = { ...lock, digests: digestsOf(lock) }
        const text = writeLock(whole)
        const back = accepted(text)
        expect(writeLock(back)).toBe(text)
        expect(digestsOf(back)).toEqual(digestsOf(lock))
        expect(back.digests).toEqual(whole.digests)
        expect(new Set(back.tools)).toEqual(new Set(lock.tools))
        expect(writeLock({ ...whole, tools: [...whole.tools].reverse() })).toBe(text)
      }),
    )
  })

  it('is made to be read and compared', () => {
    const tools: JsonObject[] = [
      {
        inputSchema: { type: 'object', properties: { b: {}, a: {} } },
        name: 'write',
        annotations: { readOnlyHint: false },
      },
      { description: 'Reads.', inputSchema: { type: 'object' }, name: 'read' },
    ]
    const lock = accepted(JSON.stringify({ tools, server: 'fs', lock: 1 }))
    expect(writeLock(lock)).toBe(`{
  "lock": 1,
  "server": "fs",
  "tools": [
    {
      "name": "read",
      "description": "Reads.",
      "inputSchema": {
        "type": "object"
      }
    },
    {
      "name": "write",
      "annotations": {
        "readOnlyHint": false
      },
      "inputSchema": {
        "properties": {
          "a": {},
          "b": {}
        },
        "type": "object"
      }
    }
  ],
  "prompts": [],
  "resources": [],
  "resourceTemplates": []
}
`)
  })
})

const servers = new URL('../../../shared/conformance/mcp-servers/', import.meta.url)

describe.skipIf(!existsSync(servers))('locks of real servers (skipped where the conformance data is absent)', () => {
  it.each(existsSync(servers) ? readdirSync(servers).filter((name) => name.endsWith('.json')) : [])('%s', (file) => {
    const { server, caps, tools, prompts, resources, templates } = JSON.parse(
      readFileSync(new URL(file, servers), 'utf8'),
    )
    const sent = {
      lock: 1,
      server: 's',
      serverInfo: server,
      capabilities: caps,
      tools,
      prompts,
      resources,
      resourceTemplates: templates,
    }
    const lock = accepted(JSON.stringify(sent))
    expect(lock.tools).toEqual(tools)
    expect(digestsOf(accepted(writeLock(lock)))).toEqual(digestsOf(lock))
  })
})
