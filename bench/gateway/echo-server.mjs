// The least that an MCP server can do, in either revision: `stdio`, or `http` at a free port, which it writes on standard output.
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'

const echo = { name: 'echo', inputSchema: { type: 'object', properties: { text: { type: 'string' } } } }

function answer({ id, method, params }) {
  const result = {
    initialize: {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {} },
      serverInfo: { name: 'echo', version: '1' },
    },
    'server/discover': { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: { tools: {} } },
    'tools/list': { tools: [echo] },
    'tools/call': { content: [{ type: 'text', text: params?.arguments?.text ?? '' }] },
    ping: {},
  }[method]
  return { jsonrpc: '2.0', id, ...(result === undefined ? { error: { code: -32601, message: method } } : { result }) }
}

if (process.argv[2] === 'stdio') {
  createInterface({ input: process.stdin }).on('line', (line) => {
    const message = JSON.parse(line)
    if (message.id !== undefined) process.stdout.write(`${JSON.stringify(answer(message))}\n`)
  })
} else {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      if (request.method !== 'POST') return response.writeHead(405).end()
      const message = JSON.parse(body)
      if (message.id === undefined) return response.writeHead(202).end()
      response.writeHead(200, { 'content-type': 'application/json' })
      return response.end(JSON.stringify(answer(message)))
    })
  })
  server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/mcp`))
}
