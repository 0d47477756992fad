import { describe, expect, it } from 'vitest'
import { limits } from '../../src/syntax/limits.ts'
import { parse, parseExpression } from '../../src/syntax/parse.ts'
import { print } from '../../src/syntax/print.ts'
import { walk } from '../../src/syntax/walk.ts'
import { processorTime } from '../processor-time.ts'

function codes(text: string): readonly string[] {
  return parse({ name: 'policy.licet', text }).diagnostics.map(({ code }) => code)
}

const nest = (open: string, inner: string, close: string, times: number): string =>
  `${open.repeat(times)}${inner}${close.repeat(times)}`

describe('limits', () => {
  it.each([
    ['parentheses', (n: number) => `let a = ${nest('(', '1', ')', n)}`],
    ['sets', (n: number) => `let a = ${nest('[', '1', ']', n)}`],
    ['records', (n: number) => `let a = ${nest('{ a: ', '1', ' }', n)}`],
    ['calls', (n: number) => `let a = ${nest('f(', '1', ')', n)}`],
    ['lambdas', (n: number) => `let a = ${nest('a.some(x => ', '1', ')', n)}`],
    ['ternaries', (n: number) => `let a = ${'a ? b : '.repeat(n)}1`],
    ['not', (n: number) => `let a = ${'not '.repeat(n)}b`],
    ['minus', (n: number) => `let a = ${'-'.repeat(n)}b`],
    ['types', (n: number) => `context { a: ${nest('{ a: ', 'A', ' }', n)} }`],
    ['sets of sets', (n: number) => `context { a: A${'[]'.repeat(n)} }`],
  ])('%s nest 63 deep and not 66', (_, text) => {
    expect(codes(text(63))).toEqual([])
    expect(codes(text(66))).toEqual(['too-large'])
  })

  it('nesting that ends where the text does has a place', () => {
    const { diagnostics } = parseExpression({ name: 'policy.licet', text: '('.repeat(64) })
    expect(diagnostics.map(({ code, span }) => [code, span.start, span.end])).toEqual([['too-large', 63, 64]])
  })

  it('a chain of operators may be long, and longer is refused without a trace', () => {
    const chain = (n: number, operator: string): string => `let a = x${` ${operator} x`.repeat(n)}`
    for (const operator of ['or', 'and', '+', '??']) {
      expect(codes(chain(limits.expressionHeight - 1, operator))).toEqual([])
      expect(codes(`${chain(50_000, operator)}\nrole r`)).toEqual(['too-large'])
    }
    expect(codes(`let a = x${'.y'.repeat(50_000)}`)).toEqual(['too-large'])
  })

  it('the longest chain can be printed and walked', () => {
    const { policy } = parse({ name: 'policy.licet', text: `let a = x${' or x'.repeat(limits.expressionHeight - 1)}` })
    expect(print(policy)).toContain('or x')
    let names = 0
    walk(policy, {
      name: () => {
        names += 1
        return undefined
      },
    })
    expect(names).toBe(limits.expressionHeight)
  })

  it('an expression has at most so many parts', () => {
    const set = (n: number): string => `let a = [${'1,'.repeat(n - 1)}1]`
    expect(codes(set(limits.expressionSize))).toEqual([])
    expect(codes(set(limits.expressionSize + 1))).toEqual(['too-large'])
  })

  it('ids have at most 1 KiB of UTF-8', () => {
    expect(codes(`given A:"${'é'.repeat(512)}"`)).toEqual([])
    expect(codes(`given A:"${'é'.repeat(513)}"`)).toEqual(['too-large'])
  })

  it('a file has at most 16 MiB', () => {
    expect(codes(`//${' '.repeat(limits.textBytes - 2)}`)).toEqual([])
    expect(codes(`//${' '.repeat(limits.textBytes - 1)}`)).toEqual(['too-large'])
  })

  it('a file of mistakes has its last word', () => {
    const all = codes('allow read if\n'.repeat(limits.diagnostics + 10))
    expect(all).toHaveLength(limits.diagnostics + 1)
    expect(all.at(-1)).toBe('too-large')
  })
})

describe('hostile texts', () => {
  const n = 20_000
  it.each([
    ...['(', '[', '{', ')', ']', '}', '"', "'", '/', '\\', '§', '@', 'a ', 'a\n', 'allow ', '{\n', '}\n', 'a:', 'A:'],
    ...[
      'resource A { ',
      'resource A {\n',
      'test "a" { expect }\n',
      'f(',
      '? ',
      'a ? a : ',
      '/* ',
      '//',
      '"{',
      '1s',
      'not ',
    ],
    ...[
      'a = ',
      'role A:b\n',
      'x => ',
      'given A:a { a: ',
      ', ',
      '- ',
      '[/',
      'deny * ',
      'if ',
      'let a = (\n',
      '///\n@a\n',
    ],
  ])('%j, many times, is answered in time', (piece) => {
    const start = processorTime()
    expect(codes(piece.repeat(n)).length).toBeLessThanOrEqual(limits.diagnostics + 1)
    expect(codes(`let a = ${piece.repeat(n)}`).length).toBeLessThanOrEqual(limits.diagnostics + 1)
    expect(processorTime() - start).toBeLessThan(15_000)
  })
})
