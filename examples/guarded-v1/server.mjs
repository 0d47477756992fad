// A server as anybody would write it with @modelcontextprotocol/sdk 1.x: nothing here knows of a policy.
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { z } from 'zod'

export function notesServer() {
  const notes = new Map([
    ['drafts/todo', 'buy milk'],
    ['team/plan', 'ship it'],
    ['private/diary', 'dear diary'],
  ])
  const server = new McpServer({ name: 'notes', version: '1.0.0' })
  const text = (text) => ({ content: [{ type: 'text', text }] })
  const note = z.object({ folder: z.string(), name: z.string() })

  server.registerTool('search', { inputSchema: z.object({ query: z.string() }) }, ({ query }) =>
    text([...notes].flatMap(([name, body]) => (body.includes(query) ? [name] : [])).join(' ')),
  )
  server.registerTool('write_note', { inputSchema: note.extend({ body: z.string() }) }, ({ folder, name, body }) => {
    notes.set(`${folder}/${name}`, body)
    return text(`${folder}/${name} written`)
  })
  server.registerTool('delete_note', { inputSchema: note }, ({ folder, name }) => {
    notes.delete(`${folder}/${name}`)
    return text(`${folder}/${name} deleted`)
  })
  server.registerResource('note', new ResourceTemplate('note://{folder}/{name}', {}), {}, (uri, { folder, name }) => ({
    contents: [{ uri: uri.href, text: notes.get(`${folder}/${name}`) ?? '' }],
  }))
  return server
}

// For `licet lock notes -- node server.mjs`.
if (process.argv[1]?.endsWith('server.mjs')) await notesServer().connect(new StdioServerTransport())
