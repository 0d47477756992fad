// The benchmarks: `npm run bench` in the root, or `node bench/run.mjs`. `--help` says what can be chosen.
import { existsSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { installPeers } from './install.mjs'
import { machine } from './machine.mjs'
import { measure } from './measure/measure.mjs'
import { chart } from './report/chart.mjs'
import { markdown, section } from './report/markdown.mjs'
import { tables } from './scenarios/tables.mjs'

const help = `node bench/run.mjs [options]

  --full            the run whose figures are published; without it, a look of two or three minutes
  --only S3,S4      only these scenarios, or tables by id: ${tables()
    .map(({ id }) => id)
    .join(', ')}
  --no-peers        only Licet and hand-written code; installs nothing
  --json FILE       the results as JSON
  --write           results.json, results.md and results.svg in bench/
  --help

LICET_DIST=DIR measures another build than dist/.`

const { values: chosen } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    only: { type: 'string' },
    'no-peers': { type: 'boolean', default: false },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (chosen.help) {
  console.log(help)
  process.exit()
}
if (process.env.LICET_DIST === undefined && !existsSync(new URL('../dist/index.js', import.meta.url))) {
  console.error('there is no dist/ to measure: run `npm run build` first')
  process.exit(2)
}
const wanted = chosen.only?.toLowerCase().split(',')
const asked = tables().filter(
  ({ id, scenario, fullOnly }) =>
    wanted?.includes(id) ||
    ((wanted === undefined || wanted.includes(scenario.toLowerCase())) && (chosen.full || !fullOnly)),
)
if (asked.length === 0) {
  console.error(`nothing is called ${chosen.only}\n\n${help}`)
  process.exit(2)
}
const peers = !chosen['no-peers'] && installPeers()

const effort = chosen.full ? 'full' : 'quick'
const results = { ...machine(), effort, tables: [] }
console.log(`${results.date}, ${results.machine}, ${effort}`)
if (results.busy) console.warn(`the machine is busy, with a load of ${results.load.toFixed(1)}: figures are inflated`)
for (const table of asked) {
  const measured = await measure(table, { effort, peers })
  results.tables.push(measured)
  console.log(`\n${section(measured)}`)
}

if (chosen.json !== undefined) writeFileSync(chosen.json, `${JSON.stringify(results, null, 2)}\n`)
if (chosen.write) {
  const beside = (name) => new URL(name, import.meta.url)
  writeFileSync(beside('results.json'), `${JSON.stringify(results, null, 2)}\n`)
  writeFileSync(beside('results.md'), markdown(results))
  writeFileSync(beside('results.svg'), chart(results))
}

// A benchmark of wrong decisions is worth nothing, nor is one against slow hand-written code: either fails the run.
for (const { id, rows, void: reason } of results.tables) {
  const failed = rows.filter(({ kind, wrong, error }) => wrong > 0 || (kind !== 'peer' && error !== undefined))
  if (reason === undefined && failed.length === 0) continue
  const problems = [
    reason,
    ...failed.map(({ name, wrong, error }) => `${name}: ${error ?? `${wrong} wrong decisions`}`),
  ]
  console.error(`${id}: ${problems.filter(Boolean).join('; ')}`)
  process.exitCode = 1
}
