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
  const { text: result, diagnostics } = format(text)
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

describe('the one style', () => {
  it('has two spaces for each block, one between words, and none at the end of a line', () => {
    check(
      'resource  Doc{role   owner:User   allow read if(owner)}',
      'resource Doc {\n  role owner: User\n  allow read if owner\n}\n',
    )
  })

  it('keeps a blank line between statements and members, one at most, and none at the ends of a block', () => {
    check(
      '\n\nactor User\n\n\n\nresource Doc {\n\n  a: User\n\n\n  allow read if a\n\n}\n\n',
      'actor User\n\nresource Doc {\n  a: User\n\n  allow read if a\n}\n',
    )
  })

  it('leaves fields, or a single member, on one line where they were written so', () => {
    check('actor User { a: int b: int, }', 'actor User { a: int, b: int }\n')
    check('actor User {\na: int, b: int }', 'actor User {\n  a: int\n  b: int\n}\n')
    check('test "x" { expect User:ann in User:bob }', 'test "x" { expect User:ann in User:bob }\n')
    check('given User:ann {\n  a: 1, b: 2 }', 'given User:ann {\n  a: 1,\n  b: 2\n}\n')
  })

  it('aligns nothing', () => {
    check('allow read   if a // why\nallow write  if b  // and', 'allow read if a // why\nallow write if b // and\n')
  })

  it('breaks what is longer than 120 columns: first before `if` and `unless`, then before operators', () => {
    const long = (name: string) => name.repeat(50)
    const most = `deny read if ${long('a')} unless ${long('b').slice(1)}`
    check(most, `${most}\n`)
    check(`deny read if ${long('a')} unless ${long('b')}`, `deny read\n  if ${long('a')}\n  unless ${long('b')}\n`)
    check(
      `allow read if ${long('a')} and ${long('b')} and ${long('c')}`,
      `allow read\n  if ${long('a')}\n    and ${long('b')}\n    and ${long('c')}\n`,
    )
    check(
      `let x = f(${long('a')}, ${long('b')}, [${long('c')}])`,
      `let x =\n  f(\n    ${long('a')},\n    ${long('b')},\n    [${long('c')}]\n  )\n`,
    )
  })

  it('keeps parentheses only where they are needed or help a reader', () => {
    check('let x = ((a and b) or c) and (not (d in e))', 'let x = ((a and b) or c) and not (d in e)\n')
    check('let x = a or b and (((c)))', 'let x = a or (b and c)\n')
  })

  it('writes strings, ids, numbers and durations in one way', () => {
    check('given User:"ann" { "a": "\\u{41}" }', 'given User:ann { "a": "A" }\n')
    check('limit read to 030 per 60s', 'limit read to 30 per 1m\n')
  })
})

describe('comments stay at their places', () => {
  it('before, behind, and at the ends of blocks', () => {
    const text = `// of the file

/// Who acts.
actor User { a: int } // at its end
// of the next
resource Doc { // behind a brace
  // before a member
  allow read if a // behind it
  // before the brace
}
// at the end
`
    check(text, text)
  })

  it('in lists, conditions and heads, which then have a line for each part', () => {
    check('let x = [a, // first\n b // second\n]', 'let x =\n  [\n    a, // first\n    b // second\n  ]\n')
    check('allow read if a // why\n and b', 'allow read\n  if a // why\n    and b\n')
    check('allow // what\n read if a', 'allow // what\n        read\n  if a\n')
  })

  it('in a file that has nothing else', () => {
    check('// a\n\n\n// b', '// a\n\n// b\n')
    check('  \n', '')
  })
})

it('leaves alone what does not parse', () => {
  const { text, diagnostics } = format('allow read if (')
  expect(text).toBeUndefined()
  expect(diagnostics.map(({ code }) => code)).toEqual(['syntax'])
})

it('leaves alone what parentheses for readers would nest too deep', () => {
  const text = `let x = ${'not a in [b, '.repeat(40)}c${']'.repeat(40)}\n`
  expect(formatted(text)).toBe(text)
})

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
