import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as lsp from 'vscode-languageserver-protocol'
import { lock } from '../assist/marked.ts'
import { type Client, exitOf, startClient } from './client.ts'

const bin = fileURLToPath(new URL('../../dist/surfaces/cli/main.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'licet-lsp-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const policy = `actor User
resource Repo {
  role owner: User
  allow read if owner
}
test "owners read" {
  given Repo:a { owner: User:ann }
  expect User:ann can read Repo:a
  expect User:bob can read Repo:a
}
`
const at = (line: number, character: number) => ({ line, character })
const here = (line: number, character: number) => ({ start: at(line, character), end: at(line, character) })

describe('a client', () => {
  let client: Client
  beforeAll(async () => {
    client = await startClient(folder, {
      workspace: { inlayHint: { refreshSupport: true }, didChangeWatchedFiles: { dynamicRegistration: true } },
    })
  })

  it('goes from opening to closing', async () => {
    const refreshed = client.asked('workspace/inlayHint/refresh')
    client.open('policy.licet', policy)
    expect(await client.diagnostics('policy.licet')).toEqual([])
    const textDocument = { uri: client.uri('policy.licet') }
    const symbols = await client.ask<lsp.DocumentSymbol[]>(lsp.DocumentSymbolRequest.type, { textDocument })
    expect(symbols.map(({ name }) => name)).toEqual(['User', 'Repo', 'owners read'])

    // Tests are run when nobody types, and what came of them is asked for again.
    await refreshed
    const range = { start: at(0, 0), end: at(99, 0) }
    const hints = () => client.ask<lsp.InlayHint[]>(lsp.InlayHintRequest.type, { textDocument, range })
    expect((await hints()).map(({ label, position }) => [label, position.line])).toEqual([
      ['✓', 7],
      ['✗ `cannot`: not-permitted', 8],
    ])

    client.edit('policy.licet', here(3, '  allow read if owner'.length), ' and nobody')
    expect(await client.diagnostics('policy.licet')).toMatchObject([
      { code: 'unknown-name', range: { start: at(3, 26) } },
    ])
    expect(await hints()).toEqual([])
    client.edit('policy.licet', { start: at(3, 21), end: at(3, 32) }, ' and ')
    expect(await client.diagnostics('policy.licet')).toMatchObject([{ code: 'syntax' }])
    const items = await client.ask<lsp.CompletionItem[]>(lsp.CompletionRequest.type, {
      textDocument,
      position: at(3, 26),
    })
    expect(items.map(({ label }) => label)).toContain('owner')
    client.edit('policy.licet', { start: at(3, 21), end: at(3, 26) }, '')
    expect(await client.diagnostics('policy.licet')).toEqual([])
  })

  it('hears of files that change on disk', async () => {
    client.open(
      'server.licet',
      'import "./policy.licet"\nserver github from "./github.lock.json" { allow call get_issue if true }',
    )
    expect((await client.diagnostics('server.licet')).map(({ code }) => code)).toContain('missing-file')
    writeFileSync(join(folder, 'github.lock.json'), lock)
    await client.connection.sendNotification(lsp.DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: client.uri('github.lock.json'), type: lsp.FileChangeType.Created }],
    })
    const position = at(1, '…erver github from "./github.lock.json" { allow call get'.length)
    const hover = await client.ask<lsp.Hover>(lsp.HoverRequest.type, {
      textDocument: { uri: client.uri('server.licet') },
      position,
    })
    expect(JSON.stringify(hover.contents)).toContain('Reads an issue.')
  })

  it('that makes mistakes is told, and served on', async () => {
    const textDocument = { uri: client.uri('policy.licet') }
    const refused = [
      ['textDocument/completion', { textDocument: { uri: 7 }, position: 'x' }],
      ['textDocument/hover', {}],
      ['textDocument/hover', { textDocument: null, position: null }],
      ['textDocument/rename', { textDocument, position: at(0, 7), newName: 'not a name' }],
      ['textDocument/unheardOf', {}],
    ] as const
    for (const [method, params] of refused)
      await expect(client.connection.sendRequest(method, params)).rejects.toThrow()
    for (const method of ['textDocument/didChange', 'textDocument/didOpen', 'unheard/of'])
      await client.connection.sendNotification(method, { textDocument: {}, contentChanges: 7 })
    const taken = [
      ['textDocument/hover', { textDocument: { uri: 'untitled:nobody' }, position: at(0, 0) }],
      ['textDocument/hover', { textDocument, position: at(1e9, -1) }],
      ['textDocument/completion', { textDocument: { uri: 'file://%%%' }, position: at(0, 0) }],
      ['textDocument/documentSymbol', { textDocument: { uri: 'file:///nobody.licet' } }],
    ] as const
    for (const [method, params] of taken) await client.connection.sendRequest(method, params)
    expect(client.process.exitCode).toBeNull()
  })

  it('may send whatever texts', async () => {
    const texts = [
      `role a if ${'('.repeat(20_000)}`,
      `resource A { x: ${'{ y: '.repeat(5_000)}`,
      'allow read if a.'.repeat(5_000),
      '"'.repeat(20_000),
      `// ${'𝒳'.repeat(250_000)}\n\u0000\ud800`,
    ]
    for (const [i, text] of texts.entries()) {
      client.open(`hostile/${i}.licet`, text)
      expect(await client.diagnostics(`hostile/${i}.licet`)).toBeInstanceOf(Array)
      const textDocument = { uri: client.uri(`hostile/${i}.licet`) }
      await client.ask(lsp.CompletionRequest.type, { textDocument, position: at(0, 20) })
      await client.ask(lsp.SemanticTokensRequest.type, { textDocument })
      await client.ask(lsp.FoldingRangeRequest.type, { textDocument })
      await client.connection.sendNotification(lsp.DidCloseTextDocumentNotification.type, { textDocument })
    }
  })

  it('shuts down and leaves', async () => {
    expect(await client.exit()).toBe(0)
  })
})

describe('a server', () => {
  const start = () => spawn(process.execPath, [bin, 'lsp'], { stdio: ['pipe', 'pipe', 'pipe'] })
  const message = (body: string) => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

  it.each([
    ['ends with its input', ''],
    ['ends without a shutdown', message('{"jsonrpc":"2.0","method":"exit"}')],
    [
      'is not ended by what is no message',
      `${message('{nonsense')}${message('[]')}${message('{"jsonrpc":"2.0","method":"exit"}')}`,
    ],
  ])('%s', async (_, input) => {
    const child = start()
    child.stdin.end(input)
    expect(await exitOf(child)).toBe(1)
  })
})
