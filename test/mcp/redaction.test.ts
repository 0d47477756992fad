import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import { createRedaction, redactionOf } from '../../src/surfaces/mcp/audit/redaction.ts'
import { guard, lockOf } from './guarded.ts'

const lock = lockOf({
  tools: [
    {
      name: 'fetch',
      inputSchema: {
        type: 'object',
        properties: {
          url: { type: 'string' },
          password: {},
          n: { type: 'array', items: { type: ['number', 'null'] } },
          open: { type: 'object', properties: { a: {}, b: true }, patternProperties: { '^x': {} } },
          list: { type: 'array', prefixItems: [{ type: 'string' }] },
          headers: { type: 'object', additionalProperties: { type: ['string', 'integer', 'object'] } },
          auth: { $ref: '#/$defs/auth' },
          parts: { type: 'array', items: { type: 'object', properties: { secret: {}, 'x.key': {}, n: {} } } },
          node: { $ref: '#/$defs/node' },
        },
        $defs: {
          auth: { anyOf: [{ type: 'string' }, { type: 'object', properties: { user: {}, token: {} } }] },
          node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } },
        },
      },
    },
    { name: 'bare', inputSchema: { type: 'object' } },
  ],
  prompts: [{ name: 'ask', arguments: [{ name: 'question' }] }],
})
const hidden = '[redacted]'

function recorded(redact: readonly string[], args: JsonObject, name = 'fetch') {
  return createRedaction(redact, lock)({ kind: 'tool', server: 's', name }, args)
}

describe('recorded arguments', () => {
  it.each<[string, readonly string[], JsonObject, JsonObject]>([
    ['are what they are', [], { url: 'u', password: 'p' }, { url: 'u', password: 'p' }],
    ['lack what is at a path', ['args.password'], { url: 'u', password: { p: 1 } }, { url: 'u', password: hidden }],
    [
      'lack every member',
      ['args.headers.*'],
      { headers: { a: 1, b: { c: 2 } } },
      { headers: { a: hidden, b: hidden } },
    ],
    [
      'lack a member however it is spelt',
      ['args.headers.authorization'],
      { headers: { Authorization: 'a', AUTHORIZATION: 'b', other: 'c' } },
      { headers: { Authorization: hidden, AUTHORIZATION: hidden, other: 'c' } },
    ],
    [
      'lack a member of every element',
      ['args.parts.*.secret'],
      { parts: [{ secret: 1, n: 2 }] },
      { parts: [{ secret: hidden, n: 2 }] },
    ],
    [
      'lack a member whose name has a dot',
      ['args.parts.*["x.key"]'],
      { parts: [{ 'x.key': 1 }] },
      { parts: [{ 'x.key': hidden }] },
    ],
    [
      'lack what a schema refers to',
      ['args.auth.token'],
      { auth: { user: 'u', token: 't' } },
      { auth: { user: 'u', token: hidden } },
    ],
    ['lack all where it is not what the path leads through', ['args.auth.token'], { auth: 'u:t' }, { auth: hidden }],
    [
      'lack all of a list that the path does not lead through',
      ['args.auth.token'],
      { auth: [{ token: 't' }] },
      { auth: hidden },
    ],
    ['lack what the lock does not name', [], { url: 'u', pasword: 'p' }, { url: 'u', pasword: hidden }],
    [
      'have integers that not every reader would read as texts',
      [],
      { n: [2n ** 60n, 1e20, 1.5, null] },
      { n: ['1152921504606846976', '100000000000000000000', 1.5, null] },
    ],
    [
      'lack what an open schema does not declare, at any depth',
      [],
      {
        open: { a: 1, b: { c: 2 }, x1: 3, api_key: 's' },
        password: { p: 1 },
        node: { next: { next: {}, token: 's' } },
      },
      {
        open: { a: 1, b: { c: hidden }, x1: hidden, api_key: hidden },
        password: { p: hidden },
        node: { next: { next: {}, token: hidden } },
      },
    ],
    [
      'lack the elements that a schema says nothing of',
      [],
      { list: ['a', 's'], password: ['s'], parts: [{ n: 1, other: 's' }] },
      { list: ['a', hidden], password: [hidden], parts: [{ n: 1, other: hidden }] },
    ],
    [
      'have own members only',
      ['args.password'],
      JSON.parse('{"__proto__":{"password":1},"password":2}'),
      JSON.parse(`{"__proto__":"${hidden}","password":"${hidden}"}`),
    ],
  ])('%s', (_, redact, args, expected) => {
    const found = recorded(redact, args)
    expect(found).toEqual(expected)
    expect(Object.keys(found ?? {})).toEqual(Object.keys(expected))
  })

  it('of a tool that names none are hidden, of an unknown tool not there at all', () => {
    expect(recorded([], { x: 1 }, 'bare')).toEqual({ x: hidden })
    expect(recorded([], { x: 1 }, 'other')).toBeUndefined()
  })
})

