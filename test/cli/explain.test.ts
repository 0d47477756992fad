import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { folder } from '../node/folder.ts'
import { licet } from './command-line.ts'

const cwd = folder({
  'policy.licet': `actor User in Group { level: int }
resource Group
resource Repo {
  private: boolean
  role banned: User
  role writer: User | Group
  role reader: User if writer or not private
  allow read if reader
  allow merge if writer and scope("repo") and actor.level >= 3
  /// Whoever is banned stays out.
  deny * if banned
}
server files {
  allow call get if args.path == "a.txt"
}
`,
  'facts.licet': `given User:ann { level: 1 }
given User:bob in Group:core { level: 5 }
given Repo:"acme/site" { private: true, writer: Group:core, banned: User:eve }
given User:eve { level: 2 }
`,
  'wrong.licet': 'actor User\nresource Doc { allow read if ownr }',
})

/** A command line of which words with spaces stand in single quotes. */
function explain(line: string, color = false) {
  const words = [...`-p policy.licet -f facts.licet ${line}`.matchAll(/'([^']*)'|(\S+)/g)]
  return licet(['explain', ...words.map(([, quoted, plain]) => quoted ?? plain ?? '')], { cwd, color })
}

describe('explain', () => {
  it.each([
    [
      '--actor User:ann --action merge --resource Repo:acme/site',
      `
denied: not-permitted

✗ User:ann can merge Repo:"acme/site"
├─ ✗ allow merge if Repo:"acme/site".writer and scope("repo") and (actor.level >= 3)  [Repo.merge#1]  policy.licet:9
│  ├─ ✗ Repo:"acme/site".writer
│  │  └─ ✗ assigned by a fact  policy.licet:6
│  ├─ ✗ scope("repo")
│  └─ ✗ actor.level >= 3  (actor.level is 1)
└─ ✗ deny merge if Repo:"acme/site".banned  [Repo.deny:*#1]  policy.licet:11
   └─ ✗ User:ann in Repo:"acme/site".banned
      └─ ✗ assigned by a fact  policy.licet:5

nearest changes that would allow it:
  1. the caller needs scope("repo")  policy.licet:9
     and User:ann needs \`writer\` on Repo:"acme/site"  policy.licet:6
     and \`level\` of User:ann needs to be 3 (it is 1)  policy.licet:9
  2. the caller needs scope("repo")  policy.licet:9
     and User:ann needs to be in Group:core
     and \`level\` of User:ann needs to be 3 (it is 1)  policy.licet:9
`,
    ],
    [
      '--actor User:eve --action read --resource Repo:acme/site',
      `
denied: forbidden
  by Repo.deny:*#1: Whoever is banned stays out.

✗ User:eve can read Repo:"acme/site"
├─ ✗ allow read if Repo:"acme/site".reader  [Repo.read#1]  policy.licet:8
│  └─ ✗ User:eve in Repo:"acme/site".reader
│     ├─ ✗ assigned by a fact  policy.licet:7
│     └─ ✗ Repo:"acme/site".writer or (not Repo:"acme/site".private)  policy.licet:7
│        ├─ ✗ Repo:"acme/site".writer
│        │  └─ ✗ assigned by a fact  policy.licet:6
│        └─ ✗ not Repo:"acme/site".private
│           └─ ✓ Repo:"acme/site".private
└─ ✓ deny read if Repo:"acme/site".banned  [Repo.deny:*#1]  policy.licet:11
   └─ ✓ User:eve in Repo:"acme/site".banned
      └─ ✓ assigned by a fact  policy.licet:5
         └─ ✓ to User:eve

nearest changes that would allow it:
  1. User:eve needs \`reader\` on Repo:"acme/site"  policy.licet:7
     and User:eve must not have \`banned\` on Repo:"acme/site"  policy.licet:5
  2. User:eve needs \`writer\` on Repo:"acme/site"  policy.licet:6
     and User:eve must not have \`banned\` on Repo:"acme/site"  policy.licet:5
  3. User:eve needs to be in Group:core
     and User:eve must not have \`banned\` on Repo:"acme/site"  policy.licet:5
  4. \`private\` of Repo:"acme/site" needs to be false (it is true)  policy.licet:7
     and User:eve must not have \`banned\` on Repo:"acme/site"  policy.licet:5
`,
    ],
    [
      `--actor User:ann --action call --tool files/get --args '{"path": "b.txt"}'`,
      `
denied: not-permitted

✗ User:ann can call get on files
└─ ✗ allow call if args.path == "a.txt"  [files.call:get#1]  (args.path is "b.txt")  policy.licet:14

nearest changes that would allow it:
  1. \`args.path\` needs to be "a.txt" (it is "b.txt")  policy.licet:14
`,
    ],
    [
      '--actor User:bob --action read --resource Repo:acme/site',
      `
allowed: granted
  by Repo.read#1

✓ User:bob can read Repo:"acme/site"
├─ ✓ allow read if Repo:"acme/site".reader  [Repo.read#1]  policy.licet:8
│  └─ ✓ User:bob in Repo:"acme/site".reader
│     ├─ ✗ assigned by a fact  policy.licet:7
│     └─ ✓ Repo:"acme/site".writer or (not Repo:"acme/site".private)  policy.licet:7
│        ├─ ✓ Repo:"acme/site".writer
│        │  └─ ✓ assigned by a fact  policy.licet:6
│        │     └─ ✓ to Group:core
│        └─ ✗ not Repo:"acme/site".private
│           └─ ✓ Repo:"acme/site".private
└─ ✗ deny read if Repo:"acme/site".banned  [Repo.deny:*#1]  policy.licet:11
   └─ ✗ User:bob in Repo:"acme/site".banned
      └─ ✗ assigned by a fact  policy.licet:5
`,
    ],
  ])('%s', async (line, expected) => {
    const { code, out, err } = await explain(line)
    expect(out).toBe(expected.slice(1))
    expect({ code, err }).toEqual({ code: 0, err: err.includes('unlocked') ? err : '' })
  })

  it('as JSON is the decision with its proof and the nearest changes', async () => {
    const { out } = await explain('--actor User:ann --action read --resource Repo:acme/site --json')
    const { allowed, reason, proof, nearest } = JSON.parse(out)
    expect({ allowed, reason, truth: proof.truth, truncated: nearest.truncated }).toEqual({
      allowed: false,
      reason: 'not-permitted',
      truth: 'false',
      truncated: false,
    })
    expect(nearest.ways[0]).toEqual([
      {
        kind: 'add',
        fact: { object: 'Repo:acme/site', relation: 'reader', subject: 'User:ann' },
        at: { file: 'policy.licet', start: expect.any(Number), end: expect.any(Number) },
      },
    ])
  })

  it('is in colour on a terminal only, where what a deny is red for is that it holds', async () => {
    const line = '--actor User:eve --action read --resource Repo:acme/site'
    const plain = (await explain(line)).out
    const colored = (await explain(line, true)).out
    expect(plain).not.toContain('\u001b')
    expect(colored).toContain('\u001b[31m✓\u001b[0m deny read')
    expect(stripVTControlCharacters(colored)).toBe(plain)
  })

  it.each([
    ['--action read --resource Repo:x', '`--actor` is missing'],
    ['--actor User:ann --action reed --resource Repo:x', 'no `allow` can grant `reed`'],
  ])('is no decision where the command line is wrong: %s', async (line, message) => {
    const { code, err } = await explain(line)
    expect({ code, err: err.includes(message) }).toEqual({ code: 2, err: true })
  })
})
