import fc from 'fast-check'
import { expect } from 'vitest'
import { compile, type Policy, tool } from '../../../src/index.ts'
import type { Invariant } from './invariant.ts'

export const templates = [
  '{args.a}/{args.b}',
  '{args.a}:{args.b}',
  'x{args.a}--{args.b}y',
  '{args.a}/{args.a}/{args.b}',
  '{args.a} {args.b}',
] as const

function policyFor(template: string): Policy {
  const { policy } = compile(`
    actor User
    virtual resource Repo { role writer: User }
    server s { allow call push if Repo["${template}"].writer }`)
  if (policy === undefined) throw new Error(`the template ${template} is none`)
  return policy
}

/** With much of what separates: letters, separators, dots, and the other form of an accented letter. */
const part: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 3 }),
  fc.string({ unit: fc.constantFrom('a', 'b', '/', ':', '-', ' ', '.', 'é', 'e\u0301', 'x', 'y'), maxLength: 4 }),
)

export type Pair = readonly [string, string]
const separators = ['/', ':', '--', ' '] as const

/** Two pairs of arguments: any, or one text cut at either of two separators. */
export const pairs: fc.Arbitrary<readonly [Pair, Pair]> = fc.oneof(
  fc.tuple(fc.tuple(part, part), fc.tuple(part, part)),
  fc.tuple(part, part, part, fc.constantFrom(...separators)).map(([x, y, z, cut]): readonly [Pair, Pair] => [
    [x, y + cut + z],
    [x + cut + y, z],
  ]),
)

/** What a template makes of a pair where nothing is refused. */
export function keyOf(template: string, [a, b]: Pair): string {
  return template.replaceAll('{args.a}', () => a).replaceAll('{args.b}', () => b)
}

export const keys: Invariant = {
  number: 18,
  title: 'the keys of entities that templates make are injective',
  runs: 300,
  property: ({ createEngine }) => {
    const policies = new Map(templates.map((template) => [template, policyFor(template)]))
    return fc.property(fc.constantFrom(...templates), pairs, (template, [mine, other]) => {
      const policy = policies.get(template)
      fc.pre(policy !== undefined && mine.join('\0') !== other.join('\0'))
      if (policy === undefined) return
      const [a, b] = mine
      const engine = createEngine(policy)
      engine.facts.add({ object: { type: 'Repo', id: keyOf(template, mine) }, relation: 'writer', subject: 'User:ann' })
      const may = ([a, b]: Pair) => engine.can('User:ann', 'call', tool('s', 'push', { a, b }))
      // One key is never made of two pairs of arguments; some pairs make none.
      expect(may(mine) && may(other)).toBe(false)
      if (/^[ab]+$/.test(a) && /^[ab]+$/.test(b)) expect(may(mine)).toBe(true)
    })
  },
}
