// What a process pays before its first decision, and for holding the facts of S3. Each figure is of fresh processes.
import { data } from '../s4-many-rules/data.mjs'
import { standaloneModule } from './standalone.mjs'

const scenario = 'S5'
const coldRules = 10

const start = (count) => (loader) => ({
  program: 'scenarios/s5-start-and-memory/start-process.mjs',
  args: [loader, String(count)],
  execArgv: ['--max-old-space-size=8192'],
})
const memory = (holder) => ({
  program: 'scenarios/s5-start-and-memory/memory-process.mjs',
  args: [holder],
  execArgv: ['--expose-gc', '--no-turbo-inline-js-wasm-calls'],
})

/** Skipped with a note as long as there is no `licet compile`. */
function standalone() {
  const { file, problem } = standaloneModule(data(coldRules))
  if (file === undefined) return { skipped: `licet compile: ${problem}` }
  return { ...start(coldRules)('standalone'), env: { BENCH_STANDALONE: file } }
}

const cold = {
  id: 's5-cold',
  scenario,
  title: `cold start with ${coldRules} rules`,
  about:
    'From nothing to the first decision in a fresh process: the library imported, and the text of the policy read.',
  columns: [
    { key: 'total', head: 'first decision', unit: 'ms' },
    { key: 'import', head: 'of it import', unit: 'ms' },
    { key: 'load', head: 'of it text to decision', unit: 'ms' },
  ],
  processes: [
    { name: 'hand-written', kind: 'hand', help: 'JSON for text', run: () => start(coldRules)('hand') },
    { name: 'Licet', kind: 'licet', run: () => start(coldRules)('licet') },
    { name: 'Licet, standalone module', kind: 'licet', help: 'compiled beforehand', run: standalone },
    { name: 'CASL', kind: 'peer', help: 'JSON for text', run: () => start(coldRules)('casl') },
    { name: 'casbin', kind: 'peer', run: () => start(coldRules)('casbin') },
    { name: 'cedar-wasm', kind: 'peer', run: () => start(coldRules)('cedar') },
    { name: 'oso', kind: 'peer', run: () => start(coldRules)('oso') },
  ],
}

const load = (count) => ({
  id: `s5-load-${count}`,
  scenario,
  title: `reading ${count.toLocaleString('en')} rules`,
  detail: true,
  about: 'From text to the first decision in a fresh process, after the import.',
  columns: [{ key: 'load', head: 'text to decision', unit: 'ms' }],
  processes: [
    { name: 'hand-written', kind: 'hand', help: 'JSON for text', run: () => start(count)('hand') },
    { name: 'Licet', kind: 'licet', run: () => start(count)('licet') },
    { name: 'CASL', kind: 'peer', help: 'JSON for text', run: () => start(count)('casl') },
    ...['casbin', 'cedar', 'oso'].map((loader) => ({
      name: loader === 'cedar' ? 'cedar-wasm' : loader,
      kind: 'peer',
      fullOnly: count > 10_000,
      run: () => start(count)(loader),
    })),
  ],
})

const held = {
  id: 's5-memory',
  scenario,
  title: 'memory for the 100,000 documents of S3',
  about:
    'Over what the process used before. Held: heap and external memory after collection, array buffers included. ' +
    'Resident: of the whole process, after loading and after 500 decisions; it includes WebAssembly and what loading left.',
  columns: [
    { key: 'held', head: 'held', unit: 'bytes' },
    { key: 'resident', head: 'resident', unit: 'bytes' },
    { key: 'deciding', head: 'after decisions', unit: 'bytes' },
  ],
  processes: [
    { name: 'hand-written', kind: 'hand', help: 'groups resolved', run: () => memory('hand') },
    { name: 'Licet', kind: 'licet', run: () => memory('licet') },
    { name: 'plain objects and sets', kind: 'plain', help: 'groups resolved', run: () => memory('plain') },
    { name: 'cedar-wasm', kind: 'peer', help: 'the entities, held by the application', run: () => memory('cedar') },
    { name: 'oso', kind: 'peer', help: 'the objects of the application', run: () => memory('oso') },
    { name: 'casbin', kind: 'peer', fullOnly: true, run: () => memory('casbin') },
  ],
}

export const startAndMemory = [cold, load(10_000), load(100_000), held]
