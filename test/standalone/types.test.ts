import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { compile } from '../../src/index.ts'
import { standalone } from '../../src/standalone.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(root, 'test/standalone/types-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const policy = `
actor User { email?: string }
actor Agent {}
resource Doc { size: int  contextual role guest: User  allow read, write if guest }
resource Folder { allow list if actor is User and actor has email }
context { ip?: ip }
token { plan?: string }
function probe(n: int, at?: datetime): boolean
server files from "files.lock.json" { allow call read_file if args.path == "a" and probe(1)  deny call * unless context has ip and token has plan }
`

const tool = {
  name: 'read_file',
  inputSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
}
const lock = JSON.stringify({
  lock: 1,
  server: 'files',
  tools: [tool],
  prompts: [],
  resources: [],
  resourceTemplates: [],
})

/** What TypeScript says of a program that uses the module: by line, whether there is an error. */
function check(program: string): readonly string[] {
  const { policy: compiled, diagnostics } = compile({ 'policy.licet': policy, 'files.lock.json': lock })
  if (compiled === undefined) throw new Error(JSON.stringify(diagnostics))
  const { declarations } = standalone(compiled, '0.1.0')
  writeFileSync(join(folder, 'policy.d.mts'), declarations)
  writeFileSync(join(folder, 'main.ts'), program)
  const options = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noEmit: true,
      skipLibCheck: false,
      paths: { 'licet/runtime': [join(root, 'src/runtime/index.ts')] },
    },
    include: [join(folder, 'main.ts')],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options))
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { encoding: 'utf8' })
  return stdout.split('\n').filter((line) => /(?:main\.ts|policy\.d\.mts)\(.*error/.test(line))
}

it('lets through what the policy has, and nothing that is misspelt', () => {
  const right = `import { createEngine, tool, resource, type Entity } from './policy.mjs'
const engine = createEngine({ functions: { probe: (n, at) => n === 1 && at?.getTime() !== 0 }, now: () => 0 })
const id: string = 'x'
const doc: Entity<'Doc'> = \`Doc:\${id}\`
engine.can('User:ann', 'read', 'Doc:a')
engine.can(null, 'write', doc)
engine.can(\`User:\${id}\`, 'list', \`Folder:\${id}\`)
engine.can({ type: 'User', id, email: 'x' }, 'read', { type: 'Doc', id, size: 1, guest: 'User:ann' })
engine.can('User:ann', 'call', tool('files', 'read_file', { path: 'a' }), { context: { ip: '::1' }, token: { plan: 'x', other: 1 } })
engine.can('User:ann', 'subscribe', resource('files', 'file:///a'), { agents: ['Agent:bot'] })
engine.for('User:ann', { now: new Date() }).can('read', doc)
const actions: ('read' | 'write')[] = engine.actions('User:ann', doc)
const calls: ('call' | 'list')[] = engine.for(null).actions(tool('files', 'read_file', { path: 'a' }))
const { reason, rules } = engine.authorize('User:ann', 'read', doc)
engine.facts.add({ object: 'Doc:a', relation: 'guest', subject: 'User:ann' })
console.log(reason, rules[0]?.id, actions, calls)
`
  expect(check(right)).toEqual([])
  const wrong = [
    `engine.can('User:ann', 'raed', 'Doc:a')`,
    `engine.can('User:ann', 'read', 'Folder:a')`,
    `engine.can('User:ann', 'read', 'Docs:a')`,
    `engine.can('User:ann', 'read', 'a')`,
    `engine.can('Doc:a', 'read', 'Doc:a')`,
    `engine.can('User:ann', 'read', { type: 'Doc', id: 'a', size: 'large' })`,
    `engine.can('User:ann', 'call', tool('file', 'read_file'))`,
    `engine.can('User:ann', 'call', tool('files', 'readfile'))`,
    `engine.can('User:ann', 'call', tool('files', 'read_file', { path: 1 }))`,
    `engine.can('User:ann', 'get', tool('files', 'read_file'))`,
    `engine.can('User:ann', 'read', 'Doc:a', { context: { pi: '::1' } })`,
    `engine.can('User:ann', 'read', 'Doc:a', { token: { plan: 1 } })`,
    `engine.can('User:ann', 'read', 'Doc:a', { agent: ['Agent:bot'] })`,
    `engine.can('User:ann', 'read', 'Doc:a', { agents: ['User:bot'] })`,
    `engine.for('User:ann').can('raed', 'Doc:a')`,
    `engine.authorize('User:ann', 'read', 'Doc:a').missing`,
    `engine.actions('User:ann', 'Docs:a')`,
    `const actions: 'list'[] = engine.actions('User:ann', 'Doc:a')`,
    `createEngine()`,
    `createEngine({ functions: { probe: () => 1 } })`,
  ]
  const opening = [
    `import { createEngine, tool } from './policy.mjs'`,
    `const engine = createEngine({ functions: { probe: () => true } })`,
  ]
  const errors = check([...opening, ...wrong].join('\n'))
  const lines = new Set(errors.map((error) => Number(/main\.ts\((\d+),/.exec(error)?.[1])))
  expect(wrong.filter((_, i) => !lines.has(i + opening.length + 1))).toEqual([])
}, 120_000)
