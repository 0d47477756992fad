// The gateway under load, after a build: node bench/gateway.mjs
// 1. 50 clients over HTTP call a tool 10,000 times, each call with a text of its own: is any answer lost, or another's; does memory grow?
// 2. What a call costs over stdio, directly and through the gateway, in turns.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const licet = fileURLToPath(new URL('../dist/surfaces/cli/main.js', import.meta.url))
const echo = fileURLToPath(new URL('gateway/echo-server.mjs', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'licet-load-'))
const policy = join(scratch, 'policy.licet')
writeFileSync(policy, 'server echo { allow call echo if args.text != "no" }')
const clients = 50
const calls = Number(process.env.CALLS ?? 10_000)
const started = []

const gatewayArgs = [
  'gateway',
  '-p',
  policy,
  '--server',
  'echo',
  '--actor',
  'anonymous',
  '--audit',
  join(scratch, 'audit'),
]

function start(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    child.once('exit', () => reject(new Error('a process has ended before it could be asked')))
    started.push(child)
    const hear = (chunk) => {
      const url = /http:\/\/\S+/.exec(String(chunk))
      if (url !== null) resolve({ child, url: url[0] })
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
  })
}

const agent = new Agent({ keepAlive: true, maxSockets: clients })
function post(url, headers, message) {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    const accept = 'application/json, text/event-stream'
    const sent = request(url, {
      method: 'POST',
      agent,
      headers: { accept, 'content-type': 'application/json', ...headers },
    })
    sent.on('error', reject)
    sent.on('response', (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => {
        const data = text.startsWith('{') ? text : (/^data: (\{.*)$/m.exec(text)?.[1] ?? 'null')
        resolve({ headers: response.headers, message: JSON.parse(data) })
      })
    })
    sent.end(body)
  })
}

async function inSession(url) {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'load', version: '1' } }
  const { headers } = await post(url, {}, { id: 0, method: 'initialize', params })
  const named = { 'mcp-session-id': headers['mcp-session-id'], 'mcp-protocol-version': '2025-11-25' }
  await post(url, named, { method: 'notifications/initialized' })
  return (id, text) => post(url, named, { id, method: 'tools/call', params: { name: 'echo', arguments: { text } } })
}

function alone(url) {
  const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'echo' }
  const _meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' }
  return (id, text) =>
    post(url, headers, { id, method: 'tools/call', params: { name: 'echo', arguments: { text }, _meta } })
}

const memory = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]

async function load(name, reach, connect) {
  const { child, url } = await start([licet, ...gatewayArgs, '--listen', '0', ...reach])
  const callers = await Promise.all(Array.from({ length: clients }, () => connect(url)))
  const seen = []
  const times = []
  let lost = 0
  let misdelivered = 0
  const reasons = new Set()
  const begun = performance.now()
  await Promise.all(
    callers.map(async (call, client) => {
      for (let id = 1; id <= calls / clients; id++) {
        const text = `${client}/${id}`
        const before = performance.now()
        const { message } = await call(id, text).catch((error) => ({ message: { error } }))
        times.push(performance.now() - before)
        if (message?.result === undefined) {
          lost++
          reasons.add(message?.error?.message)
        }
        if (message?.result !== undefined && (message.id !== id || message.result.content[0].text !== text))
          misdelivered++
        if (times.length % (calls / 10) === 0) seen.push(memory(child.pid))
      }
    }),
  )
  const seconds = (performance.now() - begun) / 1000
  times.sort((a, b) => a - b)
  console.log(
    `${name}: ${times.length} calls of ${clients} clients in ${seconds.toFixed(1)} s, ${lost} lost, ${misdelivered} misdelivered`,
  )
  for (const reason of reasons) console.log(`  lost: ${reason}`)
  console.log(`  median ${quantile(times, 0.5).toFixed(1)} ms, 99 % ${quantile(times, 0.99).toFixed(1)} ms`)
  console.log(`  memory after each tenth of them, MB: ${seen.map((each) => each.toFixed(0)).join(' ')}`)
  child.kill()
}

function stdioCaller(args) {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'] })
  started.push(child)
  let heard = () => {}
  createInterface({ input: child.stdout }).on('line', (line) => heard(line))
  const ask = (message) =>
    new Promise((resolve) => {
      heard = resolve
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
    })
  return { ask, tell: (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`) }
}

async function overhead() {
  const sides = {
    direct: stdioCaller([echo, 'stdio']),
    gateway: stdioCaller([licet, ...gatewayArgs, '--', process.execPath, echo, 'stdio']),
  }
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'load', version: '1' } }
  for (const { ask, tell } of Object.values(sides)) {
    await ask({ id: 0, method: 'initialize', params })
    tell({ method: 'notifications/initialized' })
  }
  const times = { direct: [], gateway: [] }
  for (let id = 1; id <= 4000; id++) {
    for (const [name, { ask }] of Object.entries(sides)) {
      const before = performance.now()
      await ask({ id, method: 'tools/call', params: { name: 'echo', arguments: { text: 'hello' } } })
      if (id > 500) times[name].push(performance.now() - before)
    }
  }
  const median = (name) =>
    quantile(
      times[name].sort((a, b) => a - b),
      0.5,
    )
  const [direct, through] = [median('direct'), median('gateway')]
  console.log(
    `stdio: median of ${times.direct.length} calls ${direct.toFixed(3)} ms directly, ${through.toFixed(3)} ms through the gateway: ${(through - direct).toFixed(3)} ms more`,
  )
}

try {
  const { url } = await start([echo, 'http'])
  await load('sessions, server over HTTP', ['--url', url], inSession)
  await load('no sessions, server over HTTP', ['--url', url], alone)
  await load('no sessions, server over stdio', ['--', process.execPath, echo, 'stdio'], alone)
  await load('sessions, servers over stdio', ['--', process.execPath, echo, 'stdio'], inSession)
  await overhead()
} finally {
  for (const child of started) child.kill()
  rmSync(scratch, { recursive: true, force: true })
}
