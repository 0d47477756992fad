import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sessionOn, shown } from './asked.ts'

const policy = `
actor User in Group { email: string, age?: int, manager?: User, more?: json }
actor Agent { trusted: boolean }
resource Group in Group
role staff: User if "s" in token.groups
resource Repo {
  parent?: Repo
  private: boolean
  role owner: User | any User
  role reader: User | Group if owner or parent.reader
  allow read if reader
  allow write if owner and (acr("aal2") or approvedBy(owner))
}
deny write on Repo if "contractor" in token.groups
delegate read on Repo if agent.trusted
context { place: string }
given User:ann in Group:core { email: "a" }
given Repo:a { private: true, owner: User:ann, parent: Repo:b }
given Repo:b { private: true, parent: Repo:a }
test "t" { expect User:ann can read Repo:a }
`

const words = [
  ...'can why not who what which do on as via with expect given test is read write Repo User anonymous token owner'.split(
    ' ',
  ),
  ...'reader staff in and == + ?? ? : 1 now [ ] ( ) . actor email User:ann Repo:a Repo:none Agent:bot "x"'.split(' '),
  ...[
    '{ groups: ["s"] }',
    '{ owner: User:bob }',
    'User:"\u001b[31m"',
    '.some(x => x == 1)',
    'acr("a")',
    '9223372036854775807',
  ],
].map((word) => `${word} `)

const phrases = [
  'can User:ann read Repo:a',
  'why not User:ann can write Repo:b',
  'who can read Repo:a',
  'which Repo can User:ann read',
  'what can User:ann do on Repo:a',
  'given Repo:c { owner: any User }',
  'given User:ann { age: 3 }',
  'as User:ann via Agent:bot with { groups: ["s"] }',
  'expect who can read Repo:a is [any User]',
  ...':undo :trace :reload :facts :help User:ann.more Repo:a.parent.parent.owner'.split(' '),
  ':save x',
]

const line = fc.oneof(
  fc.constantFrom(...phrases),
  fc.array(fc.constantFrom(...words), { maxLength: 10 }).map((all) => all.join('')),
  fc.tuple(fc.constantFrom(...phrases), fc.nat(), fc.constantFrom(...words)).map(([text, at, word]) => {
    const from = at % (text.length + 1)
    return text.slice(0, from) + word + text.slice(from)
  }),
)

it('whatever is said, an answer comes of it that steers no terminal, and nothing of the program shows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 12 }), async (said) => {
      const { session } = sessionOn({ 'policy.licet': policy })
      for (const text of said) {
        session.isUnfinished(text)
        session.complete(text)
        const answer = await session.answer(text)
        const told = shown(answer)
        expect(told.replaceAll('\n', ''), text).not.toMatch(/[\p{Cc}\p{Cf}]/u)
        expect(told, text).not.toMatch(/undefined|\[object|Cannot read|is not a function|is not iterable|Maximum call/)
        expect(() => JSON.stringify(answer?.json, (_, one) => (typeof one === 'bigint' ? `${one}` : one))).not.toThrow()
      }
    }),
    { numRuns: 40 },
  )
})