describe('a path', () => {
  it.each([
    'args.url',
    'args.node.next.next.next',
    'args.headers.authorization',
    'args["url"]',
    'args.*',
    'args.parts.*.*',
    'args.question',
  ])('leads to an argument: %s', (path) => {
    expect(() => createRedaction([path], lock)).not.toThrow()
  })

  it.each([
    ['args.pasword', '`args.pasword` leads to no argument that is locked: did you mean `args.password`?'],
    ['args.auth.tokn', 'leads to no argument that is locked'],
    ['args.url.host', 'leads to no argument that is locked'],
    ['args.parts.secret', 'leads to no argument that is locked'],
    ['args.node.text', 'leads to no argument that is locked'],
    ['args.question.text', 'leads to no argument that is locked'],
    ['args.constructor', 'leads to no argument that is locked'],
    ['password', 'is no path of an argument'],
    ['args', 'is no path of an argument'],
    ['argspassword', 'is no path of an argument'],
    ['args.', 'is no path of an argument'],
    ['args..a', 'is no path of an argument'],
    ['args.pass*', 'is no path of an argument'],
    ['args[url]', 'is no path of an argument'],
    ['args["url"', 'is no path of an argument'],
    ['', 'is no path of an argument'],
  ])('that is wrong is an error: %s', (path, message) => {
    expect(() => createRedaction([path], lock)).toThrow(message)
  })

  it('through a schema that leads to itself leads nowhere', () => {
    const circle = { anyOf: [{ $ref: '#/$defs/circle' }, { $ref: '#/$defs/circle' }] }
    const inputSchema = { type: 'object', properties: { a: { $ref: '#/$defs/circle' } }, $defs: { circle } }
    const circular = lockOf({ tools: [{ name: 't', inputSchema }] })
    expect(() => createRedaction(['args.a.b'], circular)).toThrow('leads to no argument that is locked')
  })

  it('may have more references, one behind the other, than there is room on the stack', () => {
    const most = 30_000
    const $defs = Object.fromEntries(
      Array.from({ length: most }, (_, i) => [
        `d${i}`,
        i === most - 1 ? { properties: { b: {} } } : { $ref: `#/$defs/d${i + 1}` },
      ]),
    )
    const inputSchema = { type: 'object', properties: { a: { $ref: '#/$defs/d0' } }, $defs }
    const chained = lockOf({ tools: [{ name: 't', inputSchema }] })
    const record = createRedaction([], chained)
    expect(record({ kind: 'tool', server: 's', name: 't' }, { a: { b: 1, c: 2 } })).toEqual({ a: { b: 1, c: hidden } })
  })

  it('needs a lock, and arguments that are recorded', () => {
    expect(() => redactionOf({ arguments: 'redacted' }, undefined)).toThrow('only of a server that is locked')
    expect(() => redactionOf({ redact: ['args.url'] }, lock)).toThrow('`arguments` is not `redacted`')
    expect(() => redactionOf({ arguments: 'all' as 'digest' }, lock)).toThrow('not `all`')
    expect(redactionOf({}, undefined)).toBeUndefined()
  })
})

describe('the audit', () => {
  const typed = lockOf({
    tools: [
      {
        name: 'login',
        inputSchema: { type: 'object', properties: { user: { type: 'string' }, password: { type: 'string' } } },
      },
    ],
  })
  const rules = 'allow call login if args has user and args.user == "ann"'
  const audited = async (args: JsonObject, redact?: readonly string[]) => {
    const { client, audit } = guard(rules, typed, redact === undefined ? {} : { redact })
    await client({ id: 1, method: 'tools/call', params: { name: 'login', arguments: args } })
    return audit[0]
  }

  it('has arguments only where they are wanted, with their digest, and of denials too', async () => {
    expect(await audited({ user: 'ann' })).not.toHaveProperty('args')
    const allowed = await audited({ user: 'ann', password: 'hunter2' }, ['args.password'])
    expect(allowed).toMatchObject({ decision: 'allow', args: { user: 'ann', password: hidden } })
    expect(allowed?.arguments).toMatch(/^sha256:/)
    expect(await audited({ user: 'bob', password: 'hunter2' }, ['args.password'])).toMatchObject({
      decision: 'deny',
      args: { user: 'bob', password: hidden },
    })
  })

  it('has none that are not as the lock says', async () => {
    const wrong = await audited({ user: { password: 'hunter2' } }, ['args.password'])
    expect(wrong).toMatchObject({ reason: 'invalid-arguments' })
    expect(wrong).not.toHaveProperty('args')
  })
})
