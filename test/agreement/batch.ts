import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { standalone } from '../../src/standalone.ts'
import { type StoryOptions, story } from '../properties/generate/wide/scenario.ts'
import { type Compared, compare, type Load, shrunk } from './compare.ts'

/** Some stories, told in a process of their own, since imported modules stay: `batch.mjs FOLDER SEED STORIES`; a line of JSON for each. */
const [folder = '', seed = '0', stories = '1'] = process.argv.slice(2)

let written = 0
const load: Load = async (policy) => {
  const file = join(folder, `policy-${process.pid}-${written++}.mjs`)
  writeFileSync(file, standalone(policy, '0.0.0').module)
  return import(pathToFileURL(file).href)
}

for (let i = 0; i < Number(stories); i++) {
  const seedOfStory = Number(seed) + i
  // Most without what is missing, which takes the interpreter for either.
  const missing = seedOfStory % 10 === 0
  const options: StoryOptions =
    seedOfStory % 15 === 1 ? { large: true, steps: 60 } : { steps: missing ? 40 : 1000, writes: 15, replaces: 4 }
  const tell = (one: Awaited<Compared> & { readonly story?: string }) =>
    console.log(JSON.stringify({ seed: seedOfStory, ...one }))
  const arbitrary = story(options)
  const [one] = fc.sample(arbitrary, { seed: seedOfStory, numRuns: 1 })
  if (one === undefined) continue
  const compared = await compare(one, seedOfStory, load, missing)
  if (compared.difference === undefined) tell(compared)
  else {
    const differs = async (other: typeof one) =>
      (await compare(other, seedOfStory, load, missing)).difference !== undefined
    tell({ ...compared, story: await shrunk(arbitrary, seedOfStory, differs) })
  }
}
