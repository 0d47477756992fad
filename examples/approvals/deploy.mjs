// An MCP server that knows nothing of approvals.
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'

const string = { type: 'string' }
const tools = [
  { name: 'list_releases', description: 'Lists what is running.', inputSchema: { type: 'object' } },
  {
    name: 'release',
    description: 'Puts a version of a service into production.',
    inputSchema: { type: 'object', properties: { service: string, version: string }, required: ['service', 'version'] },
  },
  {
    name: 'roll_back',
    description: 'Goes back to the version before.',
    inputSchema: { type: 'object', properties: { service: string }, required: ['service'] },
  },
]
const done = {
  list_releases: () => 'shop 1.3.2',
  release: ({ service, version }) => `${service} ${version} is released`,
  roll_back: ({ service }) => `${service} is as it was before`,
}

const server = new Server({ name: 'deploy', version: '1.0.0' }, { capabilities: { tools: {} } })
server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }))
server.setRequestHandler(CallToolRequestSchema, ({ params }) => ({
  content: [{ type: 'text', text: done[params.name](params.arguments ?? {}) }],
}))
await server.connect(new StdioServerTransport())
