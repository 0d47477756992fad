// Holds that real servers behave behind the gateway as they do by themselves: filesystem, memory, everything and sequential-thinking, as they are
// on npm, are asked the same things directly and through the gateway, over stdio and over HTTP, with a policy that allows everything; every
// result has to be the same byte for byte. Then with a policy that allows one tool, every method there is, and none may pass but that one.
// They are installed into a folder of their own (SERVERS_FOLDER, or a temporary one).
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const version = '2026.8.31'
const licet = fileURLToPath(new URL('../dist/surfaces/cli/main.js', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'licet-servers-'))
const folder = process.env.SERVERS_FOLDER ?? scratch
const started = []

const packages = ['filesystem', 'memory', 'everything', 'sequential-thinking']
if (!packages.every((name) => existsSync(join(folder, 'node_modules/@modelcontextprotocol', `server-${name}`)))) {
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  const wanted = packages.map((name) => `@modelcontextprotocol/server-${name}@${version}`)
  execFileSync('npm', ['install', '--no-audit', '--no-fund', ...wanted], { cwd: folder, stdio: 'inherit' })
}

const data = join(scratch, 'data')
mkdirSync(data)
writeFileSync(join(data, 'a.txt'), 'Grüße\n')
const call = (name, args = {}) => ['tools/call', { name, arguments: args }]
const entity = { name: 'ann', entityType: 'person', observations: ['reads'] }
const thought = { thought: 'x', nextThoughtNeeded: false, thoughtNumber: 1, totalThoughts: 1 }

/** What each server is asked, and the one call that the narrow policy allows. */
const servers = {
  filesystem: {
    args: [data],
    allowed: call('list_allowed_directories'),
    asked: [
      call('read_text_file', { path: join(data, 'a.txt') }),
      call('list_directory', { path: data }),
      call('directory_tree', { path: data }),
      call('read_text_file', { path: '/etc/passwd' }),
      call('write_file', { path: join(data, 'b.txt'), content: 'b' }),
    ],
  },
  memory: {
    args: [],
    allowed: call('read_graph'),
    asked: [call('create_entities', { entities: [entity] }), call('search_nodes', { query: 'ann' })],
  },
  everything: {
    args: [],
    allowed: call('echo', { message: 'hi' }),
    asked: [
      call('get-sum', { a: 1, b: 2 }),
      call('get-tiny-image'),
      call('get-annotated-message', { messageType: 'error', includeImage: true }),
      call('get-structured-content', { location: 'Chicago' }),
      call('trigger-long-running-operation', { duration: 1, steps: 2 }),
      ['resources/list', {}],
      ['resources/templates/list', {}],
      ['prompts/list', {}],
      ['prompts/get', { name: 'simple-prompt' }],
      ['prompts/get', { name: 'args-prompt', arguments: { city: 'Bern' } }],
      [
        'completion/complete',
        { ref: { type: 'ref/prompt', name: 'completable-prompt' }, argument: { name: 'department', value: 'E' } },
      ],
      ['logging/setLevel', { level: 'error' }],
    ],
  },
  'sequential-thinking': {
    args: [],
    allowed: call('sequentialthinking', thought),
    asked: [call('sequentialthinking', { ...thought, thought: 'y' }), call('sequentialthinking', { thought: 1 })],
  },
}

/** Whatever a client can send, of either revision; none of it is in the narrow policy. */
const everyMethod = [
  call('no-such-tool'),
  ['resources/list', {}],
  ['resources/templates/list', {}],
  ['resources/read', { uri: 'file:///etc/passwd' }],
  ['resources/read', { uri: 'demo://resource/dynamic/text/1' }],
  ['resources/subscribe', { uri: 'demo://resource/dynamic/text/1' }],
  ['resources/unsubscribe', { uri: 'demo://resource/dynamic/text/1' }],
  ['prompts/list', {}],
  ['prompts/get', { name: 'simple-prompt' }],
  ['completion/complete', { ref: { type: 'ref/prompt', name: 'x' }, argument: { name: 'y', value: 'z' } }],
  ['logging/setLevel', { level: 'debug' }],
  ['tasks/list', {}],
  ['tasks/get', { taskId: '1' }],
  ['tasks/result', { taskId: '1' }],
  ['tasks/cancel', { taskId: '1' }],
  ['files/delete', { path: data }],
  ['sampling/createMessage', {}],
]

const name = (server) => server.replaceAll('-', '_')
const actions = ['call', 'get', 'read', 'subscribe', 'complete', 'log', 'sample', 'elicit', 'roots']
const policyFile = (server, kind, rules) => {
  const file = join(scratch, `${server}-${kind}.licet`)
  writeFileSync(file, `server ${name(server)} {\n${rules}\n}\n`)
  return file
}
const everythingAllowed = (server) =>
  policyFile(server, 'all', actions.map((action) => `  allow ${action} *`).join('\n'))
const oneAllowed = (server, [, params]) =>
  policyFile(server, 'one', `  allow call ${/^\w+$/.test(params.name) ? params.name : `"${params.name}"`}`)

