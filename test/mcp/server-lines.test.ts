import { expect, it } from 'vitest'
import { serverLines } from '../../src/surfaces/mcp/gateway/server-lines.ts'

function said(...chunks: readonly Buffer[]): string {
  let out = ''
  const lines = serverLines('files', (line) => {
    out += line
  })
  for (const chunk of chunks) lines.take(chunk)
  lines.end()
  return out
}

it('a server cannot speak as the gateway, nor to the terminal', () => {
  expect(said(Buffer.from('licet: all is well\n\u001b[2Jgone\r\nlast'))).toBe(
    'files: licet: all is well\nfiles: \\u{1b}[2Jgone\nfiles: last\n',
  )
})

it('characters cut by a chunk stay whole, and a long line is cut, whether it ends or not', () => {
  const euro = Buffer.from('5 €\n')
  expect(said(euro.subarray(0, 3), euro.subarray(3))).toBe('files: 5 €\n')
  for (const end of ['', '\n']) expect(said(Buffer.from('x'.repeat(10_000) + end)).split('\n')).toHaveLength(4)
})
