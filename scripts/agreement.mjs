// Compares interpreter, emitted code and standalone module on as many generated decisions as wanted: `npm run agreement`. `--help` says
// what can be chosen.
import { fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'

const help = `npm run agreement -- [options]

  --decisions N   how many at least (1000000)
  --seed N        where the stories begin (1); each has the seed after the one before
  --workers N     processes at a time (one for each processor)
  --help

Each story is a generated policy with facts, changes and questions. Every decision of the interpreter is compared with those of the compiled
policy, with all passes and with some of them, and of its standalone module: reasons, rules, errors with their places, limits and labels;
in one story of ten what is missing too. Every fourth is asked again, and by a bound engine. A run that was stopped goes on with \`--seed\` of its last line. Exits with 1 if anything differed.`

const { values: chosen } = parseArgs({
  options: {
    decisions: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: `${availableParallelism()}` },
    help: { type: 'boolean', default: false },
  },
})
if (chosen.help) {
  console.log(help)
  process.exit()
}
const wanted = Number(chosen.decisions)
/** Stories of one process. */
const batchSize = 30

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const folder = mkdtempSync(join(tmpdir(), 'licet-agreement-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130))

const options = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  target: 'node20',
  mainFields: ['module', 'main'],
  logLevel: 'error',
}
const installed = join(folder, 'node_modules/licet')
mkdirSync(installed, { recursive: true })
writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
writeFileSync(
  join(installed, 'package.json'),
  JSON.stringify({ type: 'module', exports: { './runtime': './index.js', './runtime/regexes': './regexes.js' } }),
)
await build({
  ...options,
  platform: 'neutral',
  entryPoints: ['src/runtime/index.ts', 'src/runtime/regexes.ts'],
  outdir: installed,
})
await build({
  ...options,
  platform: 'node',
  entryPoints: ['test/agreement/batch.ts'],
  outfile: join(folder, 'batch.js'),
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
})

const started = Date.now()
let [decisions, stories, different] = [0, 0, 0]
let next = Number(chosen.seed)
/** Where to go on: all stories before are done. */
const running = new Set()
let told = 0

function progress() {
  const seconds = (Date.now() - started) / 1000
  const rate = decisions / seconds
  const left = Math.max(0, wanted - decisions) / rate / 60
  console.log(
    `${decisions} decisions of ${stories} policies agree, ${different} stories do not; ${Math.round(rate)} a second, ` +
      `${Number.isFinite(left) ? Math.ceil(left) : '?'} minutes left; --seed ${Math.min(next, ...running)}`,
  )
}

async function work() {
  while (decisions < wanted) {
    const seed = next
    next += batchSize
    running.add(seed)
    const child = fork(join(folder, 'batch.js'), [folder, `${seed}`, `${batchSize}`], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    const ended = new Promise((resolve) => child.on('exit', resolve))
    for await (const line of createInterface({ input: child.stdout })) {
      const { seed: of, decisions: compared, difference, story } = JSON.parse(line)
      stories += 1
      decisions += compared
      if (difference === undefined) continue
      different += 1
      console.log(
        `\nseed ${of}: ${difference.what}\n  right: ${difference.right}\n  said:  ${difference.said}\n${story}\n`,
      )
    }
    if ((await ended) !== 0) {
      different += 1
      console.log(`the stories from --seed ${seed} did not come to their end`)
    }
    running.delete(seed)
    for (const name of readdirSync(folder)) if (name.startsWith(`policy-${child.pid}-`)) rmSync(join(folder, name))
    if (Date.now() - told < 10_000) continue
    told = Date.now()
    progress()
  }
}

await Promise.all(Array.from({ length: Number(chosen.workers) }, work))
progress()
process.exitCode = different === 0 ? 0 : 1
