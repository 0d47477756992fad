import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, type Policy } from '../../src/index.ts'
import { type Mutant, mutantsOf } from '../../src/mutants.ts'
import { loadPolicy } from '../../src/surfaces/node/index.ts'
import { mutate, runTests } from '../../src/surfaces/testing/index.ts'

function policyOf(text: string): Policy {
  const { policy, diagnostics } = compile(text)
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics))
  return policy
}

/** The mutants of a policy, as what was changed and where. */
function check(text: string): readonly string[] {
  return [...mutantsOf(policyOf(text))].map(({ change, at }) => `${change}: ${text.slice(at.start, at.end)}`)
}

const people = 'actor User in Team\nresource Team\nactor Agent { trusted: boolean }\n'
const doc = (members: string) => `${people}resource Doc { n: int  a: boolean  b: boolean  ${members} }`
const noDoc = ['without this rule: allow', 'without this condition: a']

describe('what is changed', () => {
  it.each([
    [
      'rules',
      doc('allow read if a  deny read if b'),
      [...noDoc, 'without this rule: deny', 'without this condition: b'],
    ],
    ['a rule without a condition', doc('allow read'), ['without this rule: allow']],
    [
      'conjuncts',
      doc('allow read if a and b'),
      ['without this rule: allow', 'without this condition: a', 'without this condition: b'],
    ],
    [
      'alternatives',
      doc('allow read if a or b'),
      [
        'without this rule: allow',
        'without this condition: a or b',
        'without this alternative: a',
        'without this alternative: b',
      ],
    ],
    [
      'what is deeper inside',
      doc('allow read if a and not (b or n > 1)'),
      [
        'without this rule: allow',
        'without this condition: a',
        'without this condition: not (b or n > 1)',
        'without this alternative: b',
        'without this alternative: n > 1',
        'with `>=` for `>`: n > 1',
      ],
    ],
    ['exceptions', doc('allow read unless a'), ['without this rule: allow', 'without this exception: a']],
    [
      'choices',
      doc('allow read if n == (a ? 1 : 2)'),
      [
        'without this rule: allow',
        'without this condition: n == (a ? 1 : 2)',
        'without this alternative: 2',
        'without this alternative: 1',
      ],
    ],
    [
      'actions',
      doc('allow read, write if a  allow erase'),
      [
        'without this rule: allow',
        'without `read` here: read',
        'without `write` here: write',
        'without this condition: a',
        'without this rule: allow',
        'with every action here: erase',
      ],
    ],
    [
      'delegations',
      `${doc('allow read if a  allow write if a')}\ndelegate read on Doc if agent.trusted`,
      [
        ...noDoc.slice(0, 1),
        'without this condition: a',
        'without this rule: allow',
        'without this condition: a',
        'without this rule: delegate',
        'with every action here: read',
        'without this condition: agent.trusted',
      ],
    ],
    [
      'roles',
      doc('role owner: User  role reader: User | Team if owner unless a  allow read if reader'),
      [
        'where this cannot be assigned: User',
        'where this cannot be assigned: User',
        'where this cannot be assigned: Team',
        'where this does not make anybody one: owner',
        'where everybody is one: owner',
        'without this exception: a',
        'without this rule: allow',
        'without this condition: reader',
      ],
    ],
    [
      'global roles',
      `${people}role staff if "staff" in token.groups\nresource Doc { allow read if staff }`,
      [
        'where this does not make anybody one: "staff" in token.groups',
        'where everybody is one: "staff" in token.groups',
        'without this rule: allow',
        'without this condition: staff',
      ],
    ],
    [
      'items',
      `${people}server s { allow call x, "y*" if actor is User }`,
      [
        'without this rule: allow',
        'without this one: x',
        'without this one: "y*"',
        'with `*` here: x, "y*"',
        'without this condition: actor is User',
      ],
    ],
    [
      'types',
      `${people}resource A { a: boolean  allow read if a }\nresource B { allow read }\nresource C { allow read }\ndeny read on A, B if actor == User:x`,
      [
        ...noDoc,
        'without this rule: allow',
        'without this rule: allow',
        'without this rule: deny',
        'without this type: A',
        'without this type: B',
        'with every type here: A, B',
        'without this condition: actor == User:x',
      ],
    ],
    [
      'sets, quantifiers and approvals',
      `${people}role boss: User\nresource Doc { tags: string[]  allow read if tags.some(t => t in ["x", "y"]) and approvedBy(boss, 2) }`,
      [
        'where this cannot be assigned: User',
        'without this rule: allow',
        'without this condition: tags.some(t => t in ["x", "y"])',
        'without this condition: approvedBy(boss, 2)',
        'with `every` for `some`: some',
        'without this element: "x"',
        'without this element: "y"',
        'with 1 approvals: 2',
      ],
    ],
    [
      'scopes and `let`s',
      `${people}scope "all" includes "x", "y"\nlet big(n: int) = n > 1 and n < 9\nresource Doc { n: int  allow read if scope("x") and scope("y") and big(n) }`,
      [
        'without this scope: "x"',
        'without this scope: "y"',
        'without this condition: n > 1',
        'without this condition: n < 9',
        'with `>=` for `>`: n > 1',
        'with `<=` for `<`: n < 9',
        'without this rule: allow',
        'without this condition: scope("x")',
        'without this condition: scope("y")',
        'without this condition: big(n)',
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(check(text)).toEqual(expected)
  })
})

describe('what is no mutant', () => {
  it.each([
    [
      'what does not check',
      `${people}context { d?: int }\nresource Doc { allow read if context has d and context.d > 0 }`,
      'context has d',
    ],
    ['a rule that never holds', doc('allow read if a  deny read if false'), 'deny'],
    [
      'what another rule grants',
      doc('role owner: User  role reader: User if owner  allow write if owner  allow read if reader'),
      'with every action here: write',
    ],
    [
      'a scope that another includes',
      `${people}scope "w" includes "r"\nserver s { allow call x if scope("w")  allow call y if scope("r") }`,
      'with `*` here: y:',
    ],
    ['a limit', `${people}server s { allow call x  limit call x to 3 per 1m }`, 'limit'],
    ['a label', `${people}server s { allow call x  label call x as seen }`, 'label'],
  ])('%s', (_, text, what) => {
    expect(check(text).filter((one) => one.includes(what))).toEqual([])
  })
})

it('looks for the last survivors, too, where those before could not be helped', () => {
  // Facts of no test make anybody one of these, and without the role the facts of the file would be refused.
  const roles = Array.from({ length: 7 }, (_, i) => `role r${i}: User | Team`)
  const actions = roles.map((_, i) => `allow a${i} if r${i}`)
  const users = Array.from({ length: 8 }, (_, i) => `given User:u${i} in Team:t`)
  const policy = policyOf(`
actor User in Team
resource Team
resource Doc {
  n: int
  role owner: User
  ${roles.join('\n  ')}
  ${actions.join('\n  ')}
  allow read if owner
}
${users.join('\n')}
${Array.from({ length: 12 }, (_, i) => `given Doc:d${i} { n: ${i}, owner: User:u1 }`).join('\n')}
test "nothing is read by others" {
  expect User:u0 cannot read Doc:d0
  expect User:u0 cannot a0 Doc:d0
}`)
  const last = mutate(policy).survivors.at(-1)
  expect(last?.change).toBe('without this rule')
  expect(last?.witness?.text).toMatch(/^expect User:u1 can read Doc:d\d+$/)
})

it('takes arguments that are no safe integers', () => {
  const text = `actor User
server github { allow call search if args.limit == 9007199254740993 }
test "large" {
  expect User:ann can call search { limit: 9007199254740993 } on github
}`
  const { survivors } = mutate(policyOf(text))
  expect(survivors.map(({ change, witness }) => `${change}: ${witness?.text}`)).toContain(
    'without this condition: expect User:ann cannot call search { limit: 9007199254740992.0 } on github',
  )
})

it('takes host functions, and tests that pass', () => {
  const text = `actor User
function even(n: int): boolean
resource Doc { size: int  allow read if even(size) }
test "even" { given Doc:1 { size: 4 } expect User:ann can read Doc:1 }`
  const functions = { even: (n: number) => n % 2 === 0 }
  expect(mutate(policyOf(text), { functions })).toMatchObject({ tried: 2, killed: 1 })
  expect(() => mutate(policyOf(text))).toThrow(/even/)
  expect(() => mutate(policyOf(text.replace('size: 4', 'size: 5')), { functions })).toThrow(/have to pass/)
})

const isNoticed = ({ policy }: Mutant) => runTests(policy).failed > 0

it('what is killed really fails a test, and what is not fails none', () => {
  const { policy } = loadPolicy(fileURLToPath(new URL('../../examples/team-of-agents/policy.licet', import.meta.url)))
  if (policy === undefined) throw new Error('no policy')
  // With half of the tests, so that some survive.
  const half = { ...policy, tests: policy.tests.filter((_, i) => i % 2 === 0) }
  const { survivors, tried, killed } = mutate(half)
  const mutants = [...mutantsOf(half)]
  const alive = mutants.filter((mutant) => !isNoticed(mutant))
  const wholes = alive.filter(({ whole }) => whole).map(({ of }) => of)
  const reported = alive.filter(({ of, whole }) => whole || !wholes.includes(of))
  expect(survivors.map(({ at, change }) => ({ at, change }))).toEqual(
    reported.map(({ at, change }) => ({ at, change })),
  )
  expect(survivors.length).toBeGreaterThan(0)
  expect(tried - killed).toBe(survivors.length)
})

it.each(['documents', 'oauth', 'mail'])('a witness passes on the policy and fails on the mutant: %s', (name) => {
  const file = fileURLToPath(new URL(`../../examples/${name}/policy.licet`, import.meta.url))
  const { policy, sources } = loadPolicy(file)
  if (policy === undefined) throw new Error('no policy')
  const own = policy.tests[0]?.at.file
  const few = { ...policy, tests: policy.tests.slice(0, 2) }
  const { survivors } = mutate(few)
  const mutants = [...mutantsOf(few)]
  let found = 0
  for (const { at, change, witness } of survivors) {
    if (witness === undefined) continue
    found++
    const { test, whole, text } = witness
    const files = Object.fromEntries(
      sources.map((source) => {
        if (source.name !== own) return [source.name, source.text]
        if (whole) return [source.name, `${source.text}\n${text}\n`]
        return [source.name, source.text.replace(`test ${JSON.stringify(test)} {`, (head) => `${head}\n${text}\n`)]
      }),
    )
    const { policy: more, diagnostics } = compile(files)
    if (more === undefined) throw new Error(`${text}: ${JSON.stringify(diagnostics)}`)
    const mutant = mutants.find((one) => one.at === at || (one.at.start === at.start && one.change === change))
    if (mutant === undefined) throw new Error('no such mutant')
    const tests = more.tests.filter((one) => (whole ? one.name === `${test}, otherwise` : one.name === test))
    expect(tests, text).toHaveLength(1)
    expect(runTests({ ...more, tests }).failed, text).toBe(0)
    expect(runTests({ ...more, program: mutant.policy.program, tests }).failed, text).toBe(1)
  }
  expect(found).toBeGreaterThan(0)
})

const condition = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('a', 'b', 'c', 'n > 1', 'n <= 1'),
    fc.tuple(tie('any'), tie('any')).map(([x, y]) => `(${x} and ${y})`),
    fc.tuple(tie('any'), tie('any')).map(([x, y]) => `(${x} or ${y})`),
    tie('any').map((x) => `not ${x}`),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([x, y, z]) => `(${x} ? ${y} : ${z})`),
  ),
})).any

