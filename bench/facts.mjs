// How fast facts are taken in, and how much memory they need: ten million relationships over a million entities, each through the
// same door as any other. Run after a build, in a process of its own: node bench/facts.mjs [facts] [order]
//   order: `grouped` as an export would give them, one document after the other, or `mixed`, each a document at random
import { compile, createEngine } from '../dist/index.js'

const [count = '10000000', order = 'grouped'] = process.argv.slice(2)
const facts = Number(count)
const docs = Math.max(1, Math.round(facts * 0.09))
const users = Math.max(1, Math.round(facts * 0.01))

const { policy } = compile(`
  actor User
  resource Doc {
    owner: User
    role viewer: User
    allow read if owner or viewer
  }`)

/** A generator of numbers, the same ones each time. */
function random(seed) {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function* grouped() {
  const next = random(1)
  let left = facts
  for (let doc = 0; left > 0; doc++) {
    const object = `Doc:${doc}`
    yield { object, relation: 'owner', subject: `User:${next(users)}` }
    left--
    const viewers = Math.round(((doc + 1) * (facts - docs)) / docs) - Math.round((doc * (facts - docs)) / docs)
    for (let i = 0; i < viewers && left > 0; i++, left--)
      yield { object, relation: 'viewer', subject: `User:${next(users)}` }
  }
}

function* mixed() {
  const next = random(1)
  for (let doc = 0; doc < docs; doc++) yield { object: `Doc:${doc}`, relation: 'owner', subject: `User:${next(users)}` }
  for (let i = docs; i < facts; i++)
    yield { object: `Doc:${next(docs)}`, relation: 'viewer', subject: `User:${next(users)}` }
}

const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`
const engine = createEngine(policy)
const before = process.memoryUsage().rss
let peak = 0
const watched = function* (inputs) {
  let i = 0
  for (const input of inputs) {
    if ((i++ & 0xfffff) === 0) peak = Math.max(peak, process.memoryUsage.rss())
    yield input
  }
}
const generated = performance.now()
let made = 0
for (const { subject } of (order === 'mixed' ? mixed : grouped)()) made += subject.length
const generating = performance.now() - generated

const spent = process.cpuUsage()
const start = performance.now()
const refused = engine.facts.load(watched((order === 'mixed' ? mixed : grouped)()))
const seconds = (performance.now() - start) / 1000
const { user, system } = process.cpuUsage(spent)
const busy = (user + system) / 1e6
if (refused.length > 0) throw new Error(refused[0].message)
const now = process.memoryUsage()
console.log(`${facts} facts, ${order}: ${seconds.toFixed(1)} s, ${(facts / seconds / 1e6).toFixed(2)} million a second`)
console.log(`  processor time ${busy.toFixed(1)} s, ${(facts / busy / 1e6).toFixed(2)} million a second`)
console.log(`  of which making them: ${(generating / 1000).toFixed(1)} s (${made} characters)`)
console.log(
  `  resident: ${megabytes(now.rss)} after, ${megabytes(Math.max(peak, process.resourceUsage().maxRSS * 1024))} at most, ${megabytes(before)} before`,
)
console.log(`  heap ${megabytes(now.heapUsed)}, array buffers ${megabytes(now.arrayBuffers)}`)
