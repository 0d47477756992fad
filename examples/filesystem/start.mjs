// The main job: the reference filesystem server, unchanged, behind the gateway, and a real client in front of it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

const here = fileURLToPath(new URL('.', import.meta.url))
const demo = join(here, 'demo')
const licet = fileURLToPath(new URL('../../dist/surfaces/cli/main.js', import.meta.url))
const server = ['../../node_modules/@modelcontextprotocol/server-filesystem/dist/index.js', 'demo']

// Facts that belong to this machine and not to the policy: where the project is, and who reads it.
const scratch = mkdtempSync(join(tmpdir(), 'licet-'))
const facts = join(scratch, 'facts.licet')
const audit = join(scratch, 'audit.jsonl')
writeFileSync(facts, `given Project:demo { root: ${JSON.stringify(demo)}, reader: User:ann }\n`)

async function connect(args) {
  const client = new Client({ name: 'example', version: '1.0.0' })
  await client.connect(new StdioClientTransport({ command: process.execPath, args, cwd: here, stderr: 'ignore' }))
  return client
}

const direct = await connect(server)
const guarded = await connect([
  ...[licet, 'gateway', '-p', 'policy.licet', '-f', facts, '--server', 'filesystem', '--actor', 'User:ann'],
  ...['--audit', audit, '--', 'node', ...server],
])

const names = async (client) => (await client.listTools()).tools.map(({ name }) => name).sort()
const offered = await names(direct)
const seen = await names(guarded)
console.log(`the server offers ${offered.length} tools; User:ann sees ${seen.length} of them through the gateway:`)
console.log(`  ${seen.join(', ')}`)

/** The client is told that it may not; the operator's audit log tells why. */
function why() {
  const { reason, rules } = JSON.parse(readFileSync(audit, 'utf8').trimEnd().split('\n').at(-1)).data
  return ` (audit: ${[reason, ...rules].join(', ')})`
}

async function call(name, args) {
  const path = JSON.stringify(args).replace(demo, 'demo')
  try {
    const result = await guarded.callTool({ name, arguments: args })
    const same = JSON.stringify(result) === JSON.stringify(await direct.callTool({ name, arguments: args }))
    const text = JSON.stringify(result.content[0].text).slice(0, 60)
    console.log(`allowed  ${name} ${path}: ${text}${same ? ', as the server itself answers' : ', CHANGED'}`)
  } catch (error) {
    console.log(`denied   ${name} ${path}: ${error.message}${why()}`)
  }
}

await call('read_text_file', { path: join(demo, 'notes.txt') })
await call('read_text_file', { path: `${demo}/drafts/../notes.txt` })
await call('read_text_file', { path: join(demo, '.env') })
await call('read_text_file', { path: `${demo}/../policy.licet` })
await call('read_text_file', { path: '/etc/hostname' })
await call('write_file', { path: join(demo, 'notes.txt'), content: 'gone' })
await call('no_such_tool', {})

await Promise.all([direct.close(), guarded.close()])
rmSync(scratch, { recursive: true })
