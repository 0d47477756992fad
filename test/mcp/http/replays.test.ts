import { expect, it } from 'vitest'
import { createReplays } from '../../../src/surfaces/mcp/http/replays.ts'

const answerTo = (id: number) => ({ kind: 'result', id, result: {} }) as const

it('repeats what a session’s streams have brought, to no other session', () => {
  const ofSession = createReplays()
  const [one, other] = [ofSession(), ofSession()]
  one.keep(answerTo(1), 'first')
  one.keep(answerTo(1), 'second')
  expect(one.find(answerTo(1))).toBe('first')
  expect(other.find(answerTo(1))).toBeUndefined()
  expect(one.find({ kind: 'request', id: 1, method: 'ping', params: {} })).toBeUndefined()
})

it('keeps no more than 32 Mi characters, however many sessions there are', () => {
  const ofSession = createReplays()
  const text = 'x'.repeat(1024 * 1024)
  const sessions = Array.from({ length: 64 }, ofSession)
  for (const session of sessions) session.keep(answerTo(1), text)
  const kept = sessions.map((session) => session.find(answerTo(1)) !== undefined)
  expect(kept.filter(Boolean)).toHaveLength(32)
  expect(kept.at(-1)).toBe(true)
})
