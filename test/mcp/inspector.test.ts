import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/base/json.ts'
import { wholeList } from '../../src/surfaces/mcp/gateway/inspection.ts'
import { createInspector } from '../../src/surfaces/mcp/gateway/inspector.ts'
import { anyObject, errorOf, guard, lockOf } from './guarded.ts'

const tools = [{ name: 'a', inputSchema: anyObject }]
const lock = lockOf({ tools })
const call = { id: 1, method: 'tools/call', params: { name: 'a' } }

/** A server that has been looked at once, and answers what it is asked next by hand. */
async function inspected() {
  const guarded = guard('allow call a', lock)
  const { enforcement, exchange } = guarded
  await exchange('initialize', {}, { result: { capabilities: { tools: {} } } })
  const asked: JsonObject[] = []
  let settled = () => {}
  const inspector = createInspector({
    ask: (method, params) => {
      const { message, answer } = enforcement.ask(method, params)
      asked.push(message)
      return answer
    },
    definitions: enforcement.definitions,
    report: (problem) => guarded.reports.push(problem),
    onSettled: () => settled(),
    patience: 20,
  })
  const whenSettled = () =>
    new Promise<void>((resolve) => {
      settled = resolve
    })
  const first = whenSettled()
  inspector.begin()
  await guarded.server({ id: asked[0]?.id ?? 0, result: { tools } })
  await first
  return { ...guarded, inspector, asked, whenSettled }
}

describe('a list without end', () => {
  it('is not read past 16 MiB', async () => {
    let pages = 0
    const page = { tools: [{ name: 'a', description: 'x'.repeat(3_000_000) }] }
    const list = await wholeList(async () => ({ result: { ...page, nextCursor: String(pages++) } }), 'tools', undefined)
    expect(list.problem).toBe('tools/list has more than 16 MiB')
    expect(pages).toBe(6)
  })
})

describe('a list that has changed', () => {
  it('and is never told cannot be used, neither after the patience nor when it changes once more', async () => {
    const { client, inspector, whenSettled, server, asked } = await inspected()
    expect(await client(call)).toHaveProperty('forwarded')
    const late = whenSettled()
    inspector.changed(['tools'])
    await late
    expect(inspector.isBusy).toBe(false)
    expect(errorOf(await client({ ...call, id: 2 }))?.code).toBe(-32003)
    inspector.changed(['tools'])
    expect(errorOf(await client({ ...call, id: 3 }))?.code).toBe(-32003)

    // Late is not never.
    await server({ id: asked[1]?.id ?? 0, result: { tools } })
    await new Promise((resolve) => setImmediate(resolve))
    await server({ id: asked[2]?.id ?? 0, result: { tools } })
    await new Promise((resolve) => setImmediate(resolve))
    expect(await client({ ...call, id: 4 })).toHaveProperty('forwarded')
  })

  it.each([{ result: 3 }, { result: { tools: 'a' } }, { error: { code: -32603, message: 'no' } }])(
    'and is told in a way that cannot be read cannot be used, and is looked at again when it changes: %j',
    async (answer) => {
      const { client, inspector, whenSettled, server, asked } = await inspected()
      const done = whenSettled()
      inspector.changed(['tools'])
      await server({ id: asked[1]?.id ?? 0, ...(answer as JsonObject) })
      await done
      expect(errorOf(await client({ ...call, id: 2 }))?.code).toBe(-32003)
      const again = whenSettled()
      inspector.changed(['tools'])
      await server({ id: asked[2]?.id ?? 0, result: { tools } })
      await again
      expect(await client({ ...call, id: 3 })).toHaveProperty('forwarded')
    },
  )
})
