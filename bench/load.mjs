// How long it takes to read policies of 1,000, 10,000 and 100,000 rules: parsing alone, parsing and checking, and up to the first
// decision. Run after a build: node bench/load.mjs
import { compile, createEngine } from '../dist/index.js'
import { parse } from '../dist/syntax/parse.js'

/** Types of a hundred rules each; every rule has a role, two comparisons and an exception. */
function policyOf(rules) {
  const lines = ['actor User { level: int }']
  for (let type = 0; type < rules / 100; type++) {
    lines.push(`resource R${type} {`, '  owner: User', '  n: int', '  role holder: User if owner')
    for (let i = 0; i < 100; i++)
      lines.push(`  allow a${i} if holder and n > ${i} and actor.level >= ${i % 7} unless n == ${i * 3}`)
    lines.push('}')
  }
  return lines.join('\n')
}

const time = (work) => {
  const start = performance.now()
  work()
  return performance.now() - start
}
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1]
const shown = (ms) => `${ms.toFixed(0)} ms`.padStart(9)

console.log(
  '   rules       text     parse  + check  + first decision   (medians of 5 in one process; the first run apart)',
)
for (const rules of [1_000, 10_000, 100_000]) {
  const text = policyOf(rules)
  const whole = () => {
    const { policy } = compile(text)
    createEngine(policy).can('User:ann', 'a1', { type: 'R0', id: '1', owner: 'User:ann', n: 2 })
  }
  const first = time(whole)
  const runs = Array.from({ length: 5 }, () => ({
    parse: time(() => parse({ name: 'policy.licet', text })),
    check: time(() => compile(text)),
    whole: time(whole),
  }))
  const of = (what) => shown(median(runs.map((run) => run[what])))
  console.log(
    `${String(rules).padStart(8)} ${`${(text.length / 1e6).toFixed(2)} MB`.padStart(10)} ${of('parse')} ${of('check')} ${of('whole')}   first run ${shown(first)}`,
  )
}
