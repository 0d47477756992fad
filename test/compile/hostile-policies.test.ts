import { describe, expect, it } from 'vitest'
import { compile, createEngine, type Policy, tool } from '../../src/index.ts'
import { standalone } from '../../src/standalone.ts'

// Policies that are written to cost more than they say. Each is read, checked, linked, decided and written as a module, or refused.
// Of sizes at which what is quadratic or doubles would not end within the time of a test.

type Resource = Parameters<ReturnType<typeof createEngine>['can']>[2]

/** Where a `let` doubles, the texts of what may err are cut, but each is some thousand characters. */
const largest = 2_000_000

/** Compiles the text, asks emitted code whether ann may, and writes the module, which is to stay in proportion to the text. */
function check(text: string, resource: Resource, expected: string, action = 'read'): void {
  const policy = compiled(text)
  const engine = createEngine(policy, { backend: 'compiled' })
  expect(engine.can('User:ann', action, resource)).toBe(expected === 'granted')
  const { reason, errors } = engine.authorize('User:ann', action, resource)
  expect(errors[0]?.code ?? reason).toBe(expected)
  expect(standalone(policy, '0.1.0').module.length).toBeLessThan(largest + 60 * text.length)
}

function compiled(text: string): Policy {
  const { policy, diagnostics } = compile(text)
  if (policy === undefined) throw new Error(diagnostics[0]?.message)
  return policy
}

function refused(text: string): string | undefined {
  return compile(text).diagnostics.find(({ severity }) => severity === 'error')?.code
}

function times(count: number, write: (i: number) => string, separator = '\n'): string {
  return Array.from({ length: count }, (_, i) => write(i)).join(separator)
}

/** As many operands as one likes, which are not one long chain. */
function anyOf(from: number, to: number, write: (i: number) => string): string {
  if (to - from === 1) return write(from)
  const middle = (from + to) >> 1
  return `(${anyOf(from, middle, write)} or ${anyOf(middle, to, write)})`
}

const doc = (members: string, rest = '') => `actor User\nresource Doc {\n${members}\n}\n${rest}`
const server = (rules: string) => `actor User\nserver srv {\n${rules}\n}`
const one = (attributes: object) => ({ type: 'Doc', id: '1', ...attributes })

describe('many of one kind', () => {
  it.each([
    [
      '10,000 roles',
      times(10_000, (i) => `role r${i}: User`),
      'allow read if r9999',
      'given Doc:1 { r9999: User:ann }',
    ],
    ['a chain of 10,000', `role r0: User\n${times(9_999, (i) => `role r${i + 1} if r${i}`)}`, 'allow read if r9', ''],
    [
      '100 that all ask all',
      times(100, (i) => `role r${i}: User if ${times(100, (j) => `r${j}`, ' or ')}`),
      'allow read if r7',
      'given Doc:1 { r99: User:ann }',
    ],
    [
      '2,000 asked at once',
      times(2_000, (i) => `role r${i}: User`),
      `allow read if ${anyOf(0, 2_000, (i) => `r${i}`)}`,
      'given Doc:1 { r1999: User:ann }',
    ],
  ])('roles: %s', (_, roles, rule, given) => {
    const isGiven = given !== ''
    check(doc(`${roles}\n${rule}`, isGiven ? given : 'given Doc:1 { r0: User:ann }'), 'Doc:1', 'granted')
  })

  it('conditions of a rule', () => {
    check(doc(`n: int\nallow read if ${anyOf(0, 10_000, (i) => `n == ${i}`)}`), one({ n: 9_999 }), 'granted')
    expect(refused(doc(`n: int\nallow read if ${times(10_000, (i) => `n == ${i}`, ' or ')}`))).toBe('too-large')
  })

  it('fields', () => {
    const fields = times(2_000, (i) => `f${i}?: int`)
    const condition = anyOf(0, 2_000, (i) => `(f${i} ?? 0) == ${i + 1}`)
    check(doc(`${fields}\nallow read if ${condition}`), one({ f1999: 2_000 }), 'granted')
  })

  it('permissions that ask one another', () => {
    check(
      doc(`n: int\nallow a0 if n == 1\n${times(1_000, (i) => `allow a${i + 1} if a${i}`)}`),
      one({ n: 1 }),
      'granted',
      'a50',
    )
  })

  it('types', () => {
    const types = times(800, (i) => `resource R${i} { next: R${i + 1}\n role v: User if next.v\n allow read if v }`)
    check(
      `actor User\n${types}\nresource R800 { role v: User }\ngiven R800:1 { v: User:ann }`,
      { type: 'R799', id: '1', next: 'R800:1' },
      'granted',
    )
  })

  it('names of tools in one rule', () => {
    check(
      server(`allow call ${times(20_000, (i) => `t${i}`, ', ')} if args.a == 1`),
      tool('srv', 't19999', { a: 1 }),
      'granted',
      'call',
    )
  })

  it('rules about one tool', () => {
    check(
      server(times(2_000, (i) => `allow call t if args.a == "x${i}" and args.b <= ${i}`)),
      tool('srv', 't', { a: 'x1999', b: 1 }),
      'granted',
      'call',
    )
  })
})

