// A fresh process: what a contestant of S3 holds once it is ready, and once it has decided, over what was there before.
import { data } from '../s3-relationships/data.mjs'

const [name] = process.argv.slice(2)
const { hold } = await import(`./holders/${name}.mjs`)

/** After several collections: what one frees may let the next free more. External memory includes array buffers. */
async function used() {
  for (let times = 0; times < 4; times++) {
    globalThis.gc()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap: heapUsed + external, rss }
}

async function ready() {
  const graph = data()
  const { requests, expected } = graph
  return { requests, expected, decide: await hold(graph) }
}

// The data are made and dropped once, so that the code and the heap that this takes count as being there before.
data()
const before = await used()
const { requests, expected, decide } = await ready()
const after = await used()
for (let r = 0; r < 500; r++)
  if ((await decide(requests[r])) !== expected[r]) throw new Error(`request ${r} is decided wrongly`)
const { rss } = process.memoryUsage()

process.send({ held: after.heap - before.heap, resident: after.rss - before.rss, deciding: rss - before.rss })
process.disconnect()
