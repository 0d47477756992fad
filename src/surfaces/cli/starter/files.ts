import { readLock } from '../../../lock/read-lock.ts'
import { writeLock } from '../../../lock/write-lock.ts'
import { filesystemPackage, filesystemTools } from './filesystem-tools.ts'
import { facts, policy, tests } from './policy.ts'

const command = 'npx'
const args = ['-y', filesystemPackage, './shared']

/** What `licet init` writes, by name relative to the folder. */
export function starterFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['policy.licet', policy],
    ['facts.licet', facts],
    ['tests.licet', tests],
    ['files.lock.json', lock()],
    ['mcp.json', clientConfiguration()],
    ['shared/notes.md', 'The files in this folder are what the server `files` shares.\n'],
  ])
}

/** As `licet lock files -- npx …` would capture it. */
function lock(): string {
  const tools = filesystemTools.map((tool) => JSON.parse(tool) as unknown)
  const text = JSON.stringify({
    lock: 1,
    server: 'files',
    reached: { command, args },
    protocolVersion: '2025-11-25',
    tools,
  })
  const read = readLock({ name: 'files.lock.json', text })
  if (read.lock === undefined) throw new Error(`the starter lock is wrong: ${read.diagnostics[0]?.message}`)
  return writeLock(read.lock)
}

/** The form in which most MCP clients take their servers; to be started in the folder of the policy. */
function clientConfiguration(): string {
  const gateway = [
    'licet',
    'gateway',
    '-p',
    'policy.licet',
    '-f',
    'facts.licet',
    '--server',
    'files',
    '--actor',
    'User:ann',
  ]
  const files = { command: 'npx', args: [...gateway, '--', command, ...args] }
  return `${JSON.stringify({ mcpServers: { files } }, null, 2)}\n`
}
