import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import type { Definitions } from '../../src/surfaces/mcp/enforcement/definitions.ts'
import { errorOf, lockOf } from '../mcp/guarded.ts'
import { argumentsOf, toolArguments } from './generate/request.ts'
import { runs } from './generate/runs.ts'
import { lockText } from './generate/vocabulary.ts'

const { tools: lockedTools } = JSON.parse(lockText) as { tools: JsonObject[] }
const lock = lockOf({ tools: lockedTools })
const [first] = lockedTools
const names = lockedTools.map(({ name }) => String(name))

/** One member of the definition otherwise than it was locked: added, changed, or deep inside. */
const drift: fc.Arbitrary<(tool: JsonObject) => JsonObject> = fc.oneof(
  fc
    .constantFrom('title', 'description', 'x-note')
    .chain((member) => fc.string().map((text) => (tool: JsonObject) => ({ ...tool, [member]: text }))),
  fc.constantFrom('readOnlyHint', 'destructiveHint', 'openWorldHint').map((hint) => (tool: JsonObject) => {
    const annotations = (tool.annotations ?? {}) as JsonObject
    return { ...tool, annotations: { ...annotations, [hint]: !(annotations[hint] ?? false) } }
  }),
  fc.string({ minLength: 1 }).map((extra) => (tool: JsonObject) => {
    const schema = tool.inputSchema as JsonObject
    return {
      ...tool,
      inputSchema: { ...schema, properties: { ...(schema.properties as JsonObject), [extra]: { type: 'string' } } },
    }
  }),
  fc.jsonValue().map((value) => (tool: JsonObject) => ({ ...tool, _meta: { value } as JsonObject })),
)

/** Rules that let every call through. */
const rules = fc.constantFrom(
  'allow call *',
  'allow call * if actor is User  allow call get_doc',
  'allow call "*"  deny list *',
)

type Guard = typeof import('../mcp/guarded.ts').guard

let id = 1
const call = async (guarded: ReturnType<Guard>, name: string, args: JsonObject) =>
  errorOf(await guarded.client({ id: id++, method: 'tools/call', params: { name, arguments: args } }))

function drifted(guard: Guard) {
  return fc.asyncProperty(
    rules,
    fc.nat({ max: names.length - 1 }),
    drift,
    fc.gen(),
    async (text, which, change, make) => {
      const offered = lockedTools.map((tool, i) => (i === which ? change(tool) : tool))
      fc.pre(JSON.stringify(offered) !== JSON.stringify(lockedTools))
      const guarded = guard(text, lock, { offered: { tools: offered } })
      for (const [i, name] of names.entries()) {
        const args = make(argumentsOf, toolArguments[name] ?? {}) as JsonObject
        if (i === which) expect(await call(guarded, name, args)).toBeDefined()
        else expect(await call(guarded, name, args)).toBe(undefined)
      }
      const list = await guarded.exchange('tools/list', {}, { result: { tools: offered } })
      expect(JSON.stringify(list)).not.toContain(`"name":"${names[which]}"`)
    },
  )
}

function unlocked(guard: Guard) {
  return fc.asyncProperty(rules, fc.string(), async (text, name) => {
    fc.pre(!names.includes(name))
    const guarded = guard(text, lock, { offered: { tools: [...lockedTools, { ...first, name }] } })
    expect(await call(guarded, name, { id: 'd0' })).toBeDefined()
    expect(await call(guarded, 'get_doc', { id: 'd0' })).toBe(undefined)
  })
}

async function loadGuard(): Promise<Guard> {
  return (await import('../mcp/guarded.ts')).guard
}

describe('21: in the guard, under every policy, an item is denied that', () => {
  it('has drifted', async () => {
    await fc.assert(drifted(await loadGuard()), runs(100))
  })

  it('is not locked', async () => {
    await fc.assert(unlocked(await loadGuard()), runs(100))
  })
})

describe('a mutant of the guard is caught:', () => {
  const module = '../../src/surfaces/mcp/enforcement/definitions.ts'
  afterEach(() => {
    vi.doUnmock(module)
    vi.resetModules()
  })

  it.each([
    ['definitions are not compared', (definitions: Definitions) => ({ isUsable: () => !definitions.isServerDrifted })],
    [
      'an item that has drifted is only reported',
      (definitions: Definitions) => ({
        isUsable: (item: Parameters<Definitions['isUsable']>[0]) => definitions.isUsable(item) || item.kind === 'tool',
      }),
    ],
  ])('%s', async (_, change) => {
    vi.resetModules()
    vi.doMock(module, async (importOriginal) => {
      const original = await importOriginal<typeof import('../../src/surfaces/mcp/enforcement/definitions.ts')>()
      const createDefinitions: typeof original.createDefinitions = (...args) => {
        const definitions = original.createDefinitions(...args)
        return { ...definitions, ...change(definitions) }
      }
      return { ...original, createDefinitions }
    })
    const found = await fc.check(drifted(await loadGuard()), { numRuns: 20, seed: 1, endOnFailure: true })
    expect(String(found.errorInstance)).toMatch(/AssertionError/)
  })
})
