import { describe, expect, it } from 'vitest'
import { compile } from '../../src/index.ts'
import { runTests } from '../../src/surfaces/testing/index.ts'

/** The text of each place of which something is not shown, with what is not. */
function check(files: string | Readonly<Record<string, string>>): readonly string[] {
  const texts = typeof files === 'string' ? { 'policy.licet': files } : files
  const { policy, diagnostics } = compile(texts)
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics))
  const { coverage, failed } = runTests(policy, { coverage: true })
  expect(failed).toBe(0)
  return (coverage?.places ?? []).flatMap(({ at, kind, unshown }) => {
    const text = (texts as Record<string, string>)[at.file]?.slice(at.start, at.end) ?? ''
    return unshown.map((outcome) => `${kind} ${outcome}: ${text}`)
  })
}

/** Of a condition on three booleans, what decisions about documents show: each row names those that are true of one. */
function shown(condition: string, ...rows: readonly string[]): readonly string[] {
  const docs = rows.map((row, i) => {
    const fields = ['a', 'b', 'c'].map((name) => `${name}: ${row.includes(name)}`)
    return `given Doc:${i} { ${fields.join(', ')} } expect User:ann can read Doc:${i}`
  })
  const text = `actor User\nresource Doc { a: boolean  b: boolean  c: boolean  allow read ${condition} }
test "t" { ${docs.join('\n')} }`
  const { policy, diagnostics } = compile(text)
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics))
  const { coverage } = runTests(policy, { coverage: true })
  return (coverage?.places ?? []).flatMap(({ kind, at, held, failed }) =>
    kind !== 'condition'
      ? []
      : [`${text.slice(at.start, at.end)} ${held > 0 ? 'T' : ''}${failed > 0 ? 'F' : ''}`.trim()],
  )
}

describe('a condition counts where it matters', () => {
  it.each([
    ['both ways', 'if a', ['a', ''], ['a TF']],
    ['one way', 'if a', ['a'], ['a T']],
    ['not beside one that is false, too', 'if a and b', [''], ['a', 'b']],
    ['beside one that is true', 'if a and b', ['b', 'a'], ['a F', 'b F']],
    ['where all of them are true', 'if a and b and c', ['abc'], ['a T', 'b T', 'c T']],
    ['not beside an alternative that is true, too', 'if a or b', ['ab'], ['a', 'b']],
    ['beside an alternative that is false', 'if a or b', ['a', ''], ['a TF', 'b F']],
    ['under a `not`', 'if not (a or b)', ['b', ''], ['a F', 'b TF']],
    ['under an exception', 'if a unless b', ['ab', 'a'], ['a T', 'b TF']],
    ['not under an exception that holds', 'if a unless b', ['b'], ['a', 'b']],
    ['whatever comes first', 'if a and (b or c)', ['c', 'ab'], ['a TF', 'b T', 'c']],
    ['in the case that is chosen', 'if a ? b : c', ['ab', 'c'], ['a TF', 'b T', 'c T']],
    ['as a choice, where the cases differ', 'if a ? b : c', ['bc', ''], ['a', 'b', 'c TF']],
    ['in what a value hangs on', 'if (a ? 1 : 2) == 2', ['a', ''], ['(a ? 1 : 2) == 2 TF', 'a TF']],
    [
      'of members of a set',
      'if ["x", "y"].some(t => t == "x" and a)',
      ['a'],
      ['["x", "y"].some(t => t == "x" and a) T', 't == "x" T', 'a T'],
    ],
  ])('%s', (_, condition, rows, expected) => {
    expect(shown(condition, ...rows)).toEqual(expected)
  })
})

describe('what counts is where it was written', () => {
  it('in an imported file', () => {
    const files = {
      'main.licet': 'import "./doc.licet"\ntest "t" { given Doc:1 { owner: User:ann } expect User:ann can read Doc:1 }',
      'doc.licet': 'actor User\nresource Doc { role owner: User  allow read if owner }',
    }
    expect(check(files)).toEqual(['role failed: role owner: User', 'condition failed: owner'])
  })

  it('in a `let`, wherever it is used', () => {
    const text = `actor User\nlet big(n: int) = n > 10
resource Doc { size: int  allow read if big(size)  allow write if big(size + 5) }
test "t" { given Doc:1 { size: 8 } expect User:ann can write Doc:1 expect User:ann cannot read Doc:1 }`
    expect(check(text)).toEqual(['rule held: allow read if big(size)'])
  })

  it('in what facts carry', () => {
    const text = `actor User\ncontext { on: boolean }\nlet open() = context.on
resource Doc { role viewer: User when open  allow read if viewer }
test "t" { given context { on: true } given Doc:1 { viewer: User:ann when open } expect User:ann can read Doc:1 }`
    expect(check(text)).toEqual([
      'condition failed: context.on',
      'role failed: role viewer: User when open',
      'condition failed: viewer',
    ])
  })

  it('once for all actions of a group', () => {
    const text = `actor User\naction edit = read, write
resource Doc { role owner: User  allow read, write if owner }
deny edit on Doc if actor == User:eve
test "t" { given Doc:1 { owner: [User:ann, User:eve] } expect User:ann can read Doc:1 expect User:eve cannot write Doc:1 }`
    expect(check(text)).toEqual(['role failed: role owner: User', 'condition failed: owner'])
  })
})

describe('sets of entities and of actors ask about each', () => {
  const text = (expectation: string) => `actor User\nresource Doc { role owner: User  allow read if owner }
given Doc:1 { owner: User:ann }  given Doc:2 { owner: User:bob }
test "t" { ${expectation} }`
  it.each(['User:ann can read Doc is [Doc:1]', 'who can read Doc:1 is [User:ann]'])('%s', (expectation) => {
    expect(check(text(`expect ${expectation}`))).toEqual([])
  })
})

it('counts limits and labels where something is allowed, and not else', () => {
  const text = (asked: string) => `actor User
server mail { allow call send if actor is User  limit call send to 3 per 1m  label call send as sent }
test "t" { expect ${asked} }`
  const of = (asked: string) => check(text(asked)).filter((line) => /limit|label/.test(line))
  expect(of('User:ann can call send on mail')).toEqual([])
  expect(of('anonymous cannot call send on mail')).toHaveLength(2)
})

it('an error shows nothing', () => {
  const text = `actor User\nresource Doc { role owner: User  allow read if owner }
test "t" { expect User:ann cannot read Doc:nothing }`
  expect(check(text)).toContain('condition failed: owner')
})

it('is not looked for unless it is asked for', () => {
  const { policy } = compile('actor User')
  expect(policy && runTests(policy)).not.toHaveProperty('coverage')
})
