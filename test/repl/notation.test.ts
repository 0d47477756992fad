import { expect, it } from 'vitest'
import { compile, createEngine } from '../../src/index.ts'
import { givenText } from '../../src/surfaces/repl/notation.ts'

const policy = `
actor User in Group { email: string, manager?: User, born?: datetime, age?: int, from?: ip, tags: string[], more?: json }
resource Group in Group
resource Team { role member: User }
role staff: User | Group
let near(place: string) = context.place == place
context { place: string }
resource Doc {
  "a b": boolean
  role viewer: User | any User | Team.member | User when near
  allow read if viewer
}
`
const facts = String.raw`
given User:ann in Group:core, Group:"a b" { email: "a\{b}\"\\\u{1b}\u{202e}", manager: User:"x/y", tags: ["b", "a"], age: 9223372036854775807 }
given User:"__proto__" { born: datetime("2027-01-01T00:00:00Z"), from: ip("::1"), more: { a: [1, 2.5, true], "b c": { d: "*" } } }
given Group:core in Group:all
given Doc:1 { "a b": true, viewer: [any User, Team:core.member, User:ann until datetime("2027-01-01T00:00:00Z"), User:bob when near { place: "h\{" }] }
given role staff: [User:ann, Group:core]
`

it('facts are shown as `given` statements that say the same', () => {
  const { policy: compiled, diagnostics } = compile(policy)
  if (compiled === undefined) throw new Error(JSON.stringify(diagnostics))
  const [first, second] = [createEngine(compiled), createEngine(compiled)]
  expect(first.facts.parse(facts)).toEqual([])
  const text = givenText(first.facts.dump())
  expect(text.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  expect(second.facts.parse(text.join('\n'))).toEqual([])
  expect([...second.facts.dump()]).toEqual([...first.facts.dump()])
})
