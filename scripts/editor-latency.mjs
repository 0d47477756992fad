// How long after a keystroke an editor has the diagnostics of a policy of 2,000 lines, over standard input and output, and how much
// processor time of the server that takes. Needs a build.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as lsp from 'vscode-languageserver-protocol'
import { createProtocolConnection } from 'vscode-languageserver-protocol/node'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const lines = Number(process.argv[2] ?? 2000)
const edits = Number(process.argv[3] ?? 200)

const folder = mkdtempSync(join(tmpdir(), 'licet-latency-'))
const child = spawn(process.execPath, [join(root, 'dist/surfaces/cli/main.js'), 'lsp'], {
  stdio: ['pipe', 'pipe', 'inherit'],
})
const connection = createProtocolConnection(child.stdout, child.stdin)
let told = () => undefined
connection.onNotification(lsp.PublishDiagnosticsNotification.type, (params) => told(params))
connection.onRequest(() => null)
connection.listen()
await connection.sendRequest(lsp.InitializeRequest.type, {
  processId: process.pid,
  rootUri: pathToFileURL(folder).href,
  capabilities: {},
})
await connection.sendNotification(lsp.InitializedNotification.type, {})

const uri = pathToFileURL(join(folder, 'policy.licet')).href
const text = policyOf(lines)
let version = 1
let diagnostics = next(1)
await connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, {
  textDocument: { uri, languageId: 'licet', version, text },
})
const first = performance.now()
await diagnostics
console.log(`${text.split('\n').length} lines; first diagnostics after ${(performance.now() - first).toFixed(0)} ms`)

// Typing a condition in the middle of the policy, and taking it back: broken after most keystrokes, as texts are while somebody types.
const line = text.split('\n').findIndex((one, i) => i > lines / 2 && one.includes('allow write if writer'))
const column = text.split('\n')[line].length
const typed = ' and resource.level < 7'
const times = []
const cpu = []
let at = 0
let isWriting = true
for (let i = 0; i < edits; i++) {
  if (isWriting && at === typed.length) isWriting = false
  if (!isWriting && at === 0) isWriting = true
  const start = { line, character: column + at - (isWriting ? 0 : 1) }
  const end = { line, character: column + at }
  version += 1
  diagnostics = next(version)
  const before = processorTime()
  const began = performance.now()
  await connection.sendNotification(lsp.DidChangeTextDocumentNotification.type, {
    textDocument: { uri, version },
    contentChanges: [{ range: { start, end }, text: isWriting ? typed[at] : '' }],
  })
  await diagnostics
  times.push(performance.now() - began)
  cpu.push(processorTime() - before)
  at += isWriting ? 1 : -1
}
const late = times.slice(20)
console.log(
  `keystroke to diagnostics: median ${quantile(late, 0.5)} ms, nine in ten ${quantile(late, 0.9)} ms, most ${quantile(late, 1)} ms`,
)
const spent = cpu.slice(20).reduce((sum, one) => sum + one, 0) / late.length
console.log(`processor time of the server a keystroke: mean ${spent.toFixed(1)} ms`)
console.log(`memory of the server: ${(memory() / 1024).toFixed(0)} MiB`)
await connection.sendRequest(lsp.ShutdownRequest.type)
await connection.sendNotification(lsp.ExitNotification.type)
rmSync(folder, { recursive: true, force: true })
process.exit(0)

function next(wanted) {
  return new Promise((resolve) => {
    told = (params) => {
      if (params.version === wanted) resolve(params)
    }
  })
}

/** Of the server, user and system, in milliseconds, of which the system counts ten at a time; from Linux's /proc, else not a number. */
function processorTime() {
  try {
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return Number.NaN
  }
}

/** In KiB. */
function memory() {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1])
  } catch {
    return Number.NaN
  }
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.ceil(share * sorted.length) - 1].toFixed(0)
}

function policyOf(length) {
  const parts = [
    'actor User in Group { email: string, manager?: User, clearance: int }\nactor Agent { trusted: boolean }\nresource Group in Group\nrole employee: User\n',
  ]
  for (let i = 1; parts.join('').split('\n').length < length; i++)
    parts.push(`
/// Repositories of kind ${i}.
resource Repo${i} in Group {
  private: boolean
  parent?: Repo${i}
  level: int
  role owner: User
  role writer: User | Group if owner or parent.writer
  role reader: User | Group if writer or (employee and not private)
  allow read if reader and (level < 5 or (actor is User and actor.clearance > level))
  allow write if writer
  allow delete if owner and acr("aal2")
}
deny delete on Repo${i} if resource.private and resource.level > 3
delegate read, write on Repo${i} if agent.trusted
test "kind ${i}" {
  given User:ann { email: "ann@acme.dev", clearance: 3 }
  given Repo${i}:one { private: true, level: 2, owner: User:ann }
  expect User:ann can read Repo${i}:one
  expect User:bob cannot read Repo${i}:one
}
`)
  return parts.join('')
}
