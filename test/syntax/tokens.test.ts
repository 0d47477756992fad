import { readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { Lexer } from '../../src/syntax/chevrotain.ts'
import { lex } from '../../src/syntax/lexer.ts'
import { keywordOf, lexedTypes } from '../../src/syntax/tokens.ts'
import { keywords, reserved } from '../generators/lexemes.ts'

function tokens(text: string): readonly string[] {
  return lex({ name: 'policy.licet', text }).tokens.map(({ tokenType, image }) => `${tokenType.name} ${image}`)
}

describe('the definition of the tokens', () => {
  it('gives no warning', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    new Lexer([...lexedTypes], { positionTracking: 'onlyOffset', ensureOptimizations: true })
    expect([warn.mock.calls, error.mock.calls]).toEqual([[], []])
    vi.restoreAllMocks()
  })

  it('has the words of grammar/licet.ebnf and no others', () => {
    const grammar = readFileSync(new URL('../../grammar/licet.ebnf', import.meta.url), 'utf8')
    const rules = grammar.slice(grammar.indexOf('---- statements'))
    const words = new Set([...rules.matchAll(/"([a-z]+)"/g)].map(([, word]) => word ?? ''))
    expect([...words].filter((word) => keywordOf(word) === undefined)).toEqual(['anonymous'])
    expect([...keywords, ...reserved].filter((word) => !grammar.includes(`"${word}"`))).toEqual([])
  })
})

describe('tokens', () => {
  it.each([
    ['User:ann-x.y', ['Entity User:ann-x', 'Dot .', 'Name y']],
    ['User:"a b"', ['Entity User:"a b"']],
    ['user:ann', ['Name user', 'Colon :', 'Name ann']],
    ['User : ann', ['Name User', 'Colon :', 'Name ann']],
    ['1.foo 1.5 1.5e+3 5m', ['Int 1', 'Dot .', 'Name foo', 'Number 1.5', 'Number 1.5e+3', 'Duration 5m']],
    [
      'a?.b ?? c ? d : e',
      ['Name a', 'OptionalDot ?.', 'Name b', 'Coalesce ??', 'Name c', 'Question ?', 'Name d', 'Colon :', 'Name e'],
    ],
    ['/[/]/ // x', ['Regex /[/]/']],
    ['\uFEFF\tif\r\n', ['IF if']],
    ['a&&b', ['Name a', 'AND &&', 'Name b']],
    ["'x'", ['String "x"']],
    ['a;b', ['Name a', 'Name b']],
  ])('of %j', (text, expected) => {
    expect(tokens(text)).toEqual(expected)
  })
})
