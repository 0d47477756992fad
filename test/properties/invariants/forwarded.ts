import fc from 'fast-check'
import { expect } from 'vitest'
import { type JsonValue, parseJson } from '../../../src/base/json.ts'
import { compile, tool } from '../../../src/index.ts'
import type { Invariant } from './invariant.ts'

const source = `
  actor User
  server s {
    allow call put if args.n < 100 and args.names.every(n => n.startsWith("a")) and (args.deep["__proto__"] ?? "a") == "a"
  }`

const integer = fc.oneof(fc.integer({ min: -3, max: 103 }), fc.constantFrom(2 ** 53, 1e21, 1.5, '5', null))
const value: fc.Arbitrary<JsonValue> = fc.record({
  n: integer,
  names: fc.array(fc.constantFrom('a', 'ab', 'b', '', 'a\u2028\ud83d\ude00')),
  deep: fc.dictionary(fc.constantFrom('__proto__', 'constructor', 'a'), fc.constantFrom<JsonValue>('a', 'b', 1)),
})

/** As people write JSON: with space, and any escapes. */
const spelled = (text: string) => text.replaceAll(':', ' :\n').replaceAll('"a"', '"\\u0061"')

export const forwarded: Invariant = {
  number: 16,
  title: 'forwarded bytes parse to the value judged, and are judged alike',
  runs: 200,
  property: ({ createEngine, stringifyJson }) => {
    const { policy } = compile(source)
    if (policy === undefined) throw new Error('the policy is none')
    const engine = createEngine(policy)
    return fc.property(value, (sent) => {
      const judged = parseJson(spelled(JSON.stringify(sent)))
      fc.pre(judged.error === undefined)
      const received = parseJson(stringifyJson(judged.value), { bigints: true })
      expect(received.value).toEqual(judged.value)
      const decide = (args: unknown) => engine.authorize('User:ann', 'call', tool('s', 'put', args))
      expect(decide(received.value)).toEqual(decide(judged.value))
    })
  },
}
