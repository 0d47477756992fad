import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventReader, type StreamEvent, writeEvent } from '../../src/surfaces/mcp/protocol/event-stream.ts'
import { largestMessage } from '../../src/surfaces/mcp/protocol/wire.ts'

/** Events with the text of their data, or what is wrong with it. */
function read(...chunks: readonly (string | Buffer)[]) {
  const events: (Omit<StreamEvent, 'data'> & { data?: string })[] = []
  const take = eventReader(({ data, ...others }) => {
    events.push({ ...others, ...(data && { data: data.kind === 'text' ? data.text : data.why }) })
  })
  for (const chunk of chunks) take(Buffer.from(chunk))
  return events
}

function check(text: string, ...events: ReturnType<typeof read>): void {
  expect(read(text)).toEqual(events)
  expect(read(...[...Buffer.from(text)].map((byte) => Buffer.from([byte])))).toEqual(events)
}

describe('an event stream', () => {
  it('has events of fields, whatever its lines end with', () => {
    const event = { id: '1', data: 'a\nb' }
    check('id: 1\ndata: a\ndata: b\n\n', event)
    check('id: 1\r\ndata: a\r\ndata: b\r\n\r\n', event)
    check('id: 1\rdata: a\rdata: b\r\r', event)
    check('id:1\ndata:a\ndata:b\n\n\n\n', event)
    check('data: {}\r\rdata: []\r\r\n', { data: '{}' }, { data: '[]' })
    check('\ufeffdata: {}\n\n', { data: '{}' })
    check('event: ping\ndata: {}\n\n', { event: 'ping', data: '{}' })
  })

  it('has comments, and events without data', () => {
    check(': still here\n\n', {})
    check('id: 7\ndata: \n\n', { id: '7', data: '' })
    check('id: 7\nretry: 500\n\n', { id: '7', retry: 500 })
    check('id: 1\n\nid\ndata: {}\n\n', { id: '1' }, { id: '', data: '{}' })
    check('event: ping\ndata\n\n', { event: 'ping', data: '' })
  })

  it('has no field that nobody knows, and none that is malformed', () => {
    check('id: a\0b\nretry: soon\nother: x\ndata:  two: colons\n\n', { data: ' two: colons' })
    check('id: a\u0001b\nretry: -1\n\n', {})
    check(`id: ${'x'.repeat(1025)}\n\n`, {})
    check('data: never ends\n')
    check('data: {}')
  })

  it('is as it was written, in whatever pieces it comes', () => {
    const word = fc.string({ unit: 'grapheme' }).filter((text) => !/\p{Cc}/u.test(text))
    const text = fc.array(word, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n'))
    const event = fc.record({ id: word, data: text, retry: fc.constant(5) }, { requiredKeys: ['data'] })
    fc.assert(
      fc.property(fc.array(event), fc.array(fc.nat(40), { minLength: 1 }), (events, sizes) => {
        const whole = Buffer.from(events.map(writeEvent).join(''))
        const pieces: Buffer[] = []
        for (let at = 0, i = 0; at < whole.length; i++) {
          const size = (sizes[i % sizes.length] ?? 0) + 1
          pieces.push(whole.subarray(at, at + size))
          at += size
        }
        expect(read(...pieces)).toEqual(events)
      }),
      { numRuns: 200 },
    )
  })

  it('has no event that is too long, or not UTF-8, and is read on behind it', () => {
    const long = 'x'.repeat(largestMessage + 2000)
    const half = 'x'.repeat(largestMessage / 2 + 1)
    const wrong = ['it is longer than', 'it is too long', 'it is not UTF-8']
    const pieces = [`data: ${long}\n\n`, `data: ${half}\ndata: ${half}\n\n`, Buffer.from('data:\xff\n\n', 'latin1')]
    for (const [i, piece] of pieces.entries()) {
      const [refused, next] = read(piece, 'data: {}\n\n')
      expect(refused?.data).toContain(wrong[i])
      expect(next).toEqual({ data: '{}' })
    }
  })

  it('is read in a time that grows with its length', () => {
    const piece = Buffer.from('x'.repeat(10))
    let events = 0
    const take = eventReader(() => events++)
    const start = performance.now()
    for (let i = 0; i < 400_000; i++) take(piece)
    take(Buffer.from('\n\n'))
    expect(events).toBe(1)
    expect(performance.now() - start).toBeLessThan(5000)
  })
})