const command = (server) => [
  process.execPath,
  join(folder, `node_modules/@modelcontextprotocol/server-${server}/dist/index.js`),
  ...servers[server].args,
]
const guarded = (server, policy, ...more) => [
  ...[process.execPath, licet, 'gateway', '-p', policy, '--server', name(server), '--actor', 'anonymous'],
  ...[...more, '--', ...command(server)],
]
// Each side of memory begins with a graph of its own.
let graphs = 0
const environment = () => ({ ...process.env, MEMORY_FILE_PATH: join(scratch, `graph-${graphs++}.jsonl`) })

/** The text of the answer to a message, over stdio. */
function overStdio([program, ...args]) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], env: environment() })
  started.push(child)
  const waiting = new Map()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, method } = JSON.parse(line)
    if (method === undefined) waiting.get(id)?.(line)
    else if (id !== undefined) send({ id, error: { code: -32601, message: 'not here' } })
  })
  const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  return async (message) => {
    send(message)
    return message.id === undefined ? '' : new Promise((resolve) => waiting.set(message.id, resolve))
  }
}

/** The same over HTTP. */
async function overHttp([program, ...args]) {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: environment() })
  started.push(child)
  const url = await new Promise((resolve) => {
    child.stderr.on('data', (chunk) => {
      const found = /http:\/\/\S+/.exec(String(chunk))
      if (found !== null) resolve(found[0])
    })
  })
  let session = {}
  return (message) =>
    new Promise((resolve, reject) => {
      const headers = { accept: 'application/json, text/event-stream', 'content-type': 'application/json', ...session }
      const sent = request(url, { method: 'POST', headers })
      sent.on('error', reject)
      sent.on('response', (response) => {
        let text = ''
        response.on('data', (chunk) => {
          text += chunk
        })
        response.on('end', () => {
          if (message.method === 'initialize') {
            session = { 'mcp-session-id': response.headers['mcp-session-id'], 'mcp-protocol-version': '2025-11-25' }
          }
          const lines = text.startsWith('{') ? [text] : [...text.matchAll(/^data: (\{.*)$/gm)].map((match) => match[1])
          resolve(lines.find((line) => JSON.parse(line).method === undefined) ?? '')
        })
      })
      sent.end(JSON.stringify({ jsonrpc: '2.0', ...message }))
    })
}

async function greeted(ask) {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'servers', version: '1' } }
  const hello = await ask({ id: 'hello', method: 'initialize', params })
  await ask({ method: 'notifications/initialized' })
  return { ask, hello }
}

/** The text of a result, or of an error: everything of the answer but its envelope. */
function payload(text) {
  const body = /^\{"(?:jsonrpc":"2\.0","id":[^,]*,"(?=result|error)|(?=result|error))(.*)\}$/s.exec(text)?.[1] ?? text
  return body.replace(/,"jsonrpc":"2\.0","id":[^,{}]*$/, '')
}

let problems = 0
function expect(isTrue, what) {
  if (isTrue) return
  problems++
  console.log(`  WRONG: ${what}`)
}

try {
  for (const [server, { asked, allowed }] of Object.entries(servers)) {
    const all = everythingAllowed(server)
    const sides = [
      await greeted(overStdio(command(server))),
      await greeted(overStdio(guarded(server, all))),
      await greeted(await overHttp(guarded(server, all, '--listen', '0'))),
    ]
    const questions = [['tools/list', {}], ['ping', {}], allowed, ...asked, allowed]
    expect(new Set(sides.map(({ hello }) => payload(hello))).size === 1, 'initialize differs')
    for (const [id, [method, params]] of questions.entries()) {
      const answers = []
      for (const { ask } of sides) answers.push(payload(await ask({ id, method, params })))
      const isSame = new Set(answers).size === 1
      expect(isSame, `${method} ${JSON.stringify(params).slice(0, 80)} differs:\n    ${answers.join('\n    ')}`)
    }
    console.log(`${server}: ${questions.length + 1} answers compared, directly, over stdio and over HTTP`)

    const { ask } = await greeted(overStdio(guarded(server, oneAllowed(server, allowed))))
    const listed = JSON.parse(await ask({ id: 'list', method: 'tools/list', params: {} })).result.tools
    expect(listed.length === 1 && listed[0].name === allowed[1].name, 'more is listed than is allowed')
    let tried = 0
    for (const [method, params] of [...everyMethod, ...asked]) {
      if (method === 'tools/call' && params.name === allowed[1].name) continue
      const { result, error } = JSON.parse(await ask({ id: `n${tried++}`, method, params }))
      const { _meta, ...members } = result ?? {}
      const lists = Object.values(members)
      const isEmptyList = result !== undefined && lists.every((list) => Array.isArray(list) && list.length === 0)
      expect(
        error !== undefined || isEmptyList,
        `${method} ${JSON.stringify(params)} passes: ${JSON.stringify(result)}`,
      )
    }
    expect(
      'result' in JSON.parse(await ask({ id: 'one', method: allowed[0], params: allowed[1] })),
      'what is allowed fails',
    )
    console.log(`${server}: ${tried} requests outside a policy, none passes`)
  }
  console.log(problems === 0 ? 'all as it should be' : `${problems} PROBLEMS`)
  process.exitCode = problems === 0 ? 0 : 1
} finally {
  for (const child of started) child.kill()
  rmSync(scratch, { recursive: true, force: true })
}
