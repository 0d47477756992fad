import { afterAll, beforeAll, expect, it } from 'vitest'
import { compile, createEngine, tool } from '../../src/index.ts'
import { standalone } from '../../src/standalone.ts'
import { withoutMissing } from './asked.ts'
import { newPackage, type Package } from './package.ts'

let home: Package
beforeAll(async () => {
  home = await newPackage()
})
afterAll(() => home.remove())

function policyOf(text: string) {
  const { policy } = compile(text)
  if (policy === undefined) throw new Error('the policy is wrong')
  return policy
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)

it.each([
  ['one comparison', (i: number) => `allow read if resource.status == "s${i}" and actor.dept == "d${i % 97}"`],
  ['an action each', (i: number) => `allow act${i} if resource.status == "s${i}"`],
])('grows with the rules and no faster: %s', (_, rule) => {
  const sizeOf = (count: number) => {
    const rules = numbers(count).map(rule).join('\n')
    return standalone(policyOf(`actor User { dept: string }\nresource Doc { status: string\n${rules}\n}`), '0.1.0')
      .module.length
  }
  const [small, large] = [sizeOf(500), sizeOf(2000)]
  expect(large / small).toBeLessThan(4.5)
  expect(large / 2000).toBeLessThan(1500)
})

it('leaves out lists of rules where there are too many, and decides all the same', async () => {
  // Each tool is in a list of its own, with many others.
  const general = numbers(60).map((i) => `allow call "t*" if args.a == "g${i}" and (args.b == "x" or args.c == "y")`)
  const own = numbers(120).map((i) => `allow call t${i} if args.a == "o${i}"`)
  const policy = policyOf(`actor User\nserver srv {\n${[...general, ...own].join('\n')}\n}`)
  const { module } = standalone(policy, '0.1.0')
  expect(module.length).toBeLessThan(1_500_000)
  const engine = createEngine(policy, { backend: 'interpreted' })
  const other = (await home.load(module)).createEngine()
  for (const name of ['t0', 't7', 't119', 't200']) {
    for (const args of [{ a: 'o7' }, { a: 'g7', b: 'x' }, { a: 'g59', c: 'z' }, { a: 1 }, {}]) {
      const asked = ['User:ann', 'call', tool('srv', name, args), { now: 0 }] as const
      expect(other.authorize(...asked)).toEqual(withoutMissing(engine.authorize(...asked)))
      expect(other.can(...asked)).toBe(engine.can(...asked))
    }
  }
})
