import { expect, describe as group, it } from 'vitest'
import { decode } from '../../src/value/decode.ts'
import { describe } from '../../src/value/describe.ts'
import { anonymous, entity } from '../../src/value/entity.ts'
import { isError } from '../../src/value/evaluation-error.ts'
import { setOf } from '../../src/value/set.ts'
import type { Value } from '../../src/value/value.ts'
import { hostile } from './hostile.ts'

group('a description', () => {
  it.each([
    ['a "quoted" text', '"a \\"quoted\\" text"'],
    [7n, '7'],
    [entity('User', 'ann'), 'User:ann'],
    [entity('Repo', 'acme/site'), 'Repo:"acme/site"'],
    [anonymous, 'anonymous'],
    [setOf(['a', entity('User', 'b')]), '["a", User:b]'],
    [{ kind: 'duration', milliseconds: 90_000 }, '1m30s'],
    [{ kind: 'record', raw: { a: 1, 'b c': 'x' }, type: { kind: 'json' } }, '{a: 1, "b c": "x"}'],
    // What would change how a terminal shows the rest is escaped.
    ['a\u202eb\u001b[31m', '"a\\u{202e}b\\u001b[31m"'],
  ] as readonly (readonly [Value, string])[])('of %s is %s', (value, text) => expect(describe(value)).toBe(text))

  it('is short and never throws, whatever the value', () => {
    for (const raw of [...hostile(), Array.from({ length: 5000 }, (_, i) => ({ [`key${i}`]: 'x'.repeat(500) }))]) {
      const value = decode(raw, { kind: 'json' })
      if (typeof value === 'symbol' || isError(value)) continue
      expect(describe(value).length).toBeLessThanOrEqual(120)
    }
  })
})
