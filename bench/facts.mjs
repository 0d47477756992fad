// How fast facts are taken in, how much memory they need, and how long a decision takes among them: ten million relationships over a
// million entities, each through the same door as any other. Run after a build, in a process of its own:
//   node bench/facts.mjs [facts] [order]
//   order: `grouped` as an export would give them, one document after the other, or `mixed`, each a document at random
import { compile, createEngine } from '../dist/index.js'

const [count = '10000000', order = 'grouped'] = process.argv.slice(2)
const facts = Number(count)
const ids = Math.max(1000, Math.round(facts / 10))
const groups = Math.round(ids * 0.01)
const users = Math.round(ids * 0.1)
const folders = Math.round(ids * 0.04)
const docs = ids - groups - users - folders
const structure = groups + 2 * users + 2 * folders + 2 * docs
const viewings = Math.max(0, facts - structure)

const { policy } = compile(`
  actor User in Group
  resource Group in Group
  resource Folder {
    parent?: Folder
    role viewer: User | Group if parent.viewer
  }
  resource Doc {
    parent: Folder
    owner: User
    role viewer: User | Group if owner or parent.viewer
    allow read if viewer
  }`)

/** A generator of numbers, the same ones each time. */
function random(seed) {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Two groups for each user; groups stand three deep, and so many to one that the top ones have a hundredth of all users. */
const groupsOf = (user) => [user % groups, (user * 31 + 7) % groups]
const aboveGroup = (group) => (group < 100 ? undefined : group % (group < 1000 ? 100 : 1000))
const aboveFolder = (folder) => (folder === 0 ? undefined : Math.floor((folder - 1) / 8))
const folderOf = (doc) => (doc * 7919) % folders
/** Below the top three levels, half of them a group of a low level. */
const viewerOfFolder = (folder) =>
  folder % 2 === 0 ? `User:${(folder * 17) % users}` : `Group:${Math.min(groups - 1, 1000 + ((folder * 13) % groups))}`

function* beforeDocs() {
  for (let g = 0; g < groups; g++) {
    const above = aboveGroup(g)
    if (above !== undefined) yield { object: `Group:${g}`, relation: 'in', subject: `Group:${above}` }
  }
  for (let u = 0; u < users; u++)
    for (const group of groupsOf(u)) yield { object: `User:${u}`, relation: 'in', subject: `Group:${group}` }
  for (let f = 0; f < folders; f++) {
    const above = aboveFolder(f)
    if (above !== undefined) yield { object: `Folder:${f}`, relation: 'parent', subject: `Folder:${above}` }
    yield { object: `Folder:${f}`, relation: 'viewer', subject: viewerOfFolder(f) }
  }
}

const viewer = (next) => (next(10) === 0 ? `Group:${next(groups)}` : `User:${next(users)}`)

function* grouped() {
  yield* beforeDocs()
  const next = random(1)
  for (let doc = 0; doc < docs; doc++) {
    const object = `Doc:${doc}`
    yield { object, relation: 'parent', subject: `Folder:${folderOf(doc)}` }
    yield { object, relation: 'owner', subject: `User:${next(users)}` }
    const named = Math.round(((doc + 1) * viewings) / docs) - Math.round((doc * viewings) / docs)
    for (let i = 0; i < named; i++) yield { object, relation: 'viewer', subject: viewer(next) }
  }
}

function* mixed() {
  yield* beforeDocs()
  const next = random(1)
  for (let doc = 0; doc < docs; doc++) {
    yield { object: `Doc:${doc}`, relation: 'parent', subject: `Folder:${folderOf(doc)}` }
    yield { object: `Doc:${doc}`, relation: 'owner', subject: `User:${next(users)}` }
  }
  for (let i = 0; i < viewings; i++) yield { object: `Doc:${next(docs)}`, relation: 'viewer', subject: viewer(next) }
}

const all = order === 'mixed' ? mixed : grouped
const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`
const engine = createEngine(policy)
const before = process.memoryUsage().rss
let peak = 0
/** Some of those who are named at a document. */
const named = []
const watched = function* (inputs) {
  let i = 0
  for (const input of inputs) {
    if ((i++ & 0xfffff) === 0) peak = Math.max(peak, process.memoryUsage().rss)
    if (i % 97 === 0 && input.relation === 'viewer' && input.object.startsWith('Doc:')) named.push(input)
    yield input
  }
}
/** Seconds of the processor since the beginning, or since then. */
const processor = (since = 0) => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6 - since
}
const beforeMaking = processor()
let made = 0
let given = 0
for (const { subject } of all()) {
  made += subject.length
  given++
}
const making = processor(beforeMaking)

const beforeLoading = processor()
const start = performance.now()
const refused = engine.facts.load(watched(all()))
const seconds = (performance.now() - start) / 1000
const busy = processor(beforeLoading)
if (refused.length > 0) throw new Error(refused[0].message)
const now = process.memoryUsage()
console.log(`${given} facts, ${order}: ${seconds.toFixed(1)} s, ${(given / seconds / 1e6).toFixed(2)} million a second`)
console.log(`  processor time ${busy.toFixed(1)} s, ${(given / busy / 1e6).toFixed(2)} million a second`)
console.log(
  `  of which making them, as told apart: ${making.toFixed(1)} s (${made} characters); without, ${(given / (busy - making) / 1e6).toFixed(2)} million a second`,
)
console.log(
  `  resident: ${megabytes(now.rss)} after, ${megabytes(Math.max(peak, process.resourceUsage().maxRSS * 1024))} at most, ${megabytes(before)} before`,
)
console.log(`  heap ${megabytes(now.heapUsed)}, array buffers ${megabytes(now.arrayBuffers)}`)

// Each question once, of entities all over the million: somebody named, a member of a group named, somebody who sees a folder above,
// and anybody.
const pick = random(2)
const member = (group) => group + groups * pick(Math.max(1, Math.floor((users - 1 - group) / groups) + 1))
const someone = (name) => (name.startsWith('Group:') ? `User:${member(Number(name.slice(6)))}` : name)
function question(kind) {
  const doc = pick(docs)
  if (kind === 0) {
    const { object, subject } = named[pick(named.length)] ?? {}
    if (object !== undefined) return { actor: someone(subject), doc: object, expected: true }
  }
  if (kind === 1) {
    let folder = folderOf(doc)
    for (let up = pick(4); up > 0 && folder !== 0; up--) folder = aboveFolder(folder)
    return { actor: someone(viewerOfFolder(folder)), doc: `Doc:${doc}`, expected: true }
  }
  return { actor: `User:${pick(users)}`, doc: `Doc:${doc}`, expected: undefined }
}
const questions = Array.from({ length: 400_000 }, (_, i) => question(i % 4))
const took = new Float64Array(questions.length)
let allowed = 0
for (const [i, { actor, doc, expected }] of questions.entries()) {
  const asked = performance.now()
  const answer = engine.can(actor, 'read', doc)
  took[i] = (performance.now() - asked) * 1e3
  if (answer) allowed++
  if (expected && !answer) throw new Error(`${actor} cannot read ${doc}`)
}
const settled = took
  .subarray(questions.length / 4)
  .slice()
  .sort()
const quantile = (q) => `${(settled[Math.floor(settled.length * q)] ?? 0).toFixed(2)} µs`
console.log(
  `  can: p50 ${quantile(0.5)}, p99 ${quantile(0.99)}, p99.9 ${quantile(0.999)}; ${allowed} of ${questions.length} allowed`,
)
console.log(`  resident after deciding: ${megabytes(process.memoryUsage().rss)}`)
