// A server that has everything that the conformance runner asks for, made with the SDK. `http` serves it at a free port of loopback, which
// it writes on standard output, `guarded` likewise with a guard in its process, `stdio` on the standard streams.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import * as types from '@modelcontextprotocol/sdk/types.js'
import { compile, createEngine } from '../../dist/index.js'
import { createGuard } from '../../dist/surfaces/mcp/index.js'

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=='
const wav = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA='
const text = (value) => ({ type: 'text', text: value })
const image = { type: 'image', data: png, mimeType: 'image/png' }
const embedded = (uri, mimeType, value) => ({ type: 'resource', resource: { uri, mimeType, text: value } })
const nothing = { type: 'object', properties: {} }
const one = (name) => ({ type: 'object', properties: { [name]: { type: 'string' } }, required: [name] })

const tools = {
  test_simple_text: [nothing, () => [text('This is a simple text response for testing.')]],
  test_image_content: [nothing, () => [image]],
  test_audio_content: [nothing, () => [{ type: 'audio', data: wav, mimeType: 'audio/wav' }]],
  test_embedded_resource: [
    nothing,
    () => [embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
  ],
  test_multiple_content_types: [
    nothing,
    () => [
      text('Multiple content types test:'),
      image,
      embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ],
  ],
  test_tool_with_logging: [
    nothing,
    async (_, { sendNotification }) => {
      const lines = ['Tool execution started', 'Tool processing data', 'Tool execution completed']
      for (const [i, data] of lines.entries()) {
        if (i > 0) await wait(50)
        await sendNotification({ method: 'notifications/message', params: { level: 'info', data } })
      }
      return [text('logged')]
    },
  ],
  test_tool_with_progress: [
    nothing,
    async (_, { sendNotification, _meta }) => {
      const progressToken = _meta?.progressToken
      for (const [i, progress] of [0, 50, 100].entries()) {
        if (i > 0) await wait(50)
        const params = { progressToken, progress, total: 100 }
        if (progressToken !== undefined) await sendNotification({ method: 'notifications/progress', params })
      }
      return [text('done')]
    },
  ],
  test_error_handling: [
    nothing,
    () => {
      throw new Error('This tool intentionally returns an error for testing')
    },
  ],
  test_sampling: [
    one('prompt'),
    async ({ prompt }, { sendRequest }) => {
      const params = { messages: [{ role: 'user', content: text(prompt) }], maxTokens: 100 }
      const { content } = await sendRequest(
        { method: 'sampling/createMessage', params },
        types.CreateMessageResultSchema,
      )
      return [text(`LLM response: ${content.text}`)]
    },
  ],
  test_elicitation: [
    one('message'),
    async ({ message }, { sendRequest }) => {
      const field = (description) => ({ type: 'string', description })
      const properties = { username: field("User's response"), email: field("User's email address") }
      const requestedSchema = { type: 'object', properties, required: ['username', 'email'] }
      const { action, content } = await elicit(sendRequest, message, requestedSchema)
      return [text(`User response: action=${action}, content=${JSON.stringify(content)}`)]
    },
  ],
  test_elicitation_sep1034_defaults: [
    nothing,
    async (_, { sendRequest }) =>
      completed(
        await elicit(sendRequest, 'Please review', {
          type: 'object',
          properties: {
            name: { type: 'string', default: 'John Doe' },
            age: { type: 'integer', default: 30 },
            score: { type: 'number', default: 95.5 },
            status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
            verified: { type: 'boolean', default: true },
          },
        }),
      ),
  ],
  test_elicitation_sep1330_enums: [
    nothing,
    async (_, { sendRequest }) => {
      const titled = (values) => values.map(([value, title]) => ({ const: value, title }))
      const options = ['option1', 'option2', 'option3']
      const values = titled([
        ['value1', 'First Option'],
        ['value2', 'Second Option'],
        ['value3', 'Third Option'],
      ])
      return completed(
        await elicit(sendRequest, 'Please choose', {
          type: 'object',
          properties: {
            untitledSingle: { type: 'string', enum: options },
            titledSingle: { type: 'string', oneOf: values },
            legacyEnum: {
              type: 'string',
              enum: ['opt1', 'opt2', 'opt3'],
              enumNames: ['Option One', 'Option Two', 'Option Three'],
            },
            untitledMulti: { type: 'array', items: { type: 'string', enum: options } },
            titledMulti: { type: 'array', items: { anyOf: values } },
          },
        }),
      )
    },
  ],
  test_reconnection: [
    nothing,
    async (_, { closeSSEStream }) => {
      closeSSEStream?.()
      await wait(100)
      return [text('Reconnection test completed successfully')]
    },
  ],
  json_schema_2020_12_tool: [
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      $defs: { address: { type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } } },
      properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
      additionalProperties: false,
    },
    () => [text('ok')],
  ],
}

const elicit = (sendRequest, message, requestedSchema) =>
  sendRequest({ method: 'elicitation/create', params: { message, requestedSchema } }, types.ElicitResultSchema)
