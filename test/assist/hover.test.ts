import { describe, expect, it } from 'vitest'
import { hoverAt, signaturesAt } from '../../src/assist.ts'
import { lock, marked, types } from './marked.ts'

const others = { 'github.lock.json': lock }
const repo = (member: string) =>
  `resource Repo {\n  /// Only for those who may.\n  private: boolean\n  role owner: User\n  ${member}\n}`
const server = (member: string) => `server github from "./github.lock.json" {\n  ${member}\n}`

/** What is said of the name at the cursor, its type, and its documentation. */
function check(text: string, code: string, type?: string, doc?: string): void {
  const { analysis, file, offset } = marked(types + text, others)
  const found = hoverAt(analysis, file, offset)
  expect(
    found?.about.map((one) => one.code),
    text,
  ).toEqual(code.split(' & '))
  expect(found?.type).toBe(type)
  if (doc !== undefined) expect(found?.about[0]?.doc).toBe(doc)
}

describe('hover', () => {
  it.each([
    [repo('allow read if pri|vate'), 'Repo.private: boolean', 'boolean', 'Only for those who may.'],
    [repo('allow read if own|er'), 'Repo: role owner: User', 'a set of actors'],
    [repo('allow read if empl|oyee'), 'role employee: User', 'a set of actors', 'Everyone on the pay roll.'],
    [repo('allow read if context.dev|ice.trusted'), 'device: { trusted: boolean }', '{ trusted: boolean }'],
    [repo('allow read if context.device.tru|sted'), 'trusted: boolean', 'boolean'],
    [
      repo('allow read if token.gro|ups.isEmpty()'),
      'token.groups: string[]',
      'string[]',
      'a claim that every token has',
    ],
    [repo('allow read if token.groups.isEm|pty()'), 'set.isEmpty(): boolean', 'boolean', 'has no elements'],
    [
      repo('allow read if in_|net("10.0.0.0/8")'),
      'let in_net(range: string) = ip("10.0.0.1") in cidr(range)',
      'boolean',
    ],
    [repo('allow read if actor is Us|er'), 'actor User in Group', undefined],
    [repo('allow read if act|or in Repo["x"].owner'), 'actor', 'User | Agent', 'who asks'],
    [`${repo('allow read if owner')}\ndeny re|ad on Repo`, 'allow read if owner'],
    [repo('allow read if "{token.gr|oups}" == "x"'), 'token.groups: string[]', 'string[]'],
    ['let a(x: string) = x|', 'x: string', 'string'],
    ['role r if token.groups.some(g => g| == "x")', 'g', 'string'],
    [
      server('allow call get_i|ssue if employee'),
      'tool github/get_issue {\n  owner: string\n  number?: int\n}',
      undefined,
      'Reads an issue.\n\nThe lock says: readOnly.',
    ],
    [server('allow call get_issue if args.ow|ner == "x"'), 'args.owner', 'string', 'Who owns the repository.'],
    [server('allow ca|ll get_issue if employee'), 'action call', undefined, 'calls a tool'],
    [`@id("x") all|ow read on Group if employee`, 'allow', undefined, 'a grant'],
    ['@i|d("x") allow read on Group if employee', '@id'],
    // A text with mistakes elsewhere, and here.
    [`allow on on\n${repo('allow read if own|er and nothing')}`, 'Repo: role owner: User', 'a set of actors'],
  ] as const)('%j', (text, code, type?: string, doc?: string) => check(text, code, type, doc))

  it('says nothing of nothing', () => {
    const { analysis, file, offset } = marked(`${types}  |  `)
    expect(hoverAt(analysis, file, offset)).toBeUndefined()
  })
})

describe('signatures', () => {
  it.each([
    ['role a if scope(|', 'scope(scope: string): boolean', 0],
    ['role a if in_net(|)', 'in_net(range: string)', 0],
    ['role a if approvedBy(employee, |)', 'approvedBy(set: actors, n?: int): boolean', 1],
    ['role a if token.sub.startsWith(|', 'startsWith(prefix: string): boolean', 0],
    ['role a if token.groups.includes("a", ["x", |', undefined, 0],
    ['role a if (|', undefined, 0],
    ['role a if scope("x") |', undefined, 0],
  ] as const)('%j', (text, label, parameter) => {
    const { analysis, file, offset } = marked(types + text)
    const found = signaturesAt(analysis, file, offset)
    expect(found?.all[0]?.label).toBe(label)
    if (label !== undefined) expect(found?.parameter).toBe(parameter)
  })
})
