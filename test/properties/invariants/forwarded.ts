import fc from 'fast-check'
import { expect } from 'vitest'
import { type JsonValue, parseJson } from '../../../src/base/json.ts'
import { compile, type Engine, tool } from '../../../src/index.ts'
import type { CreateEngine } from '../generate/scenario.ts'
import type { Invariant } from './invariant.ts'

const source = `
  actor User
  server s {
    allow call put if args.n < 100 and args.names.every(n => n.startsWith("a")) and (args.deep["__proto__"] ?? "a") == "a"
  }`

const integer = fc.oneof(fc.integer({ min: -3, max: 103 }), fc.constantFrom(2 ** 53, 1e21, 1.5, '5', null))
export const forwardedArguments: fc.Arbitrary<JsonValue> = fc.record({
  n: integer,
  names: fc.array(fc.constantFrom('a', 'ab', 'a\u2028\ud83d\ude00', 'b'), { maxLength: 2 }),
  deep: fc.dictionary(fc.constantFrom('__proto__', 'constructor', 'a'), fc.constantFrom<JsonValue>('a', 'b', 1)),
})

/** The value that is read from the bytes that came in, spelled as people write JSON: with space, and any escapes. */
export function judged(sent: JsonValue): JsonValue | undefined {
  return parseJson(JSON.stringify(sent).replaceAll(':', ' :\n').replaceAll('"a"', '"\\u0061"')).value
}

export function forwardingEngine(createEngine: CreateEngine): Engine {
  const { policy } = compile(source)
  if (policy === undefined) throw new Error('the policy is none')
  return createEngine(policy)
}

export const forwarded: Invariant = {
  number: 16,
  title: 'forwarded bytes parse to the value judged, and are judged alike',
  runs: 200,
  property: ({ createEngine, stringifyJson }) => {
    const engine = forwardingEngine(createEngine)
    return fc.property(forwardedArguments, (sent) => {
      const value = judged(sent)
      fc.pre(value !== undefined)
      if (value === undefined) return
      const received = parseJson(stringifyJson(value), { bigints: true })
      expect(received.value).toEqual(value)
      const decide = (args: unknown) => engine.authorize('User:ann', 'call', tool('s', 'put', args))
      expect(decide(received.value)).toEqual(decide(value))
    })
  },
}
