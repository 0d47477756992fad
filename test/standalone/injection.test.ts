import { transformSync } from 'esbuild'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEngine, tool } from '../../src/index.ts'
import { standalone } from '../../src/standalone.ts'
import { runs } from '../properties/generate/runs.ts'
import { withoutMissing } from './asked.ts'
import { hostileWords, inherited, policyOfWords, tameWords, type Words } from './hostile-words.ts'
import { newPackage, type Package } from './package.ts'
import { structureOf } from './tokens.ts'

let home: Package
beforeAll(async () => {
  home = await newPackage()
})
afterAll(() => home.remove())

function written(words: Words) {
  const policy = policyOfWords(words)
  fc.pre(policy !== undefined)
  if (policy === undefined) throw new Error('unreachable: an unmet precondition leaves the property')
  return { policy, ...standalone(policy, '0.1.0') }
}

/** What ends a line without being seen, or is not seen at all. */
const unseen = '\u2028\u2029\u0000\u0085\ufeff\u202e\r'

it('the tame policy is one', () => {
  expect(policyOfWords(tameWords)).toBeDefined()
})

it('no word of a policy is more than a word', () => {
  const tame = written(tameWords)
  fc.assert(
    fc.property(hostileWords(), ({ texts, names }) => {
      const texting = written({ texts, names: tameWords.names })
      expect(structureOf(texting.module)).toEqual(structureOf(tame.module))
      expect(structureOf(texting.declarations)).toEqual(structureOf(tame.declarations))
      const naming = written({ texts, names })
      expect(structureOf(naming.module)).toEqual(structureOf(tame.module))
      expect(structureOf(naming.declarations)).toEqual(structureOf(tame.declarations))
      for (const text of [naming.module, naming.declarations]) {
        expect(text).not.toMatch(/<[/!]/)
        expect([...text].filter((one) => unseen.includes(one))).toEqual([])
      }
      transformSync(naming.module, { loader: 'js', format: 'esm' })
      transformSync(naming.declarations, { loader: 'ts' })
    }),
    runs(80),
  )
})

it('hostile words mean what they say', async () => {
  let allowed = 0
  await fc.assert(
    fc.asyncProperty(hostileWords(inherited), async (words) => {
      const { policy, module } = written(words)
      const { texts, names } = words
      const [user = '', doc = '', , , , title = '', open = '', close = '', probe = ''] = names
      const functions = { [probe]: (text: string) => text.length > 3 }
      const engine = createEngine(policy, { backend: 'interpreted', functions })
      const other = (await home.load(module)).createEngine({ functions })
      const env = { now: 0, token: { scopes: [texts[8]] }, context: { [title]: texts[0] } }
      for (const actor of [`${user}:${texts[7]}`, `${user}:nobody`]) {
        for (const [action, resource] of [
          [open, `${doc}:${texts[13]}`],
          [close, `${doc}:${texts[13]}`],
          [title, `${doc}:${texts[1]}`],
          ['call', tool('srv', texts[10] ?? '', { [title]: texts[12] })],
          ['call', tool('srv', `${texts[11]}-`, { [title]: texts[12] })],
        ] as const) {
          const decision = withoutMissing(engine.authorize(actor, action, resource, env))
          expect(other.authorize(actor, action, resource, env)).toEqual(decision)
          expect(other.can(actor, action, resource, env)).toBe(decision.allowed)
          if (decision.allowed) allowed += 1
        }
      }
    }),
    runs(20),
  )
  expect(allowed).toBeGreaterThan(40)
})
