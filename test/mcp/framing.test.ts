import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { idAtEnds, type Line, lineReader } from '../../src/surfaces/mcp/protocol/framing.ts'

function linesOf(bytes: Buffer, cuts: readonly number[], limit: number): Line[] {
  const lines: Line[] = []
  const read = lineReader(limit, (line) => lines.push(line))
  let start = 0
  for (const end of [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))]
    .sort((a, b) => a - b)
    .concat(bytes.length)) {
    read(bytes.subarray(start, end))
    start = end
  }
  return lines
}

describe('lines', () => {
  it('are the same however the stream is cut', () => {
    const text = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constant('\n')), { maxLength: 20 })
    fc.assert(
      fc.property(text, fc.array(fc.nat()), (parts, cuts) => {
        const bytes = Buffer.from(`${parts.join('')}\n`)
        expect(linesOf(bytes, cuts, 1000)).toEqual(linesOf(bytes, [], 1000))
        const texts = bytes
          .toString('utf8')
          .split('\n')
          .filter((line) => /\S/.test(line))
        expect(linesOf(bytes, cuts, 1000).map((line) => (line.kind === 'text' ? line.text : ''))).toEqual(texts)
      }),
    )
  })

  it('past the limit are refused, and the next one is not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.array(fc.nat()), (length, cuts) => {
        const lines = linesOf(Buffer.from(`${'x'.repeat(length)}\nnext\n`), cuts, 20)
        expect(lines.at(-1)).toEqual({ kind: 'text', text: 'next' })
        expect(lines).toHaveLength(length === 0 ? 1 : 2)
        if (length > 0) expect(lines[0]?.kind).toBe(length > 20 ? 'refused' : 'text')
      }),
    )
  })

  it('past the limit are not kept', () => {
    const read = lineReader(1024, () => {})
    const chunk = Buffer.alloc(64 * 1024, 'x')
    const before = process.memoryUsage().arrayBuffers
    for (let i = 0; i < 10_000; i++) read(chunk)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000)
  })
})

describe('a line in many pieces', () => {
  it('takes the memory of its bytes', () => {
    setFlagsFromString('--expose_gc')
    const collect = runInNewContext('gc') as () => void
    const read = lineReader(1024 * 1024, () => {})
    collect()
    const before = process.memoryUsage().arrayBuffers
    // Each piece keeps the buffer that it was read into.
    for (let i = 0; i < 20_000; i++) read(Buffer.alloc(16 * 1024, 'x').subarray(0, 1))
    collect()
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000)
    read(Buffer.from('\n'))
  })
})

describe('the id of a message that is too long', () => {
  it.each([
    ['{"jsonrpc":"2.0","id":7,"method":', '', 7],
    ['{ "id" : "a-1" , "result":', '', 'a-1'],
    ['{"result":', '"}]},"jsonrpc":"2.0","id":5}', 5],
    ['{"result":', '"}]},"id":5}', 5],
    ['{"result":', '\\"},\\"id\\":5}"}', undefined],
    ['{"result":', '"}],"id":5}}', undefined],
    ['{"method":"x","params":{"id":5,', '', undefined],
    ['', '', undefined],
  ])('stands at one of its ends: %j … %j', (head, tail, id) => {
    expect(idAtEnds(head, tail)).toBe(id)
  })
})