const completed = ({ action, content }) => [
  text(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`),
]

const prompts = {
  test_simple_prompt: [[], () => [text('This is a simple prompt for testing.')]],
  test_prompt_with_arguments: [
    ['arg1', 'arg2'],
    ({ arg1, arg2 }) => [text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
  ],
  test_prompt_with_embedded_resource: [
    ['resourceUri'],
    ({ resourceUri }) => [
      embedded(resourceUri, 'text/plain', 'Embedded resource content for testing.'),
      text('Please process the embedded resource above.'),
    ],
  ],
  test_prompt_with_image: [[], () => [image, text('Please analyze the image above.')]],
}

const resources = {
  'test://static-text': { mimeType: 'text/plain', text: 'This is the content of the static text resource.' },
  'test://static-binary': { mimeType: 'image/png', blob: png },
  'test://watched-resource': { mimeType: 'text/plain', text: 'watched' },
}

function server() {
  const capabilities = { tools: {}, prompts: {}, resources: { subscribe: true }, completions: {}, logging: {} }
  const made = new Server({ name: 'conformance', version: '1.0.0' }, { capabilities })
  const listed = Object.entries(tools).map(([name, [inputSchema]]) => ({ name, description: name, inputSchema }))
  made.setRequestHandler(types.ListToolsRequestSchema, () => ({ tools: listed }))
  made.setRequestHandler(types.CallToolRequestSchema, async ({ params }, extra) => {
    const [, run] = tools[params.name] ?? []
    if (run === undefined) throw new types.McpError(types.ErrorCode.InvalidParams, `no tool ${params.name}`)
    try {
      return { content: await run(params.arguments ?? {}, extra) }
    } catch (error) {
      return { content: [text(error.message)], isError: true }
    }
  })
  made.setRequestHandler(types.ListPromptsRequestSchema, () => ({
    prompts: Object.entries(prompts).map(([name, [args]]) => ({
      name,
      description: name,
      arguments: args.map((argument) => ({ name: argument, description: argument, required: true })),
    })),
  }))
  made.setRequestHandler(types.GetPromptRequestSchema, ({ params }) => ({
    messages: prompts[params.name][1](params.arguments ?? {}).map((content) => ({ role: 'user', content })),
  }))
  made.setRequestHandler(types.ListResourcesRequestSchema, () => ({
    resources: Object.entries(resources).map(([uri, { mimeType }]) => ({ uri, name: uri, description: uri, mimeType })),
  }))
  made.setRequestHandler(types.ListResourceTemplatesRequestSchema, () => ({
    resourceTemplates: [{ uriTemplate: 'test://template/{id}/data', name: 'template', mimeType: 'application/json' }],
  }))
  made.setRequestHandler(types.ReadResourceRequestSchema, ({ params: { uri } }) => {
    const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1]
    const data = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` })
    const found = id === undefined ? resources[uri] : { mimeType: 'application/json', text: data }
    if (found === undefined) throw new types.McpError(-32002, `no resource ${uri}`)
    return { contents: [{ uri, ...found }] }
  })
  made.setRequestHandler(types.SubscribeRequestSchema, () => ({}))
  made.setRequestHandler(types.UnsubscribeRequestSchema, () => ({}))
  made.setRequestHandler(types.SetLevelRequestSchema, () => ({}))
  made.setRequestHandler(types.CompleteRequestSchema, () => ({
    completion: { values: ['paris', 'park', 'party'], total: 150, hasMore: false },
  }))
  return made
}

/** Keeps all events: a run is short. */
function eventStore() {
  const events = []
  return {
    storeEvent: async (stream, message) => {
      events.push({ stream, message })
      return String(events.length - 1)
    },
    getStreamIdForEventId: async (id) => events[Number(id)]?.stream,
    replayEventsAfter: async (id, { send }) => {
      const { stream } = events[Number(id)]
      for (const [i, event] of events.entries()) {
        if (i > Number(id) && event.stream === stream && event.message !== undefined)
          await send(String(i), event.message)
      }
      return stream
    },
  }
}

/** @param made gives a server */
async function serveHttp(made) {
  const sessions = new Map()
  const listener = createServer(async (request, response) => {
    const known = sessions.get(request.headers['mcp-session-id'])
    if (known !== undefined) return known.handleRequest(request, response)
    const { port } = listener.address()
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: eventStore(),
      retryInterval: 500,
      enableDnsRebindingProtection: true,
      allowedHosts: ['127.0.0.1', 'localhost'].map((host) => `${host}:${port}`),
      onsessioninitialized: (id) => void sessions.set(id, transport),
    })
    await made().connect(transport)
    await transport.handleRequest(request, response)
  })
  listener.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${listener.address().port}/mcp`))
}

const [, , mode, policyFile] = process.argv
if (mode === 'stdio') await server().connect(new StdioServerTransport())
else if (mode === 'guarded') {
  const { policy } = compile({ 'allow.licet': readFileSync(policyFile, 'utf8') })
  const guarded = createGuard(createEngine(policy), { server: 'conformance', principal: { actor: null } })
  await serveHttp(() => guarded(server()))
} else await serveHttp(server)
