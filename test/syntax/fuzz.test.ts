import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { severityOf } from '../../src/base/codes.ts'
import type { Diagnostic } from '../../src/base/diagnostic.ts'
import type { Policy } from '../../src/syntax/ast.ts'
import { expectedNext } from '../../src/syntax/expected-next.ts'
import { lex } from '../../src/syntax/lexer.ts'
import { parse, parseExpression, parseQuestion } from '../../src/syntax/parse.ts'
import { print } from '../../src/syntax/print.ts'
import { children, type SyntaxNode } from '../../src/syntax/walk.ts'
import { keywords, reserved } from '../generators/lexemes.ts'
import { designPolicies, sample } from './examples.ts'
import { withoutSpans } from './without-spans.ts'

const texts = [sample, ...designPolicies.map(({ text }) => text)]

const pieces = [
  ...[
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    ',',
    ':',
    '?',
    '?.',
    '??',
    '.',
    '==',
    '!=',
    '<=',
    '<',
    '>',
    '=',
    '=>',
    '+',
    '-',
    '*',
  ],
  ...[
    '@',
    '|',
    '"a"',
    '"{a}"',
    '"{',
    "'a'",
    'User:ann',
    'A:""',
    'A:',
    '1',
    '1.5',
    '5m',
    '1x',
    '/a/',
    '/',
    '&&',
    '!',
    ';',
  ],
  ...['a', 'User', 'x => x', '// c\n', '/// d\n', '/* x', '#', '\n', '\n  ', ' ', '§', '\u2028', '\ud800', '\u0000'],
]

const soup = fc
  .array(
    fc.oneof(
      fc.constantFrom(...pieces),
      fc.constantFrom(...keywords, ...reserved).map((word) => `${word} `),
    ),
    {
      maxLength: 60,
    },
  )
  .map((all) => all.join(''))

/** One of the texts with a few pieces taken out, put in or moved. */
const mutated = fc
  .record({
    text: fc.constantFrom(...texts),
    edits: fc.array(
      fc.record({ at: fc.nat(), length: fc.nat(12), insert: fc.oneof(fc.constant(''), fc.constantFrom(...pieces)) }),
      {
        minLength: 1,
        maxLength: 6,
      },
    ),
  })
  .map(({ text, edits }) =>
    edits.reduce((all, { at, length, insert }) => {
      const from = at % (all.length + 1)
      return all.slice(0, from) + insert + all.slice(from + length)
    }, text),
  )

/** Parsing says something or gives a tree that means what the text says; whichever, every place lies in the text. */
function check(text: string): void {
  const { policy, diagnostics } = parse({ name: 'policy.licet', text })
  for (const one of diagnostics) checkDiagnostic(one, text)
  checkSpans(policy, text)
  if (diagnostics.length > 0) return
  const again = parse({ name: 'policy.licet', text: print(policy) })
  expect(again.diagnostics).toEqual([])
  expect(withoutSpans(again.policy)).toEqual(withoutSpans(policy))
}

function checkDiagnostic({ code, span, message, help, severity }: Diagnostic, text: string): void {
  expect(severity).toBe(severityOf(code))
  expect(span.start).toBeGreaterThanOrEqual(0)
  expect(span.end).toBeGreaterThanOrEqual(span.start)
  expect(span.end).toBeLessThanOrEqual(text.length)
  for (const words of [message, help ?? message]) {
    expect(words, 'in lower case, without a period, without the names of tokens').toMatch(/^[^A-Z].*[^.]$/s)
    // What is quoted is the user's own, who may well write `Str`.
    expect(words.replace(/`[^`]+`/g, 'x')).not.toMatch(
      /undefined|\bEOF\b|\b(?:LCurly|RCurly|LParen|RParen|Str|Num|Name|Word|Int)\b|``/,
    )
  }
}

function checkSpans(root: Policy, text: string): void {
  const stack: (readonly [SyntaxNode, number, number])[] = root.statements.map((one) => [one, 0, text.length])
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [node, from, to] = next
    if (node.kind === 'policy') continue
    const { start, end } = node.span
    expect([start >= from, end >= start, end <= to], `${node.kind} ${start}-${end} in ${from}-${to}`).toEqual([
      true,
      true,
      true,
    ])
    for (const child of children(node)) stack.push([child, start, end])
  }
}

describe('no text is too bad', () => {
  it('soups of tokens', () => {
    fc.assert(fc.property(soup, check), { numRuns: 2000 })
  })

  it('policies with pieces taken out and put in', () => {
    fc.assert(fc.property(mutated, check), { numRuns: 500 })
  })

  it('any string', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), check), { numRuns: 1000 })
  })

  it('expressions', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const { expr, diagnostics } = parseExpression({ name: 'policy.licet', text })
        for (const one of diagnostics) checkDiagnostic(one, text)
        expect(expr !== undefined || diagnostics.length > 0).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})

const questionWords = [
  ...'can cannot why not who what which do on as via with expect given test anonymous read Doc Doc:1 User:ann "x" ?'.split(
    ' ',
  ),
  '{ a: 1 }',
].map((word) => `${word} `)

it('no question is too bad, and what may follow it can be told', () => {
  const question = fc
    .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...questionWords) }, fc.constantFrom(...pieces)), {
      maxLength: 12,
    })
    .map((all) => all.join(''))
  fc.assert(
    fc.property(question, (text) => {
      const { question: parsed, unfinished, diagnostics } = parseQuestion({ name: 'question', text })
      for (const one of diagnostics) checkDiagnostic(one, text)
      expect(parsed !== undefined || diagnostics.length > 0).toBe(true)
      if (unfinished) expect(parsed).toBeUndefined()
      for (const word of expectedNext(text).words) expect(word).toMatch(/^[a-z]+$/)
    }),
    { numRuns: 800 },
  )
})

describe('the places of nodes', () => {
  it.each(texts.map((text) => ({ text })))('lie in one another and begin and end with a token', ({ text }) => {
    const { policy } = parse({ name: 'policy.licet', text })
    checkSpans(policy, text)
    const tokens = lex({ name: 'policy.licet', text }).tokens
    const starts = new Set(tokens.map(({ startOffset }) => startOffset))
    const ends = new Set(tokens.map(({ startOffset, image }) => startOffset + image.length))
    const stack: SyntaxNode[] = [...policy.statements]
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (node.kind === 'policy') continue
      expect(
        [starts.has(node.span.start), ends.has(node.span.end)],
        text.slice(node.span.start, node.span.end),
      ).toEqual([true, true])
      stack.push(...children(node))
    }
  })
})
