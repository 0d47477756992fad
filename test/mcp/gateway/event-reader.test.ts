import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventReader, type ServerEvent } from '../../../src/surfaces/mcp/gateway/event-reader.ts'
import { largestMessage } from '../../../src/surfaces/mcp/protocol/wire.ts'

function read(...chunks: readonly (string | Buffer)[]) {
  const events: ServerEvent[] = []
  const retries: number[] = []
  const take = eventReader({ onEvent: (event) => events.push(event), onRetry: (wait) => retries.push(wait) })
  for (const chunk of chunks) take(Buffer.from(chunk))
  return { events, retries }
}

const check = (text: string, ...expected: readonly (readonly [data: string | undefined, id?: string])[]) => {
  const events = expected.map(([data, id]) => ({ data: data === undefined ? data : { kind: 'text', text: data }, id }))
  expect(read(text).events).toEqual(events)
}

describe('events', () => {
  it('are read as the standard has it', () => {
    check('data: {}\n\n', ['{}'])
    check('data:{}\n\n', ['{}'])
    check('event: message\ndata: {}\n\n', ['{}'])
    check(': a comment\n\ndata: {}\n\n', ['{}'])
    check('data: {\ndata: }\n\n', ['{\n}'])
    check('\ufeffdata: {}\n\n', ['{}'])
    check('data: {}\r\n\r\n', ['{}'])
    check('data: {}\r\rdata: []\r\r\n', ['{}'], ['[]'])
    check('id: 1\ndata: {}\n\ndata: []\n\n', ['{}', '1'], ['[]', '1'])
    check('id: 1\ndata: \n\n', [undefined, '1'])
    check('id: 1\n\nid\ndata: {}\n\n', [undefined, '1'], ['{}'])
    check('id: a\0b\ndata: {}\n\n', ['{}'])
    check('data: {}', ...[])
    check('data\nunknown: x\n\n', [undefined])
  })

  it('say how long to wait before asking again', () => {
    expect(read('retry: 10\nretry: x\nretry: -1\n\n').retries).toEqual([10])
  })

  it('are the same however the stream is cut', () => {
    const text = ': x\n\nid: 7\nretry: 5\ndata: {"a":\r\ndata: "é"}\r\n\r\nevent: y\ndata: []\n\n'
    const bytes = Buffer.from(text)
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), bytes.length]
        const chunks = at.slice(1).map((end, i) => bytes.subarray(at[i], end))
        expect(read(...chunks)).toEqual(read(bytes))
      }),
    )
  })

  it('that are too long are refused, and the next one is not', () => {
    const long = 'x'.repeat(largestMessage + 2000)
    const half = 'x'.repeat(largestMessage / 2 + 1)
    for (const text of [`data: ${long}\n\n`, `data: ${half}\ndata: ${half}\n\n`]) {
      const { events } = read(text, 'data: {}\n\n')
      expect(events.map(({ data }) => data?.kind)).toEqual(['refused', 'text'])
    }
  })

  it('that are not UTF-8 are refused', () => {
    const { events } = read(Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0x0a, 0x0a]))
    expect(events).toMatchObject([{ data: { kind: 'refused' } }])
  })
})
