import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../src/base/json.ts'
import { parseJson, stringifyJson } from '../../src/base/json.ts'
import { createEnforcement } from '../../src/surfaces/mcp/enforcement/enforcement.ts'
import { readMessage } from '../../src/surfaces/mcp/protocol/message.ts'
import { clientRequests, serverNotifications, serverRequests } from '../../src/surfaces/mcp/protocol/methods.ts'
import { hasTwins } from '../../src/surfaces/mcp/protocol/spelling.ts'
import { readLine, writeLine } from '../../src/surfaces/mcp/protocol/wire.ts'
import { anyObject, enforced, guard, lockOf } from './guarded.ts'

const name = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'new'),
  fc.constantFrom('__proto__', 'constructor', ''),
  fc.string(),
)
const tool = (toolName: string, description?: string): JsonObject => ({
  name: toolName,
  inputSchema: anyObject,
  ...(description === undefined ? {} : { description }),
})
const lock = lockOf({ tools: [tool('a'), tool('b'), tool('c')] })
/** Without -0, which JSON writers do not write. */
const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue)
const object = fc.dictionary(
  fc.oneof(fc.string(), fc.constantFrom('x', '__proto__', 'constructor')),
  json,
) as fc.Arbitrary<JsonObject>

describe('invariant 16: what is forwarded', () => {
  it('parses to the value that was judged', async () => {
    await fc.assert(
      fc.asyncProperty(object, async (args) => {
        fc.pre(!hasTwins(args))
        const text = stringifyJson({
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: { name: 'a', arguments: args },
        })
        const incoming = readLine({ kind: 'text', text })
        const judged: unknown[] = []
        const enforcement = createEnforcement({
          server: 's',
          principal: { actor: 'User:ann' },
          reached: { command: 'x', args: [] },
          policy: {
            lock: undefined,
            digest: '',
            engine: {
              authorize: (actor, action, item, env) => {
                judged.push((item as { args?: unknown }).args)
                return policy.engine.authorize(actor, action, item, env)
              },
            },
          },
        })
        if (incoming.message === undefined) throw new Error(incoming.why)
        const verdict = await enforcement.fromClient(incoming.message)
        if (verdict.kind !== 'forward') throw new Error('not forwarded')
        const { value } = parseJson(writeLine(verdict.message), { bigints: true })
        expect(((value as JsonObject).params as JsonObject).arguments).toEqual(judged[0])
        expect(judged[0]).toEqual(args)
      }),
    )
  })
  const policy = enforced('allow call *', undefined)
})

describe('invariant 21: an item that is not in the lock, or has drifted,', () => {
  const rules = fc
    .subarray(
      [
        'allow call *',
        'allow call a',
        'allow call "*"',
        'deny call b',
        'deny list a',
        'label call a as l',
        'delegate call *',
      ],
      {
        minLength: 1,
      },
    )
    .map((statements) => statements.join('\n'))

  it('is neither listed nor callable, under any policy', async () => {
    const offered = fc.array(fc.record({ name, drifted: fc.boolean() }), { maxLength: 6 })
    const seen = { usable: 0, unusable: 0 }
    await fc.assert(
      fc.asyncProperty(rules, offered, async (text, sent) => {
        const tools = sent.map((one) => tool(one.name, one.drifted ? 'other' : undefined))
        const { client, exchange } = guard(text, lock, { offered: { tools } })
        const listed = (await exchange('tools/list', {}, { result: { tools } })) as {
          forwarded: { result: { tools: JsonObject[] } }
        }
        const names = listed.forwarded.result.tools.map((one) => one.name)
        for (const [id, one] of sent.entries()) {
          const isDrifted = sent.some((other) => other.name === one.name && other.drifted)
          const isLocked = ['a', 'b', 'c'].includes(one.name)
          if (isLocked && !isDrifted) {
            seen.usable++
            continue
          }
          seen.unusable++
          expect(names).not.toContain(one.name)
          expect(await client({ id, method: 'tools/call', params: { name: one.name, arguments: {} } })).toHaveProperty(
            'answered',
          )
        }
      }),
      { numRuns: 150 },
    )
    expect(Math.min(seen.usable, seen.unusable) / (seen.usable + seen.unusable)).toBeGreaterThan(0.02)
  })
})

describe('no message', () => {
  const methods = [...clientRequests.keys(), ...serverRequests.keys(), ...serverNotifications.keys(), 'x/y']
  const id = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 0, max: 9 }) }, { weight: 1, arbitrary: json })
  const method = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...methods) }, { weight: 1, arbitrary: json })
  const members = fc.record(
    {
      name,
      uri: fc.string(),
      arguments: object,
      cursor: json,
      taskId: json,
      notifications: object,
      requestId: id,
      progressToken: id,
      _meta: fc.oneof(object, fc.record({ progressToken: id })),
    },
    { requiredKeys: [] },
  )
  const params = fc.oneof({ weight: 5, arbitrary: members }, { weight: 1, arbitrary: json })
  const tools = fc.array(fc.oneof(json, fc.constant(tool('a')), fc.constant(tool('new'))))
  const resultOf = fc.oneof(fc.record({ tools, inputRequests: json, task: object }, { requiredKeys: [] }), json)
  const error = fc.oneof(fc.record({ code: fc.integer(), message: fc.string(), data: json }), json)
  const jsonrpc = fc.constant('2.0')
  const message = fc.oneof(
    { weight: 4, arbitrary: fc.record({ jsonrpc, id, method, params }) },
    { weight: 4, arbitrary: fc.record({ jsonrpc, method, params }) },
    fc.record({ jsonrpc, id, result: resultOf }),
    fc.record({ jsonrpc, id, error }),
    json,
  ) as unknown as fc.Arbitrary<JsonValue>

  it('from either side makes it throw, or lets a call through that is not allowed', async () => {
    const sequence = fc.array(fc.tuple(fc.boolean(), message), { minLength: 20, maxLength: 40 })
    let forwarded = 0
    await fc.assert(
      fc.asyncProperty(sequence, async (messages) => {
        const { enforcement } = guard('allow call a  allow roots *', lock)
        for (const [isClient, value] of messages) {
          const verdict = isClient
            ? await enforcement.fromClient(readMessage(value))
            : await enforcement.fromServer(readMessage(value))
          if (verdict.kind === 'drop') continue
          expect(writeLine(verdict.message)).toMatch(/^\{.*\}\n$/)
          if (verdict.kind !== 'forward') continue
          forwarded++
          const { method, params } = verdict.message as { method?: string; params?: JsonObject }
          if (isClient && method === 'tools/call') expect(params?.name).toBe('a')
          expect(['prompts/get', 'resources/read', 'sampling/createMessage', 'x/y']).not.toContain(method)
        }
      }),
      { numRuns: 100 },
    )
    expect(forwarded).toBeGreaterThan(100)
  })
})
