import { describe, expect, it } from 'vitest'
import { assertNever } from '../../src/base/assert-never.ts'
import type { Expr, Statement } from '../../src/syntax/ast.ts'
import { PolicyParser } from '../../src/syntax/grammar/policy.ts'
import { QuestionParser } from '../../src/syntax/grammar/questions.ts'
import { parse, parseExpression } from '../../src/syntax/parse.ts'
import { designPolicies, sample } from './examples.ts'
import { withoutSpans } from './without-spans.ts'

function statements(text: string): readonly Statement[] {
  const { policy, diagnostics } = parse({ name: 'policy.licet', text })
  expect(diagnostics).toEqual([])
  return policy.statements
}

function only(text: string): unknown {
  const all = statements(text)
  expect(all).toHaveLength(1)
  return withoutSpans(all[0])
}

/** An expression with all its parentheses, operators first: `(and a (not b))`. */
function shape(text: string): string {
  const { expr, diagnostics } = parseExpression({ name: 'policy.licet', text })
  expect(diagnostics).toEqual([])
  return expr === undefined ? '' : shapeOf(expr)
}

function shapeOf(expr: Expr): string {
  switch (expr.kind) {
    case 'boolean':
    case 'int':
    case 'number':
      return String(expr.value)
    case 'duration':
      return `${expr.milliseconds}ms`
    case 'string':
      return JSON.stringify(
        expr.parts.map((part) => (part.kind === 'text' ? part.value : part.names.map((n) => n.text))),
      )
    case 'regex':
      return `/${expr.source}/`
    case 'entity-literal':
      return `${expr.type}:${JSON.stringify(expr.id)}`
    case 'set':
      return `[${expr.elements.map(shapeOf).join(' ')}]`
    case 'record':
      return `{${expr.entries.map(({ key, value }) => `${key.text}=${shapeOf(value)}`).join(' ')}}`
    case 'name':
      return expr.name
    case 'call':
      return `(${[expr.function.text, ...expr.args.map(shapeOf)].join(' ')})`
    case 'member':
      return `(${expr.optional ? '?.' : '.'}${expr.name.text} ${shapeOf(expr.of)})`
    case 'method': {
      const args = expr.args.map((arg) =>
        arg.kind === 'lambda' ? `${arg.param.text}=>${shapeOf(arg.body)}` : shapeOf(arg),
      )
      return `(${expr.optional ? '?.' : '.'}${[`${expr.name.text}()`, shapeOf(expr.of), ...args].join(' ')})`
    }
    case 'index':
      return `([] ${shapeOf(expr.of)} ${shapeOf(expr.index)})`
    case 'unary':
      return `(${expr.operator} ${shapeOf(expr.operand)})`
    case 'binary':
      return `(${expr.operator} ${shapeOf(expr.left)} ${shapeOf(expr.right)})`
    case 'has':
      return `(has ${shapeOf(expr.of)} ${expr.key.text})`
    case 'is':
      return `(is ${shapeOf(expr.of)} ${expr.type.text})`
    case 'conditional':
      return `(? ${shapeOf(expr.condition)} ${shapeOf(expr.then)} ${shapeOf(expr.else)})`
    default:
      return assertNever(expr)
  }
}

describe('the grammar', () => {
  it('has no ambiguity that it does not mean to have', () => {
    expect(() => new PolicyParser(true)).not.toThrow()
    expect(() => new QuestionParser(true)).not.toThrow()
  })

  it.runIf(designPolicies.length > 0).each(designPolicies)('parses $name', ({ name, text }) => {
    expect(parse({ name, text }).diagnostics).toEqual([])
  })

  it.skipIf(designPolicies.length > 0)('is not tried on the policies of the design: they are not here', () => {
    expect(designPolicies).toEqual([])
  })

  it('parses every kind of statement', () => {
    const kinds = new Set(statements(sample).map(({ kind }) => kind))
    expect([...kinds].sort()).toEqual(
      [
        'action-group',
        'edition',
        'entity',
        'function',
        'given',
        'import',
        'inputs',
        'let',
        'role',
        'rule',
        'scope',
      ].concat(['server', 'test']),
    )
  })
})

describe('precedence', () => {
  it.each([
    ['a or b and not c', '(or a (and b (not c)))'],
    ['a or b or c', '(or (or a b) c)'],
    ['not a == b', '(not (== a b))'],
    ['not not a in b', '(not (not (in a b)))'],
    ['a and not b has c', '(and a (not (has b c)))'],
    ['args.n ?? 10 <= 100', '(<= (?? (.n args) 10) 100)'],
    ['a ?? b ?? c', '(?? (?? a b) c)'],
    ['a ?? b + c * d', '(?? a (+ b (* c d)))'],
    ['a - b - c', '(- (- a b) c)'],
    ['-a * b', '(* (- a) b)'],
    ['--a.b', '(- (- (.b a)))'],
    ['a + -b', '(+ a (- b))'],
    ['a + 1 is Int', '(is (+ a 1) Int)'],
    ['a.b?.c[d].e(f, x => x)', '(.e() ([] (?.c (.b a)) d) f x=>x)'],
    ['a ? b : c ? d : e', '(? a b (? c d e))'],
    ['a ? b ? c : d : e', '(? a (? b c d) e)'],
    ['a or b ? c : d', '(? (or a b) c d)'],
    ['(a or b) and c', '(and (or a b) c)'],
    ['(a == b) == c', '(== (== a b) c)'],
    ['f()(x)'.slice(0, 3), '(f)'],
  ])('%s', (text, expected) => {
    expect(shape(text)).toBe(expected)
  })
})

