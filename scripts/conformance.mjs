// Holds that a server behind a guard, with a policy that allows everything, is as conformant as it is by itself: the official runner
// (@modelcontextprotocol/conformance) asks the server directly, with a guard in its process, behind the gateway over HTTP, and behind it over stdio.
// The runner needs Node 22: both are installed into a folder of their own (CONFORMANCE_FOLDER, or a temporary one).
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const runnerVersion = '0.1.16'
const root = fileURLToPath(new URL('..', import.meta.url))
const licet = join(root, 'dist/surfaces/cli/main.js')
const server = join(root, 'scripts/conformance/server.mjs')
const scratch = mkdtempSync(join(tmpdir(), 'licet-conformance-'))
const folder = process.env.CONFORMANCE_FOLDER ?? scratch
const started = []

function install() {
  const runner = join(folder, 'node_modules/@modelcontextprotocol/conformance')
  if (!existsSync(runner)) {
    writeFileSync(join(folder, 'package.json'), '{ "private": true }')
    const packages = ['node@22', `@modelcontextprotocol/conformance@${runnerVersion}`]
    execFileSync('npm', ['install', '--no-audit', '--no-fund', ...packages], { cwd: folder, stdio: 'inherit' })
  }
  return { node: join(folder, 'node_modules/node/bin/node'), script: join(runner, 'dist/index.js') }
}

/** Starts a process, and resolves when it has said a URL. */
function start(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    started.push(child)
    let said = ''
    const hear = (chunk) => {
      said += chunk
      const url = /http:\/\/\S+\n/.exec(said)
      if (url !== null) resolve(url[0].trim())
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('exit', () => reject(new Error(`it has ended: ${said}`)))
  })
}

const allowAll = join(scratch, 'allow.licet')
const actions = ['call', 'get', 'read', 'subscribe', 'complete', 'log', 'sample', 'elicit', 'roots']
writeFileSync(allowAll, `server conformance {\n${actions.map((action) => `  allow ${action} *\n`).join('')}}\n`)
const gateway = (...reach) =>
  start([
    licet,
    'gateway',
    '-p',
    allowAll,
    '--server',
    'conformance',
    '--actor',
    'anonymous',
    '--listen',
    '0',
    ...reach,
  ])

/** The outcome of each check of each scenario, of the whole suite. */
function ask({ node, script }, name, url) {
  const output = join(scratch, name)
  try {
    execFileSync(node, [script, 'server', '--url', url, '--suite', 'all', '-o', output], { stdio: 'pipe' })
  } catch (failed) {
    // Its status says that a check failed; which one is in the files.
    if (!existsSync(output)) throw failed
  }
  const outcomes = new Map()
  for (const scenario of readdirSync(output)) {
    const checks = JSON.parse(readFileSync(join(output, scenario, 'checks.json'), 'utf8'))
    const called = scenario.replace(/-\d{4}-\d{2}-\d{2}T.*$/, '').replace(/^server-(?=server-)/, '')
    for (const { id, status } of checks) {
      if (['SUCCESS', 'FAILURE', 'WARNING'].includes(status)) outcomes.set(`${called}: ${id}`, status)
    }
  }
  return outcomes
}

try {
  const runner = install()
  const bare = await start([server, 'http'])
  const sides = {
    'bare server': ask(runner, 'bare', bare),
    'guarded in process': ask(runner, 'guarded', await start([server, 'guarded', allowAll])),
    'behind the gateway, HTTP': ask(runner, 'http', await gateway('--url', bare)),
    'behind the gateway, stdio': ask(runner, 'stdio', await gateway('--', process.execPath, server, 'stdio')),
  }
  const [[, expected], ...guarded] = Object.entries(sides)
  let isSame = true
  for (const [name, outcomes] of Object.entries(sides)) {
    const count = (status) => [...outcomes.values()].filter((one) => one === status).length
    console.log(`${name}: ${count('SUCCESS')} passed, ${count('FAILURE')} failed, ${count('WARNING')} warnings`)
  }
  for (const [name, outcomes] of guarded) {
    for (const check of new Set([...expected.keys(), ...outcomes.keys()])) {
      const [was, is] = [expected.get(check), outcomes.get(check)]
      if (was === is) continue
      console.log(`${name}: ${check}: ${is ?? 'not there'} where the bare server has ${was ?? 'nothing'}`)
      if (is !== 'SUCCESS') isSame = false
    }
  }
  console.log(isSame ? 'no check is worse behind a guard' : 'CHECKS ARE WORSE BEHIND A GUARD')
  process.exitCode = isSame ? 0 : 1
} finally {
  for (const child of started) child.kill()
  rmSync(scratch, { recursive: true, force: true })
}