describe('what doubles at each step', () => {
  const lets = (first: string, step: (before: string) => string, count = 60) =>
    `let l0 = ${first}\n${times(count, (i) => `let l${i + 1} = ${step(`l${i}`)}`)}`

  it.each([
    ['and', (l: string) => `${l} and ${l}`, 'granted'],
    ['or', (l: string) => `${l} or not ${l}`, 'granted'],
    ['a choice', (l: string) => `${l} ? ${l} : not ${l}`, 'granted'],
    ['an equality', (l: string) => `${l} == ${l}`, 'granted'],
  ])('%s', (_, step, expected) => {
    check(doc('n: int\nallow read if l60', lets('resource.n == 1', step)), one({ n: 1 }), expected)
  })

  it('arithmetic, which leaves what an integer holds', () => {
    check(
      doc(
        'n: int\nallow read if l60 == 2',
        lets('resource.n', (l) => `${l} + ${l}`),
      ),
      one({ n: 9_000 }),
      'overflow',
    )
  })

  it('text, which is too long to be built', () => {
    check(
      doc(
        's: string\nallow read if l30 == "x"',
        lets('resource.s', (l) => `"{${l}}{${l}}"`, 30),
      ),
      one({ s: 'x' }),
      'budget',
    )
  })

  it('a `let` with parameters, which is written out', () => {
    const text = `let l0(x: int) = resource.n == x\n${times(60, (i) => `let l${i + 1}(x: int) = l${i}(x) and l${i}(x + 1)`)}`
    expect(refused(doc('n: int\nallow read if l60(1)', text))).toBe('too-large')
  })
})

describe('long literals', () => {
  it('lists of 99,000 elements, and of more', () => {
    const list = (count: number) => doc(`s: string\nallow read if s in [${times(count, (i) => `"s${i}"`, ',')}]`)
    check(list(99_000), one({ s: 's98999' }), 'granted')
    expect(refused(list(100_001))).toBe('too-large')
  })

  it('unions', () => {
    const union = (letter: string) => times(20_000, (i) => `"${letter}${i}"`, ' | ')
    expect(refused(doc(`s: ${union('s')}\nt: ${union('t')}\nallow read if s == t`))).toBe('never-true')
    check(doc(`s: ${union('s')}\nt: ${union('s')}\nallow read if s == t`), one({ s: 's19999', t: 's19999' }), 'granted')
  })

  it('texts of many parts', () => {
    check(doc(`s: string\nallow read if "${'{resource.s}'.repeat(5_000)}" == "x"`), one({ s: '' }), 'not-permitted')
  })
})

describe('patterns', () => {
  it('that would go back, over long texts', () => {
    const long = 'a'.repeat(50_000)
    check(doc(`s: string\nallow read if s.like("${'*a'.repeat(500)}*b")`), one({ s: long }), 'not-permitted')
    check(doc('s: string\nallow read if s.matches(/^(a+)+$/)'), one({ s: `${long}b` }), 'not-permitted')
    check(
      server(times(1_000, (i) => `allow call "${'*x'.repeat(20)}*${i}"`)),
      tool('srv', 'x'.repeat(2_000)),
      'not-permitted',
      'call',
    )
  })

  it('that repeat repetitions', () => {
    expect(refused(doc('s: string\nallow read if s.matches(/((a{1,100}){1,100}){1,100}/)'))).toBe('bad-regex')
  })
})

describe('deep nesting', () => {
  it.each([
    ['parentheses', (n: number) => `allow read if ${'('.repeat(n)}n == 1${')'.repeat(n)}`],
    ['negations', (n: number) => `allow read if ${'not '.repeat(n * 2)}(n == 1)`],
    ['choices', (n: number) => `allow read if ${'n == 2 ? false : '.repeat(n)}n == 1`],
  ])('%s', (_, rule) => {
    check(doc(`n: int\n${rule(30)}`), one({ n: 1 }), 'granted')
    expect(refused(doc(`n: int\n${rule(10_000)}`))).toBe('too-large')
  })
})