describe('literals', () => {
  it.each([
    ['9223372036854775808', '9223372036854775808'],
    ['1.5e-3', '0.0015'],
    ['1h30m', '5400000ms'],
    ['2w', '1209600000ms'],
    ['true', 'true'],
    ['User:ann', 'User:"ann"'],
    ['User:a-b-c', 'User:"a-b-c"'],
    ['Repo:"acme/{x}\\n"', 'Repo:"acme/{x}\\n"'],
    ['Issue:1', 'Issue:"1"'],
    ['/a[/]b\\/c/', '/a[/]b\\/c/'],
    ['""', '[]'],
    ['"a\\u{1f600}\\t\\\\"', JSON.stringify(['a\u{1f600}\t\\'])],
    ['"{a}"', '[["a"]]'],
    ['"{args.owner}/\\{x}{b}"', '[["args","owner"],"/{x}",["b"]]'],
    ['"get_\\*_*"', JSON.stringify(['get_\\*_*'])],
    ['{ a: 1, "b c": 2, if: 3 }', '{a=1 b c=2 if=3}'],
    ['[1, [2], []]', '[1 [2] []]'],
  ])('%s', (text, expected) => {
    expect(shape(text)).toBe(expected)
  })
})

describe('names', () => {
  it('contextual keywords are names wherever a name may stand', () => {
    const fields = '{ role: A allow?: B contextual: C contextual role: D by: E when: F always: G as: H to: I }'
    expect(only(`resource Doc ${fields}`)).toMatchObject({
      members: [
        { name: { text: 'role' } },
        { name: { text: 'allow' }, optional: true },
        { name: { text: 'contextual' }, contextual: false },
        { name: { text: 'role' }, contextual: true },
        ...['by', 'when', 'always', 'as', 'to'].map((text) => ({ kind: 'field', name: { text } })),
      ],
    })
  })

  it('a colon tells a field from the clause of the rule before it', () => {
    expect(only('resource Doc { limit read to 3 per 1m by: A role r: User when: B label read as: C }')).toMatchObject({
      members: [
        { kind: 'rule' },
        { name: { text: 'by' } },
        { kind: 'role' },
        { name: { text: 'when' } },
        { kind: 'rule' },
        { name: { text: 'as' } },
      ],
    })
  })

  it('`who` and `anonymous` mean something only in their place', () => {
    expect(only('test "x" { expect who == anonymous expect anonymous can read Doc:1 }')).toMatchObject({
      members: [
        { expectation: { kind: 'holds', expr: { left: { name: 'who' }, right: { name: 'anonymous' } } } },
        { expectation: { kind: 'decision', actor: { kind: 'anonymous' } } },
      ],
    })
  })
})

describe('documentation and annotations', () => {
  it('belong to what follows them', () => {
    const [rule, second] = statements(
      '/// one\n///two\n///\n@id("x") @plain\n/// three\nallow read\n// no\nallow write',
    )
    expect(rule).toMatchObject({
      doc: 'one\ntwo\n\nthree',
      annotations: [{ name: { text: 'id' }, value: { value: 'x' } }, {}],
    })
    expect(second?.kind === 'rule' && second.doc).toBe(undefined)
  })
})

describe('targets', () => {
  it.each([
    ['allow read', { kind: 'file', types: [] }],
    ['allow read on Doc, Repo', { kind: 'file', types: [{ text: 'Doc' }, { text: 'Repo' }] }],
  ])('%s', (text, target) => {
    expect(only(text)).toMatchObject({ target })
  })

  it('of a server are names, patterns and everything', () => {
    expect(only('server s { allow call, read a, "b_\\*{c}", * }')).toMatchObject({
      members: [
        {
          actions: [{ text: 'call' }, { text: 'read' }],
          target: {
            items: [
              { kind: 'name', name: { text: 'a' } },
              { kind: 'pattern', pattern: { value: 'b_\\*{c}' } },
              { kind: 'all' },
            ],
          },
        },
      ],
    })
  })
})

describe('facts', () => {
  it('a bracket begins a list of facts, also of one', () => {
    expect(only('given A:1 { a: [x], b: y, c: [[z]] }')).toMatchObject({
      facts: [
        { list: true, values: [{ value: { kind: 'expr', expr: { kind: 'name' } } }] },
        { list: false, values: [{ value: { kind: 'expr', expr: { kind: 'name' } } }] },
        { list: true, values: [{ value: { kind: 'expr', expr: { kind: 'set' } } }] },
      ],
    })
  })
})

describe('an expression by itself', () => {
  const problems = (text: string): readonly string[] =>
    parseExpression({ name: 'expression', text }).diagnostics.map(({ code, message }) => `${code}: ${message}`)

  it.each([
    ['', ['syntax: expected an expression']],
    ['a b', ['syntax: unexpected `b`']],
    ['a and', ['syntax: expected an expression after `and`']],
    ['(a', ['syntax: this `(` is never closed']],
    ['"{1}"', ['bad-interpolation: this `{` begins no dotted path']],
    ['a && b && "x', ['syntax: `&&` is not an operator', 'unterminated-string: this string does not end on its line']],
  ])('%s', (text, expected) => {
    expect(problems(text)).toEqual(expected)
  })
})
