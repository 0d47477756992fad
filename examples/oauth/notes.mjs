// An MCP server as anybody would write it: nothing here knows of tokens or of a policy.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { z } from 'zod'

const notes = new Map([['plan', 'ship it']])
const text = (text) => ({ content: [{ type: 'text', text }] })
const name = z.string()

export function notesServer() {
  const server = new McpServer({ name: 'notes', version: '1.0.0' })
  server.registerTool('read_note', { inputSchema: z.object({ name }) }, ({ name }) => text(notes.get(name) ?? ''))
  server.registerTool('write_note', { inputSchema: z.object({ name, text: z.string() }) }, (note) => {
    notes.set(note.name, note.text)
    return text('written')
  })
  server.registerTool('delete_note', { inputSchema: z.object({ name }) }, ({ name }) =>
    text(notes.delete(name) ? 'deleted' : 'there is none'),
  )
  server.registerTool('publish_note', { inputSchema: z.object({ name }) }, () => text('published'))
  return server
}

// For `licet lock notes -- node notes.mjs`.
if (process.argv[1]?.endsWith('notes.mjs')) await notesServer().connect(new StdioServerTransport())
