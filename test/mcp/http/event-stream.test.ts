import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventReader, type StreamEvent, writeEvent } from '../../../src/surfaces/mcp/http/event-stream.ts'

function read(pieces: readonly string[], limit = 10_000): StreamEvent[] {
  const take = eventReader(limit)
  return pieces.flatMap((piece) => take(piece))
}

function check(text: string, events: readonly StreamEvent[]): void {
  expect(read([text])).toEqual(events)
  expect(read([...text])).toEqual(events)
}

describe('an event stream', () => {
  it('has events of fields, whatever its lines end with', () => {
    const event = { event: 'message', id: '1', data: 'a\nb' }
    check('id: 1\ndata: a\ndata: b\n\n', [event])
    check('id: 1\r\ndata: a\r\ndata: b\r\n\r\n', [event])
    check('id: 1\rdata: a\rdata: b\r\r', [event])
    check('id:1\ndata:a\ndata:b\n\n\n\n', [event])
  })

  it('has comments, and events without data', () => {
    check(': still here\n\n', [{ event: 'message' }])
    check('id: 7\ndata: \n\n', [{ event: 'message', id: '7', data: '' }])
    check('id: 7\nretry: 500\n\n', [{ event: 'message', id: '7', retry: '500' }])
    check('event: ping\ndata\n\n', [{ event: 'ping', data: '' }])
  })

  it('has no field that nobody knows, and none that is malformed', () => {
    check('id: a\0b\nretry: soon\nother: x\ndata:  two: colons\n\n', [{ event: 'message', data: ' two: colons' }])
    check('data: never ends\n', [])
  })

  it('is as it was written, in whatever pieces it comes', () => {
    const word = fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n\0]/.test(text))
    const text = fc.array(word, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n'))
    const event = fc.record(
      { event: fc.constant('message'), id: word, data: text, retry: fc.constant('5') },
      { requiredKeys: ['event', 'data'] },
    )
    fc.assert(
      fc.property(fc.array(event), fc.array(fc.nat(40), { minLength: 1 }), (events, sizes) => {
        const whole = events.map(writeEvent).join('')
        const pieces: string[] = []
        for (let at = 0, i = 0; at < whole.length; i++) {
          const size = (sizes[i % sizes.length] ?? 0) + 1
          pieces.push(whole.slice(at, at + size))
          at += size
        }
        expect(read(pieces)).toEqual(events)
      }),
      { numRuns: 200 },
    )
  })

  it('has no event past the limit, however it comes', () => {
    expect(() => read(['data: ', ...Array.from({ length: 200 }, () => 'x'.repeat(60))])).toThrow(RangeError)
    expect(() => read(Array.from({ length: 200 }, () => `data: ${'x'.repeat(60)}\n`))).toThrow(RangeError)
    expect(read(Array.from({ length: 200 }, () => `data: ${'x'.repeat(60)}\n\n`))).toHaveLength(200)
  })

  it('is read in a time that grows with its length', () => {
    const piece = 'x'.repeat(10)
    const take = eventReader(10_000_000)
    const start = performance.now()
    for (let i = 0; i < 400_000; i++) take(piece)
    expect(take('\n\n')).toEqual([])
    expect(performance.now() - start).toBeLessThan(5000)
  })
})
