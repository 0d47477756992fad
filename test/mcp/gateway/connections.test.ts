import { describe, expect, it, onTestFinished } from 'vitest'
import type { GuardedServer } from '../../../src/surfaces/mcp/gateway/guarded-server.ts'
import { createConnections } from '../../../src/surfaces/mcp/gateway/listener/connections.ts'

/** Connections to a server that takes its time to go. */
function slowToEnd() {
  let go = () => {}
  const ended = new Promise<void>((resolve) => {
    go = resolve
  })
  const guarded = { connect: () => ({ ended, leave: () => {} }) } as unknown as GuardedServer
  const connections = createConnections(guarded, { most: 8, mostOfOne: 2, idle: 60_000, challenges: undefined })
  onTestFinished(async () => {
    go()
    await connections.close()
  })
  const begun = (actor: string): boolean => {
    const session = connections.open({ actor })
    if (session !== undefined) connections.end(session)
    return session !== undefined
  }
  return { begun, go, ended }
}

describe('sessions that are begun and ended one after another', () => {
  it('leave no more servers behind than twice as many as may be open', async () => {
    const { begun, go, ended } = slowToEnd()
    expect([1, 2, 3, 4, 5, 6].map(() => begun('User:ann'))).toEqual([true, true, true, true, false, false])
    // Others have their own.
    expect(begun('User:bob')).toBe(true)
    go()
    await ended
    await new Promise((resolve) => setImmediate(resolve))
    expect(begun('User:ann')).toBe(true)
  })
})
