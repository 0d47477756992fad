import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { format } from '../../src/syntax/format.ts'
import { endOf } from '../../src/syntax/grammar/core.ts'
import { lex } from '../../src/syntax/lexer.ts'
import { parse } from '../../src/syntax/parse.ts'
import { print } from '../../src/syntax/print.ts'
import { policy } from '../generators/ast.ts'
import { withoutSpans } from './without-spans.ts'

const named = (text: string) => ({ name: 'policy.licet', text })

function formatted(text: string): string {
  const { text: result, diagnostics } = format(named(text))
  if (result === undefined) throw new Error(`${diagnostics[0]?.message} in ${text}`)
  return result
}

function check(text: string, expected: string): void {
  expect(formatted(text)).toBe(expected)
  expect(formatted(expected)).toBe(expected)
}

/** Everything between tokens that is no space, in the order of the text. */
function commentsOf(text: string): readonly string[] {
  const { tokens } = lex(named(text))
  const starts = [...tokens.map(({ startOffset }) => startOffset), text.length]
  return starts
    .flatMap((start, i) => {
      const before = tokens[i - 1]
      return text.slice(before === undefined ? 0 : endOf(before), start).split(/[\r\n]/)
    })
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** What formatting promises of any text that parses. */
function checkPromises(text: string): void {
  const result = formatted(text)
  expect(withoutSpans(parse(named(result)))).toEqual(withoutSpans(parse(named(text))))
  expect(commentsOf(result)).toEqual(commentsOf(text))
  expect(formatted(result)).toBe(result)
  expect(result).not.toMatch(/[ \t]$|\n\n\n/m)
}

const gap = fc.oneof(
  { weight: 8, arbitrary: fc.constant(' ') },
  { weight: 2, arbitrary: fc.constantFrom('\n', '\n\n', '\n\n\n  ', '\r\n', '\t') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ' // a\n',
      '\n// b\n',
      '\n\n// c \n\n',
      '//d\n',
      '\n/// e\n',
      ' /// f\n',
      '\n//g\r\n//h\n',
    ),
  },
)

describe('what holds of every text', () => {
  it('of those that have comments wherever there may be one', () => {
    fc.assert(
      fc.property(policy, fc.infiniteStream(gap), (tree, gaps) => {
        const text = print(tree)
        const spread = lex(named(text)).tokens.map(({ image }) => `${gaps.next().value}${image}`)
        checkPromises(spread.join('') + gaps.next().value)
      }),
      { numRuns: 200 },
    )
  })

  it('and what importers write is formatted', () => {
    fc.assert(
      fc.property(policy, (tree) => {
        const text = print(tree)
        expect(formatted(text)).toBe(text)
      }),
      { numRuns: 200 },
    )
  })

  const examples = fileURLToPath(new URL('../../../shared/design/examples', import.meta.url))
  it.skipIf(!existsSync(examples))('of the examples of the design', () => {
    const files = readdirSync(examples).filter((name) => name.endsWith('.licet'))
    expect(files.length).toBeGreaterThan(3)
    for (const file of files) checkPromises(readFileSync(`${examples}/${file}`, 'utf8'))
  })
})
