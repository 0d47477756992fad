import { describe, expect, it } from 'vitest'
import { lex } from '../../src/syntax/lexer.ts'
import { parse } from '../../src/syntax/parse.ts'
import type { SyntaxNode } from '../../src/syntax/walk.ts'
import { sample } from './examples.ts'

function parsed(text: string) {
  return parse({ name: 'policy.licet', text })
}

describe('one mistake gives one diagnostic', () => {
  type Change = (before: string, token: string, after: string) => string

  const tokens = lex({ name: 'policy.licet', text: sample }).tokens

  /** How many texts, each with one token changed, gave how many diagnostics. */
  function counts(change: Change): ReadonlyMap<number, number> {
    const result = new Map<number, number>()
    for (const { image, startOffset } of tokens) {
      const text = change(sample.slice(0, startOffset), image, sample.slice(startOffset + image.length))
      const found = parsed(text).diagnostics.length
      result.set(found, (result.get(found) ?? 0) + 1)
    }
    return result
  }

  it.each([
    ['left out', (before: string, _token: string, after: string) => before + after],
    ['doubled', (before: string, token: string, after: string) => `${before}${token} ${token}${after}`],
    ['preceded by a parenthesis', (before: string, token: string, after: string) => `${before}) ${token}${after}`],
    [
      'turned into a character of no token, except a brace',
      (before: string, token: string, after: string) => `${before}${/[{}]/.test(token) ? token : '§'}${after}`,
    ],
  ])('where a token is %s', (_, change) => {
    const found = counts(change)
    const several = [...found].reduce((sum, [count, texts]) => (count > 1 ? sum + texts : sum), 0)
    expect(several / tokens.length, JSON.stringify([...found])).toBeLessThan(0.02)
  })

  it('where ten statements have one each', () => {
    const mistakes = [
      ...['alow read', 'role any', 'allow write if', 'let = 1', 'given User: ann', 'resource Doc { title string }'],
      ...['test "x" { expect User:ann can }', 'limit read to 3 pr 1m', 'allow read if (a', 'server s { deny call }'],
    ]
    for (let shift = 0; shift < mistakes.length; shift++) {
      const shuffled = [...mistakes.slice(shift), ...mistakes.slice(0, shift)]
      expect(
        parsed(shuffled.join('\n')).diagnostics.map(({ span }) => parsed('').policy.file && span.file),
      ).toHaveLength(10)
      expect(parsed(shuffled.join('\n\nrole r: User\n')).diagnostics).toHaveLength(10)
    }
  })
})

describe('what does not parse', () => {
  function kinds(text: string): readonly unknown[] {
    return parsed(text).policy.statements.map(kindOf)
  }

  function kindOf(item: SyntaxNode): unknown {
    if (item.kind === 'broken') return `${item.keyword ?? '?'} ${item.name ?? '?'}`
    return 'members' in item ? [item.kind, ...[...item.members].map(kindOf)] : item.kind
  }

  it.each([
    ['leaves the statements around it', 'role a\nrole b:\nrole c', ['role', 'role b', 'role']],
    ['keeps its names', 'allow read, write if', ['allow read', 'allow write']],
    ['keeps its names under a misspelt keyword', 'alow read', ['allow read']],
    ['leaves the members around it', 'resource A { x: y\nz w\nrole r }', [['entity', 'field', '? z', 'role']]],
    ['leaves what a broken block grants', 'resource A on { allow read }', ['resource A', 'allow read']],
    ['leaves statements on its line', 'role a b role c', ['role a', 'role']],
  ])('%s', (_, text, expected) => {
    expect(kinds(text)).toEqual(expected)
  })
})
