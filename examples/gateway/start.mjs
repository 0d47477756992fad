// One gateway in front of three servers that nobody has changed, as gateway.json describes it, and a client of each over HTTP.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

const here = fileURLToPath(new URL('.', import.meta.url))
const licet = fileURLToPath(new URL('../../dist/surfaces/cli/main.js', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'licet-'))

// At a port that is free, so that it runs anywhere; gateway.json says 7000.
const gateway = spawn(process.execPath, [licet, 'gateway', '--config', 'gateway.json', '--listen', '0'], {
  cwd: here,
  env: { ...process.env, MEMORY_FILE: join(scratch, 'memory.jsonl') },
  stdio: ['ignore', 'ignore', 'pipe'],
})
const url = await new Promise((resolve) => {
  gateway.stderr.on('data', (chunk) => {
    const found = /everything is served at (http:.*)\/everything/.exec(String(chunk))
    if (found !== null) resolve(found[1])
  })
})

async function connect(server) {
  const client = new Client({ name: 'example', version: '1.0.0' })
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/${server}`)))
  const { tools } = await client.listTools()
  console.log(
    `${server}: ${tools
      .map(({ name }) => name)
      .sort()
      .join(', ')}`,
  )
  return async (name, args = {}) => {
    try {
      const { content } = await client.callTool({ name, arguments: args })
      console.log(`  allowed  ${name}: ${JSON.stringify(content[0].text).slice(0, 60)}`)
    } catch (error) {
      console.log(`  denied   ${name}: ${error.message}`)
    }
  }
}

const files = await connect('filesystem')
await files('read_text_file', { path: 'notes.txt' })
await files('read_text_file', { path: '../policy.licet' })
await files('write_file', { path: 'notes.txt', content: 'gone' })

const memory = await connect('memory')
await memory('create_entities', { entities: [{ name: 'ann', entityType: 'person', observations: ['reads'] }] })
await memory('search_nodes', { query: 'ann' })
await memory('delete_entities', { entityNames: ['ann'] })

const everything = await connect('everything')
await everything('get-sum', { a: 1, b: 2 })
await everything('get-env')

gateway.kill()
await new Promise((resolve) => gateway.once('exit', resolve))
rmSync(scratch, { recursive: true })
