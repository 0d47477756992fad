import { expect, it } from 'vitest'
import { createSessions, type Session } from '../../../src/surfaces/mcp/http/sessions.ts'

const session = {} as Session

it('is found by its principal, and by nobody else', () => {
  const sessions = createSessions()
  expect(sessions.add('one', 'ann', session)).toBe(true)
  expect(sessions.add('one', 'ann', session)).toBe(true)
  expect(sessions.add('one', 'bob', session)).toBe(false)
  expect(sessions.find('one', 'ann')).toBe(session)
  expect(sessions.find('one', 'bob')).toBeUndefined()
  sessions.remove('one')
  expect(sessions.find('one', 'ann')).toBeUndefined()
})

it('is not ended by somebody else who begins many', () => {
  const sessions = createSessions()
  sessions.add('one', 'ann', session)
  for (let i = 0; i < 20_000; i++) sessions.add(`bob ${i}`, 'bob', session)
  expect(sessions.find('one', 'ann')).toBe(session)
  const kept = Array.from({ length: 20_000 }, (_, i) => sessions.find(`bob ${i}`, 'bob')).filter(Boolean)
  expect(kept).toHaveLength(1000)
})

it('is the one not used for longest that is forgotten', () => {
  const sessions = createSessions()
  for (let i = 0; i < 10_000; i++) sessions.add(`${i}`, `principal ${i}`, session)
  sessions.find('0', 'principal 0')
  sessions.add('another', 'ann', session)
  expect(sessions.find('0', 'principal 0')).toBe(session)
  expect(sessions.find('1', 'principal 1')).toBeUndefined()
})
