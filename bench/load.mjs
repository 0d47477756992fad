// How long it takes from policy text to the first decision, and to look for warnings: of 1,000, 10,000 and 100,000 rules in two shapes, and from the start of
// a process for ten rules. Each row has a process of its own. Run after a build: node bench/load.mjs
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const shapes = {
  /** Types of a hundred rules each; every rule has a role, two comparisons and an exception. */
  types: {
    text(rules) {
      const lines = ['actor User { level: int }']
      for (let type = 0; type < rules / 100; type++) {
        lines.push(`resource R${type} {`, '  owner: User', '  n: int', '  role holder: User if owner')
        for (let i = 0; i < Math.min(rules, 100); i++)
          lines.push(`  allow a${i} if holder and n > ${i} and actor.level >= ${i % 7} unless n == ${i * 3}`)
        lines.push('}')
      }
      return lines.join('\n')
    },
    ask: (engine) =>
      engine.can({ type: 'User', id: 'ann', level: 5 }, 'a1', { type: 'R0', id: '1', owner: 'User:ann', n: 2 }),
  },
  /** One server without a lock; ten rules for each tool, each for another claim. */
  tools: {
    text(rules) {
      const lines = ['actor User', 'token { role: string }', 'server files {']
      for (let i = 0; i < rules; i++) {
        const [tool, tenant] = [Math.floor(i / 10), i % 10]
        lines.push(
          `  allow call t${tool} if token.role == "tenant${tenant}/member" and args.amount <= ${(i * 7) % 1000}`,
        )
      }
      return [...lines, '}'].join('\n')
    },
    ask: (engine, { tool }) =>
      engine.can('User:ann', 'call', tool('files', 't0', { amount: 5 }), { token: { role: 'tenant1/member' } }),
  },
}

const [, , shape, rules] = process.argv
if (shape === undefined) all()
else await row(shape, Number(rules))

function all() {
  console.log(
    'shape    rules       text    import   compile  warnings  + decision   first run   (compile to + decision: medians of 5)',
  )
  for (const name of Object.keys(shapes))
    for (const count of [10, 1_000, 10_000, 100_000])
      spawnSync(process.execPath, [fileURLToPath(import.meta.url), name, `${count}`], { stdio: 'inherit' })
}

async function row(name, count) {
  const { text: textOf, ask } = shapes[name]
  const text = textOf(count)
  const start = performance.now()
  const licet = await import('../dist/index.js')
  const imported = performance.now() - start
  const whole = () => {
    const compiled = licet.compile(text)
    if (compiled.policy === undefined) throw new Error(compiled.diagnostics[0].message)
    if (!ask(licet.createEngine(compiled.policy), licet)) throw new Error('it must be allowed')
  }
  const first = time(whole)
  const runs = Array.from({ length: 5 }, () => {
    let compiled
    const compile = time(() => {
      compiled = licet.compile(text)
    })
    return { compile, warnings: time(() => compiled.diagnostics), whole: time(whole) }
  })
  const of = (what) => shown(median(runs.map((run) => run[what])))
  const size = `${(text.length / 1e6).toFixed(2)} MB`
  console.log(
    `${name} ${String(count).padStart(8)} ${size.padStart(10)} ${shown(imported)} ${of('compile')} ${of('warnings')} ${of('whole').padStart(11)} ${shown(first).padStart(11)}`,
  )
}

function time(work) {
  const start = performance.now()
  work()
  return performance.now() - start
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1]
}

function shown(ms) {
  return `${ms.toFixed(0)} ms`.padStart(9)
}
