// How long `list` and `who` take in S3, how much they look at and how much they find, against a decision about every document. Run after a
// build: node bench/queries.mjs
import { engineOf } from './licet.mjs'
import { quantile } from './measure/statistics.mjs'
import { data } from './scenarios/s3-relationships/data.mjs'
import { facts, policy } from './scenarios/s3-relationships/licet.mjs'

const graph = data()
const engine = engineOf(policy, { facts: facts(graph) })
const some = (names) => [...new Set(names)].slice(0, 500)
const users = some(graph.requests.map(({ user }) => `User:${user}`))
const docs = some(graph.requests.map(({ doc }) => `Doc:${doc}`))
const every = Array.from({ length: graph.docs }, (_, doc) => `Doc:d${doc}`)

const questions = {
  'list: what a user may read': [users, (user) => engine.list(user, 'read', 'Doc'), (found) => [...found]],
  'who may read a document': [docs, (doc) => engine.who('read', doc), ({ certain }) => certain],
  '`can` about every document': [
    users.slice(0, 5),
    (user) => every.filter((doc) => engine.can(user, 'read', doc)),
    (all) => all,
  ],
}

/** Of processor time, so that what else the machine does is not in it. */
function timed(ask) {
  const before = process.cpuUsage()
  const answer = ask()
  const { user, system } = process.cpuUsage(before)
  return { answer, ms: (user + system) / 1000 }
}

for (const [name, [inputs, ask, answers]] of Object.entries(questions)) {
  for (const input of inputs) ask(input)
  const rows = inputs.map((input) => {
    const { answer, ms } = timed(() => ask(input))
    return { ms, found: answers(answer).length, visited: answer.visited ?? every.length }
  })
  const at = (p) => (key) =>
    quantile(
      rows.map((row) => row[key]),
      p,
    )
  const shown = (p) => `${at(p)('ms').toFixed(2)} ms, ${at(p)('found')} found, ${at(p)('visited')} visited`
  console.log(`${name}: p50 ${shown(0.5)}; p99 ${shown(0.99)}`)
}

// A benchmark of wrong answers is worth nothing.
for (const user of users.slice(0, 5)) {
  const found = [...engine.list(user, 'read', 'Doc')]
  const right = every.filter((doc) => engine.can(user, 'read', doc)).sort()
  if (found.join() !== right.join()) throw new Error(`${user}: another list than decisions give`)
}