it('only what is the same survives all tests that there can be', () => {
  const rows = [0, 1, 2].flatMap((n) =>
    [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => `n: ${n}, a: ${bits % 2 > 0}, b: ${bits % 4 > 1}, c: ${bits > 3}`),
  )
  const text = (head: string, tests: readonly string[]) =>
    `actor User\nresource Doc { n: int  a: boolean  b: boolean  c: boolean  ${head} }
${rows.map((row, i) => `given Doc:${i} { ${row} }`).join('\n')}\n${tests.join('\n')}`
  fc.assert(
    fc.property(condition, condition, (allow, deny) => {
      const head = `allow read if ${allow}  deny read if ${deny}`
      const asked = (words: readonly string[]) => [
        `test "all" { ${words.map((word, i) => `expect User:x ${word} read Doc:${i}`).join('\n')} }`,
      ]
      const all = runTests(policyOf(text(head, asked(rows.map(() => 'can')))))
      const decided = all.tests.flatMap(({ expectations }) =>
        expectations.map(({ passed }) => (passed ? 'can' : 'cannot')),
      )
      const policy = policyOf(text(head, asked(decided)))
      // A survivor decides every document there can be as the policy does: there is no witness.
      const { survivors } = mutate(policy)
      expect(survivors.filter(({ witness }) => witness !== undefined)).toEqual([])
    }),
    { numRuns: 6 },
  )
})
