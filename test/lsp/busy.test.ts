import { PassThrough } from 'node:stream'
import type { TestRun } from 'licet/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import * as lsp from 'vscode-languageserver-protocol'
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver-protocol/node'
import { serveEditor } from '../../src/surfaces/lsp/index.ts'
import { newTestRuns } from '../../src/surfaces/lsp/test-runs.ts'
import { coreOn } from './core.ts'

afterEach(() => vi.restoreAllMocks())

const uri = 'untitled:policy'
const types = Array.from({ length: 150 }, (_, i) => `resource R${i} { role owner: User  allow read if owner }\n`)
const text = `actor User\n${types.join('')}`

/** Messages that have all arrived before the first of them is looked at. */
function messages(...all: readonly { readonly id?: number; readonly method: string; readonly params?: unknown }[]) {
  const bodies = all.map((one) => JSON.stringify({ jsonrpc: '2.0', ...one }))
  return Buffer.from(bodies.map((body) => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`).join(''))
}

function start() {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const ended = serveEditor({ input, output, log: () => undefined })
  const client = createProtocolConnection(new StreamMessageReader(output), new StreamMessageWriter(new PassThrough()))
  const told: lsp.PublishDiagnosticsParams[] = []
  client.onNotification(lsp.PublishDiagnosticsNotification.type, (params) => void told.push(params))
  client.listen()
  return { input, output, ended, told }
}

const opening = [
  { id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } },
  { method: 'initialized', params: {} },
  { method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'licet', version: 1, text } } },
]
const typed = (version: number) => ({
  method: 'textDocument/didChange',
  params: {
    textDocument: { uri, version },
    contentChanges: [{ range: { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } }, text: ' ?' }],
  },
})

describe('a server that much is sent to', () => {
  it('looks once at what has arrived', async () => {
    const { input, told } = start()
    input.write(messages(...opening, ...Array.from({ length: 400 }, (_, i) => typed(i + 2))))
    await vi.waitFor(() => expect(told.at(-1)?.version).toBe(401), { timeout: 10_000 })
    expect(told.map(({ version }) => version)).toEqual([401])
    input.end()
  })

  it('does not answer what was taken back', async () => {
    const { input, output } = start()
    const answers: string[] = []
    output.on('data', (chunk: Buffer) => answers.push(chunk.toString()))
    const asked = { id: 7, method: 'textDocument/hover', params: { textDocument: { uri }, position: opening } }
    input.write(messages(...opening, asked, { method: '$/cancelRequest', params: { id: 7 } }))
    await vi.waitFor(() => expect(answers.join('')).toContain('"id":7'))
    expect(answers.join('')).toContain(`"code":${lsp.LSPErrorCodes.RequestCancelled}`)
    input.end()
  })

  it('does nothing more once it is shut down', async () => {
    const { input, ended, told } = start()
    input.write(messages(...opening, { id: 2, method: 'shutdown' }))
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(told).toEqual([])
    input.end()
    expect(await ended).toBe(0)
  })
})

describe('tests of which each takes long', () => {
  it.each([
    ['many tests', 'test "t" { expect User:a can read Repo:a }\n'.repeat(9), 3],
    ['a test of many expectations', `test "t" { ${'expect User:a can read Repo:a\n'.repeat(45)} }`, 15],
  ])('are not all run: %s', async (_, tests, seen) => {
    const { core, name } = coreOn({ 'p.licet': `actor User\nresource Repo { allow read if true }\n${tests}|` })
    const programs = core.workspace.programsWith(name)
    const [program] = programs
    if (program === undefined) throw new Error('there is a program')
    let now = 0
    vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 900
      return now
    })
    const results = await new Promise<readonly TestRun[]>((resolve) => {
      const runs = newTestRuns(() => resolve(runs.resultsOf(program.analysis) ?? []))
      runs.schedule(programs)
    })
    expect(results.flatMap((run) => run.tests.flatMap(({ expectations }) => expectations))).toHaveLength(seen)
  })
})
