import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { standaloneModule } from '../../src/compile/standalone.ts'
import { standalone } from '../../src/standalone.ts'
import { runs } from '../properties/generate/runs.ts'
import { erring, policyOf, scenario } from '../properties/generate/scenario.ts'
import { everyPolicy, expectedOf, functionsOf, roundsOf } from './asked.ts'
import { newPackage, type Package } from './package.ts'

let home: Package
beforeAll(async () => {
  home = await newPackage()
})
afterAll(() => home.remove())

describe('interpreter, compiled and standalone agree', () => {
  it('on every policy of the examples and the corpus, where no code may be made from text', () => {
    const cases = everyPolicy()
    expect(cases.length).toBeGreaterThan(20)
    const given = cases.map(({ title, policy }, i) => {
      home.write(`case-${i}.mjs`, standalone(policy, '0.1.0').module)
      const rounds = roundsOf(policy).map((round) => {
        const [interpreted, compiled] = expectedOf(policy, round)
        expect(compiled, title).toEqual(interpreted)
        return { ...round, expected: interpreted }
      })
      return { title, file: `./case-${i}.mjs`, functions: Object.keys(functionsOf(policy)), rounds }
    })
    // A large integer is no JSON; it is looked at below.
    home.write(
      'given.json',
      JSON.stringify(given, (_, value) => (typeof value === 'bigint' ? Number(value) : value)),
    )
    home.write('child.mjs', child)
    const out = execFileSync(process.execPath, ['--disallow-code-generation-from-strings', 'child.mjs'], {
      cwd: home.folder,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    })
    expect(out).toMatch(/^\d+ decisions agree\n$/)
    expect(Number.parseInt(out, 10)).toBeGreaterThan(500)
  }, 300_000)

  it('on generated policies, facts and requests', async () => {
    await fc.assert(
      fc.asyncProperty(scenario(), async ({ model, facts, requests }) => {
        const policy = policyOf(model)
        const round = { facts: [...facts.entities, ...facts.facts], requests }
        const timed = { ...round, requests: requests.map((one) => ({ ...one, env: { now: 0, ...one.env } })) }
        const [interpreted, compiled] = expectedOf(policy, timed, erring as never)
        expect(compiled).toEqual(interpreted)
        for (const sharing of [false, true]) {
          const module = standaloneModule({ ...policy, version: '0.1.0' }, { sharing })
          const engine = (await home.load(module)).createEngine({ functions: erring })
          engine.facts.load(round.facts)
          for (const [i, { actor, action, resource, env }] of timed.requests.entries()) {
            expect(engine.authorize(actor, action, resource, env)).toEqual(interpreted?.[i])
            expect(engine.can(actor, action, resource, env)).toBe(interpreted?.[i]?.allowed)
            const bound = engine.for(actor, env)
            expect(bound.authorize(action, resource)).toEqual(interpreted?.[i])
            expect(bound.can(action, resource)).toBe(interpreted?.[i]?.allowed)
          }
        }
      }),
      runs(20),
    )
  }, 600_000)
})

const child = `
import { readFileSync } from 'node:fs'
import { isDeepStrictEqual, inspect } from 'node:util'
try { new Function(''); throw new Error('code may be made from text here') } catch (error) { if (!(error instanceof EvalError)) throw error }
const cases = JSON.parse(readFileSync('given.json', 'utf8'))
let count = 0
for (const { title, file, functions, rounds } of cases) {
  const { createEngine } = await import(file)
  for (const { facts, requests, expected } of rounds) {
    const engine = createEngine({ functions: Object.fromEntries(functions.map((name) => [name, () => undefined])) })
    engine.facts.load(facts)
    for (const [i, { actor, action, resource, env }] of requests.entries()) {
      const got = JSON.parse(JSON.stringify(engine.authorize(actor, action, resource, env)))
      const same = isDeepStrictEqual(got, expected[i]) && engine.can(actor, action, resource, env) === got.allowed
      if (!same) console.log(title, inspect({ actor, action, resource, env, got, expected: expected[i] }, { depth: 9 }))
      count += 1
    }
  }
}
console.log(\`\${count} decisions agree\`)
`
