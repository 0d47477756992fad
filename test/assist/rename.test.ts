import { describe, expect, it } from 'vitest'
import { analyse, rename, renameableAt } from '../../src/assist.ts'
import { lock, marked } from './marked.ts'

const others = { 'github.lock.json': lock }

/** The text after what is at an offset has got another name; or why it cannot have it. */
function renamed(text: string, offset: number, name: string): string {
  const analysis = analyse(new Map([['policy.licet', text], ...Object.entries(others)]))
  const found = renameableAt(analysis, 'policy.licet', offset)
  if (found === undefined) return 'nothing'
  if (found.refusal !== undefined) return found.refusal
  const { edits, refusal } = rename(analysis, found.referent, name)
  if (refusal !== undefined) return refusal
  return [...edits]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce((before, { span, text: put }) => before.slice(0, span.start) + put + before.slice(span.end), text)
}

const policy = `actor User in Team { email: string }
actor Agent
resource Team in Team { role member: User }
resource Repo {
  team: Team
  "odd-name": boolean
  role owner: User | Team.member when near
  allow read, write if owner or team.member
}
resource Doc { repo: Repo, role owner: User  allow read if owner or repo.owner }
context { site: { name: string } }
let near(place: string) = context.site.name == place
let mine = resource.owner
action edit = write
deny edit on Repo if not near("here") and resource["odd-name"]
delegate read on Repo, Doc if mine
allow see on Team if "{context.site.name}" == "x" and token.groups.some(g => g == "y")
server github from "./github.lock.json" {
  let one = args.owner
  label call get_issue as seen
  deny call get_issue if one == "x" or "seen" in session.labels
  allow call get_issue if employee
  allow read "repo://{name}/{+rest}" if name == "a"
}
role employee: User
given Team:core { member: User:ann }
given Repo:"a" { team: Team:core, "odd-name": true, owner: [User:ann, Team:core.member when near { place: "x" }] }
given role employee: User:ann
test "t" {
  given approvals [User:bob]
  expect User:ann can read Repo:"a"
  expect who can write Repo:"a" is [any User]
  expect User:ann in Repo:"a".owner
}
`

describe('renaming', () => {
  it('starts from a policy without mistakes', () => {
    expect(
      analyse(new Map([['policy.licet', policy], ...Object.entries(others)])).diagnostics.filter(
        ({ severity }) => severity === 'error',
      ),
    ).toEqual([])
  })

  /** Renames the occurrence of a word that is behind a text, and gives the words that have changed, with how many there are. */
  it.each([
    ['actor ', 'User', 'Person', 12],
    ['resource ', 'Team', 'Group', 9],
    ['role ', 'member', 'holder', 5],
    ['  ', 'team', 'group', 3],
    // One place stands for the owner of a repository and of a document.
    ['let mine = resource.', 'owner', 'holder', 8],
    ['allow ', 'read', 'look', 4],
    ['let ', 'near', 'close', 4],
    ['let near(', 'place', 'where', 3],
    ['let ', 'mine', 'ours', 2],
    ['action ', 'edit', 'change', 2],
    ['context { ', 'site', 'place_', 3],
    ['  let ', 'one', 'first', 2],
    ['some(', 'g', 'group_', 2],
    ['repo://{', 'name', 'id', 2],
    ['role ', 'employee', 'staff', 3],
  ] as const)('of %j%s to %s', (before, name, to, count) => {
    const at = policy.indexOf(before + name) + before.length
    const after = renamed(policy, at, to)
    const words = (text: string, word: string) => [...text.matchAll(new RegExp(`\\b${word}\\b`, 'g'))].length
    expect(after).not.toBe(policy)
    expect(words(after, to) - words(policy, to), after).toBe(count)
    const errors = analyse(new Map([['policy.licet', after], ...Object.entries(others)])).diagnostics
    expect(errors.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  it.each([
    ['call get_|issue as', 'x', '`get_issue` is what the lock calls it'],
    ['args.ow|ner', 'x', '`owner` is what the lock calls it'],
    ['server git|hub', 'x', '`github` is what the lock calls it'],
    ['label ca|ll', 'x', '`call` is an action of the Model Context Protocol'],
    ['tok|en.groups', 'x', "`token` is the language's own"],
    ['token.gro|ups', 'x', '`groups` is a claim that every token has'],
    ['groups.so|me', 'x', "`some` is the language's own"],
    ['email: str|ing', 'x', "`string` is the language's own"],
    ['can read Repo:"a|"', 'x', '`Repo:a` is what requests and stored facts call it'],
    ['role mem|ber', '1x', '`1x` is no name'],
    ['role mem|ber', 'if', 'with that name'],
    ['actor Us|er', 'Agent', 'with that name'],
    ['te|am: Team', 'owner', 'with that name'],
    ['some(g| =>', 'employee', 'renamed'],
  ] as const)('%j to %s: %s', (place, name, reason) => {
    const plain = place.replace('|', '')
    const at = policy.indexOf(plain) === -1 ? -1 : policy.indexOf(plain) + place.indexOf('|')
    if (at === -1) throw new Error(`${plain} is not in the policy`)
    const after = renamed(policy, at, name)
    if (reason === 'renamed') expect(after).toContain(`some(${name} => ${name} ==`)
    else expect(after).toContain(reason)
  })

  it('refuses a name by which something else would be meant', () => {
    const text = `actor User
role staff: User
resource Doc { role owner: User  allow read if token.groups.some(g => g == "a" and staff) }`
    expect(renamed(text, text.indexOf('g => '), 'staff')).toContain('with')
  })

  it.each([
    ['|approver', 'approvedBy(resource.approver)', 'approvedBy((resource.approver))'],
    ['|boss', 'approvedBy(boss, 2)', 'approvedBy(boss, 2)'],
    ['|approvers', 'approvedBy(approvers)', 'approvedBy(approvers)'],
    ['|approver', 'approvedBy(Repo:one.approver)', 'approvedBy(Repo:one.approver)'],
  ])('of %s reaches what a test says is missing: %s', (at, condition, missing) => {
    const text = `actor User
role boss: User
let approvers = boss
resource Repo {
  role owner: User
  role approver: User
  allow read if owner and ${condition}
}
test "t" {
  given Repo:one { owner: User:ann }
  expect User:ann cannot read Repo:one missing ${missing}
}
`
    const word = at.slice(1)
    const after = renamed(text, text.search(new RegExp(`\\b${word}\\b`)), 'zed')
    expect(after).toContain(`missing ${missing.replace(word, 'zed')}`)
    expect(after).toContain(`and ${condition.replace(word, 'zed')}`)
    // From there as well.
    expect(renamed(text, text.lastIndexOf(word), 'zed')).toBe(after)
  })

  it('renames in every file of the program', () => {
    const { analysis, file, offset } = marked(
      'import "./people.licet"\nrole admin: Us|er\nresource A { role r: User if admin  allow x if r }',
      {
        'people.licet': 'actor User { boss?: User }',
      },
    )
    const found = renameableAt(analysis, file, offset)
    if (found?.referent === undefined) throw new Error('nothing to rename')
    const { edits = [] } = rename(analysis, found.referent, 'Person')
    expect(edits.map(({ span }) => span.file).sort()).toEqual([
      'people.licet',
      'people.licet',
      'policy.licet',
      'policy.licet',
    ])
  })
})
