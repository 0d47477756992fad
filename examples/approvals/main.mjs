// An agent releases: it is held until somebody has looked at exactly that release, and goes on once.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'

const here = fileURLToPath(new URL('.', import.meta.url))
const licet = fileURLToPath(new URL('../../dist/surfaces/cli/main.js', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'licet-'))
const store = join(scratch, 'approvals.sqlite')

const agent = new Client({ name: 'agent', version: '1.0.0' }, { capabilities: { elicitation: {} } })
let says = 'accept'
agent.setRequestHandler(ElicitRequestSchema, ({ params }) => {
  console.log(`         the user is asked: ${params.message.replaceAll('\n', ' | ')}`)
  return says === 'accept' ? { action: says, content: { confirm: true } } : { action: says }
})
await agent.connect(
  new StdioClientTransport({
    command: process.execPath,
    args: [
      ...[licet, 'gateway', '-p', 'policy.licet', '--server', 'deploy', '--actor', 'User:ann', '--agent', 'Agent:bot'],
      ...['--approvals', store, '--client-confirms', '--', 'node', 'deploy.mjs'],
    ],
    cwd: here,
    stderr: 'ignore',
  }),
)

let waits = ''
async function call(name, args = {}) {
  try {
    const { content } = await agent.callTool({ name, arguments: args })
    console.log(`done     ${name}: ${content[0].text}`)
  } catch (error) {
    waits = error.data?.approval ?? waits
    console.log(`denied   ${name}: ${error.message.replace(waits, 'ID')}`)
  }
}

/** What those do who approve; it could be any other program that opens the same file. */
function approvals(...line) {
  console.log(`$ licet approvals ${line.join(' ').replace(waits, 'ID')}`)
  try {
    const options = { encoding: 'utf8', stdio: 'pipe' }
    return execFileSync(process.execPath, [licet, 'approvals', ...line, '--store', store], options)
  } catch (error) {
    return error.stderr
  }
}
/** The lines that begin with one of these words. */
const only = (text, ...names) =>
  text
    .split('\n')
    .filter((line) => names.some((name) => line.startsWith(name)))
    .join('\n')

const release = { service: 'shop', version: '1.4.0' }
await call('list_releases')
await call('release', release)
console.log(only(approvals('show', waits), 'state', 'takes', 'actor', 'agents', 'server', 'name', 'arguments', '  '))
console.log(only(approvals('grant', waits, '--as', 'User:ann'), 'licet'))
console.log(only(approvals('grant', waits, '--as', 'User:max'), 'state'))
await call('release', release)
console.log(only(approvals('grant', waits, '--as', 'User:lia'), 'state'))
await call('release', { ...release, version: '2.0.0' })
await call('release', release)
await call('release', release)
await call('roll_back', { service: 'shop' })
says = 'decline'
await call('roll_back', { service: 'shop' })

await agent.close()
rmSync(scratch, { recursive: true })
