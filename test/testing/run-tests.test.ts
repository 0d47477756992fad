import { describe, expect, it } from 'vitest'
import { compile, render } from '../../src/index.ts'
import { runTests } from '../../src/surfaces/testing/index.ts'

const schema = `
actor User { manager?: User }
actor Robot
actor Agent { trusted: boolean }
resource Group { role member: User }
resource Doc {
  role owner: User | Robot
  role banned: User
  role reader: User | any User | Group.member if owner
  allow read if reader
  allow write if owner
  allow purge if owner and scope("admin") and acr("aal2")
  allow sign if owner and confirmed()
  allow close if owner and now > datetime("2026-06-01T00:00:00Z")
  deny read if "secret" in session.labels
  deny read if banned
  delegate read if agent.trusted
}
scope "root" includes "admin"
server mail { label call inbox as secret }
given Doc:plan { owner: User:ann }
given User:bob
`

/** Runs the expectations, in a test of their own, and gives what each failed with. */
function check(body: string, options?: Parameters<typeof runTests>[1]) {
  const { policy, diagnostics } = compile(`${schema}\ntest "t" {\n${body}\n}`)
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics))
  const { tests } = runTests(policy, options)
  return tests.flatMap(({ failures }) =>
    failures.map(({ message, help }) => (help === undefined ? message : `${message} | ${help}`)),
  )
}

describe('a test passes', () => {
  it.each([
    ['can', 'expect User:ann can write Doc:plan'],
    ['cannot', 'expect User:bob cannot write Doc:plan'],
    ['someone anonymous', 'expect anonymous cannot read Doc:plan'],
    ['its own facts', 'given Doc:x { owner: User:bob } expect User:bob can write Doc:x'],
    [
      'agents',
      'given Agent:a { trusted: true } given Agent:b { trusted: false }\n expect User:ann via Agent:a can read Doc:plan expect User:ann via Agent:b cannot read Doc:plan',
    ],
    ['a condition', 'expect User:ann in Doc:plan.owner'],
    ['a condition that does not hold', 'expect not (User:bob in Doc:plan.owner)'],
    ['token', 'given token { scopes: ["root"], acr: "aal2" } expect User:ann can purge Doc:plan'],
    ['what is missing', 'expect User:ann cannot purge Doc:plan missing acr("aal2"), scope("admin")'],
    ['confirmed', 'given confirmed true expect User:ann can sign Doc:plan'],
    ['labels', 'given session { labels: ["secret"] } expect User:ann cannot read Doc:plan'],
    ['now', 'given now datetime("2026-07-01T00:00:00Z") expect User:ann can close Doc:plan'],
    [
      'a list',
      'given Doc:a { owner: User:bob } given Doc:b { reader: User:bob } given Doc:c expect User:bob can read Doc is [Doc:a, Doc:b]',
    ],
    ['an empty list', 'expect User:zoe can write Doc is []'],
    [
      'who',
      'given Doc:d { owner: [User:bob, Robot:r], reader: Group:g.member } given Group:g { member: User:eve }\n expect who can read Doc:d is [User:bob, Robot:r, User:eve]',
    ],
    [
      'who, with a wildcard',
      'given Doc:d { owner: [User:bob, Robot:r], reader: any User } expect who can read Doc:d is [any User, Robot:r]',
    ],
    [
      'who, naming someone whom a wildcard covers',
      'given Doc:d { owner: User:bob, reader: any User } expect who can read Doc:d is [any User, User:bob]',
    ],
    [
      'who, with somebody shut out whom no wildcard is said to cover',
      'given Doc:d { owner: [User:bob, User:eve], banned: User:eve } expect who can read Doc:d is [User:bob]',
    ],
    ['nobody', 'given Doc:d expect who can write Doc:d is []'],
  ])('with %s', (_, body) => {
    expect(check(body)).toEqual([])
  })
})

describe('a test fails, and says why', () => {
  it.each([
    [
      'can',
      'expect User:bob can write Doc:plan',
      'expected `can`, got `cannot`: not-permitted | nearest rule `Doc.write#1`, without `User:bob in Doc:plan.owner`',
    ],
    [
      'cannot',
      'expect User:ann cannot write Doc:plan',
      'expected `cannot`, got `can`: granted | decided by `Doc.write#1`',
    ],
    ['a condition', 'expect User:bob in Doc:plan.owner', 'expected to hold, but it does not'],
    [
      'a list',
      'given Doc:a { owner: User:bob } expect User:bob can write Doc is [Doc:plan]',
      'expected another set: `Doc:plan` missing, `Doc:a` not expected',
    ],
    [
      'who',
      'expect who can write Doc:plan is [any User]',
      'expected another set: `any User` missing, `User:ann` not expected',
    ],
    [
      'who, where a wildcard covers somebody who is shut out',
      'given Doc:d { reader: any User, banned: User:bob } expect who can read Doc:d is [any User]',
      'expected another set: `User:bob` missing',
    ],
    [
      'a list with what no fact mentions',
      'expect User:ann can read Doc is [Doc:plan, Doc:other]',
      'expected another set: `Doc:other` missing',
    ],
    [
      'another thing missing',
      'expect User:ann cannot purge Doc:plan missing acr("aal2")',
      'expected `acr("aal2")` to be missing, got `acr("aal2"), scope("admin")`',
    ],
  ])('with %s', (_, body, failure) => {
    expect(check(body)).toEqual([failure])
  })
})

it('runs at the same time every day, where the test says none', () => {
  expect(check('expect User:ann cannot close Doc:plan')).toEqual([])
})

it('never lets one test see the facts of another', () => {
  const { policy } = compile(`${schema}
    test "first" { given Doc:x { owner: User:bob }  expect User:bob can write Doc:x }
    test "second" { given Doc:x  expect User:bob cannot write Doc:x }`)
  expect(policy && runTests(policy)).toMatchObject({ passed: 2, failed: 0 })
})

it('judges someone else without the token of the test', () => {
  const { policy } = compile(`
    actor User
    resource Doc { role member: User  allow read if member or "staff" in token.groups }
    given Doc:d { member: User:ann } given User:bob
    test "t" { given token { groups: ["staff"] }  expect who can read Doc:d is [User:ann] }`)
  expect(policy && runTests(policy)).toMatchObject({ passed: 1 })
})

it('takes host functions, and needs those that the policy declares', () => {
  const { policy } = compile(`
    actor User
    function even(n: int): boolean
    resource Doc { size: int  allow read if even(size) }
    test "t" { given Doc:d { size: 4 } given Doc:e { size: 5 }  expect User:ann can read Doc:d  expect User:ann cannot read Doc:e }`)
  if (policy === undefined) throw new Error('wrong policy')
  expect(runTests(policy, { functions: { even: (n: number) => n % 2 === 0 } })).toMatchObject({ passed: 1, failed: 0 })
  expect(() => runTests(policy)).toThrow(/even/)
})

it('shows a failure at the expectation', () => {
  const text = `${schema}\ntest "t" {\n  expect User:bob can write Doc:plan\n}`
  const { policy } = compile({ 'p.licet': text })
  const failures = policy && runTests(policy).tests.flatMap((test) => test.failures)
  expect(render(failures ?? [], [{ name: 'p.licet', text }], { color: false })).toContain(
    '25 |   expect User:bob can write Doc:plan\n   |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^',
  )
})
