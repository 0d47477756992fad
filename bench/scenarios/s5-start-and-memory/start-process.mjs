// A fresh process: how long the library takes to import, and the text to become a decision. Making the text is not timed.
import { data } from '../s4-many-rules/data.mjs'

const [loader, count] = process.argv.slice(2)
const { text, library, load } = await import(`./loaders/${loader}.mjs`)
const { requests, expected, ...rules } = data(Number(count))
const source = text(rules)

const begun = performance.now()
const imported = await library()
const ready = performance.now()
const decide = await load(source, imported)
const allowed = await decide(requests[0])
const decided = performance.now()

if (allowed !== expected[0]) throw new Error(`decided ${allowed}, which is wrong`)
process.send({ import: ready - begun, load: decided - ready, total: decided - begun })
process.disconnect()
