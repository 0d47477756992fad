import { describe, expect, it } from 'vitest'
import { complete } from '../../src/assist.ts'
import { lock, marked, types } from './marked.ts'

const others = { 'github.lock.json': lock, 'people.licet': 'edition 1' }

/** Labels that are offered, the `!` ones are not; what is written of the word is replaced. */
function check(text: string, expected: string, replaced?: string): void {
  const { analysis, file, offset, text: plain } = marked(types + text, others)
  const { span, items } = complete(analysis, file, offset)
  const labels = new Set(items.map(({ label }) => label))
  for (const label of expected.split(' '))
    if (label.startsWith('!')) expect(labels, text).not.toContain(label.slice(1))
    else expect(labels, text).toContain(label)
  if (replaced !== undefined) expect(plain.slice(span.start, span.end)).toBe(replaced)
}

const repo = (member: string) =>
  `resource Repo {\n  group: Group\n  private: boolean\n  role owner: User\n  ${member}\n}`
const server = (member: string) => `server github from "./github.lock.json" {\n  ${member}\n}`
const test = (member: string) => `${repo('allow read if owner')}\n${server('allow call get_issue if employee')}
given Repo:"acme/site" { private: true }
test "x" {\n  given User:ann { email: "a" }\n  ${member}\n}`

describe('completion', () => {
  it.each([
    // words of the language, by place
    ['|', 'actor resource allow deny server test given import !expect !if'],
    ['al|', 'allow', 'al'],
    [repo('|'), 'allow role deny contextual !actor !server !test'],
    [server('|'), 'allow deny let limit label !role !actor'],
    ['test "x" {\n  |\n}', 'given expect !allow'],
    [repo('allow read if owner |'), 'and or not unless has is in !role !allow'],
    [repo('allow read |'), 'if unless !and'],
    ['@|', 'id recursive !actor'],
    // types
    [repo('x: |'), 'string boolean User Group Repo int !owner'],
    [repo('role writer: |'), 'User Group any !string !Repo'],
    [repo('role writer: Repo.|'), 'owner !private'],
    ['deny * on |', 'User Group !string'],
    ['actor Robot in |', 'Group User'],
    ['let a = actor is |', 'User Agent !string'],
    // names in conditions
    [repo('allow read if |'), 'owner private group employee actor token now in_net Group scope !args !agent !prompt'],
    [repo('allow read if o| and private'), 'owner', 'o'],
    [repo('deny read if |'), 'agent'],
    [repo('role reader: User if |'), 'owner !action'],
    [repo('allow read if group in [|'), 'owner private'],
    [repo('allow read if (actor is User and (|'), 'owner'],
    ['role a if token.groups.some(g => |)', 'g employee token'],
    ['let local(param: string) = |', 'param'],
    // members, in texts that do not parse, too
    [repo('allow read if context.|'), 'device !trusted'],
    [repo('allow read if context.device.|'), 'trusted'],
    [repo('allow read if actor is User and actor.|'), 'email manager !trusted'],
    [repo('allow read if actor is User and actor.em|'), 'email', 'em'],
    [repo('allow read if actor is User and actor.email.|'), 'startsWith matches length !manager'],
    [repo('allow read if token.groups.|'), 'some every isEmpty containsAny !startsWith'],
    [repo('allow read if now.|'), 'hourIn'],
    [repo('allow read if token.|\n  allow write if owner'), 'groups scopes sub'],
    [repo('allow read if Repo["x"].|\n  allow write if owner'), 'owner private write'],
    [repo('allow read if actor has |'), 'email manager'],
    ['let a = "{token.|', 'sub tenant !some'],
    ['let a = Group["{|}"]', 'token context !scope'],
    // actions
    [`${repo('allow read if owner')}\ndeny | on Repo`, 'read !call'],
    [server('allow |'), 'call get read list subscribe'],
    ['action edit = |', 'call'],
    // servers, tools, prompts, arguments
    [server('allow call |'), 'get_issue !get-file !review'],
    [server('allow call "|"'), 'get_issue get-file', ''],
    [server('allow get |'), 'review !get_issue'],
    [server('allow read "|"'), 'repo://readme'],
    [server('allow call get_issue if args.|'), 'owner number !path'],
    [server('allow call * if tool.|'), 'readOnly destructive openWorld'],
    // tests and facts
    [test('expect User:|'), 'User:ann !User:bob !employee', 'User:'],
    [test('expect User:ann |'), 'can cannot via'],
    [test('expect User:ann can |'), 'read call'],
    [test('expect User:ann can call |'), 'get_issue'],
    [test('expect User:ann can call get_issue { | } on github'), 'owner number'],
    [test('expect User:ann can call get_issue { owner: "a" } on |'), 'github'],
    [test('expect User:ann can read |'), 'Repo:"acme/site"'],
    [test('given token { | }'), 'groups scopes tenant'],
    [test('given context { | }'), 'device'],
    [test('given |'), 'User:ann token now session'],
    ['given User:ann { | }', 'email manager'],
    // texts
    ['import "|"', './people.licet !./github.lock.json', ''],
    ['server github from "|"', './github.lock.json !./people.licet'],
    ['scope "repo" includes "repo:read"\nrole a if scope("|")', 'repo repo:read'],
    [`${server('label call get_issue as untrusted')}\nrole a if not ("|" in session.labels)`, 'untrusted'],
  ] as const)('%j', (text, expected, replaced?: string) => check(text, expected, replaced))

  it('offers nothing in a comment', () => {
    const { analysis, file, offset } = marked(`${types}// a comment |`)
    expect(complete(analysis, file, offset).items).toEqual([])
  })

  it('says types, documentation and what is written', () => {
    const { analysis, file, offset } = marked(`${types}${server('allow call get_issue if args.|')}`, others)
    const { items } = complete(analysis, file, offset)
    expect(items.find(({ label }) => label === 'owner')).toMatchObject({
      detail: 'owner: string',
      doc: 'Who owns the repository.',
    })
    const role = marked(`${types}role other if |`)
    const names = complete(role.analysis, role.file, role.offset).items
    expect(names.find(({ label }) => label === 'employee')).toMatchObject({
      detail: 'role employee: User',
      doc: 'Everyone on the pay roll.',
    })
    expect(names.find(({ label }) => label === 'in_net')).toMatchObject({ insert: 'in_net($1)$0', isSnippet: true })
  })
})
