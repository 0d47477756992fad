import { describe, expect, it } from 'vitest'
import { compile, createEngine, type Policy } from '../../src/index.ts'
import { matrixOf, matrixPage, printMatrix } from '../../src/surfaces/pictures/index.ts'

const lock = JSON.stringify({
  lock: 1,
  server: 'files',
  tools: [
    { name: 'get', inputSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] } },
    { name: 'put', inputSchema: { type: 'object' } },
  ],
  prompts: [{ name: 'greet' }],
  resourceTemplates: [{ name: 'file', uriTemplate: 'file:///{+path}' }],
})

const text = `
actor User in Group { suspended: boolean }
resource Group
role staff: User
resource Org { role admin: User }
resource Repo {
  org: Org
  private: boolean
  role owner: User
  role reader: User if owner or org.admin or (staff and not private)
  role banned: User
  allow read if reader
  allow write if owner
  /// Whoever is banned stays out.
  deny * if banned
  deny write if actor.suspended
}
server files from "./files.lock.json" {
  allow call get if args.path == "a.txt" or staff
  allow call put if scope("files:write")
  allow get greet if actor in Group:welcome
  allow read "file:///{+path}" if path == "a.txt"
}
`

function policyOf(source: string): Policy {
  const { policy, diagnostics } = compile({ 'policy.licet': source, 'files.lock.json': lock })
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics))
  return policy
}

describe('the matrix', () => {
  it('in a terminal has a table for each type and server, and the conditions below it', () => {
    expect(printMatrix(matrixOf(policyOf(text)), { width: 100, color: false })).toMatchInlineSnapshot(`
      "type Repo
                read  write
        anyone  ?1    ✗
        owner   ✓     ✓?2
        reader  ✓     ✗
        banned  ✗     ✗
        staff   ?3    ✗

        1   allow if reader  // Repo.read#1
            reader if org.admin

        2   allow  // Repo.write#1
            deny if actor.suspended  // Repo.deny:write#1

        3   allow if reader  // Repo.read#1
            reader if org.admin or not private

      server files
                              anyone  staff  scope("files:write")
        call get              ?1      ✓      ?1
        call put              ?2      ?2     ✓
        get greet             ?3      ?3     ?3
        read file:///{+path}  ?4      ?4     ?4

        1   allow if args.path == "a.txt"  // files.call:get#1

        2   allow if scope("files:write")  // files.call:put#1

        3   allow if actor in Group:welcome  // files.get:greet#1

        4   allow if uri matches "file:///{+path}" and (path == "a.txt")  // files.read:file:///{+path}#1

      ✓ allow  ✗ deny  ? depends on what stands below the table  ✓? is allowed but for a deny there
      "
    `)
  })

  it('is cut into tables that fit', () => {
    const lines = printMatrix(matrixOf(policyOf(text)), { width: 40, color: false }).split('\n')
    const tables = lines.slice(0, -2)
    expect(Math.max(...tables.map((line) => line.length))).toBeLessThanOrEqual(46)
  })

  it('has facts as who may do what to which entity', () => {
    const facts = [
      { object: 'Repo:site', relation: 'owner', subject: 'User:ann' },
      { object: 'Repo:site', relation: 'reader', subject: 'User:bob' },
      { type: 'User', id: 'ann', suspended: false },
      { type: 'Repo', id: 'site', private: true, org: 'Org:acme' },
    ]
    const table = matrixOf(policyOf(text), { facts }).tables.find(({ kind }) => kind === 'entities')
    expect(table?.subjects.map(({ name }) => name)).toEqual(['Repo:site'])
    expect(table?.cells[0]?.map(({ outcome, condition }) => [outcome, condition])).toEqual([
      ['allow', 'User:ann\nUser:bob'],
      ['allow', 'User:ann'],
    ])
  })

  it('names rules with their documentation and their place', () => {
    const { tables, rules } = matrixOf(policyOf(text))
    const repo = tables.find(({ name }) => name === 'Repo')
    const banned = repo?.subjects.findIndex(({ name }) => name === 'banned') ?? -1
    expect(repo?.cells[banned]?.[0]).toMatchObject({ outcome: 'deny', asAnyone: false })
    expect(rules['Repo.deny:*#1']).toEqual({
      effect: 'deny',
      doc: 'Whoever is banned stays out.',
      file: 'policy.licet',
      line: 15,
      source: 'deny * if banned',
    })
  })

  const both = [false, true]
  it.each(
    both.flatMap((isPrivate) =>
      both.flatMap((suspended) => both.map((admin) => ({ private: isPrivate, suspended, admin }))),
    ),
  )('agrees with the engine about whoever has just the role, of whom and of whose resource it is that: %j', (given) => {
    const policy = policyOf(text)
    const repo = matrixOf(policy).tables.find(({ name }) => name === 'Repo')
    for (const [i, { kind, name = '' }] of repo?.subjects.entries() ?? []) {
      const object = kind === 'role' ? { object: 'Repo:r' } : {}
      const engine = createEngine(policy, {
        facts: [
          { type: 'Repo', id: 'r', private: given.private, org: 'Org:o' },
          { type: 'User', id: 'u', suspended: given.suspended },
          ...(kind === 'anyone' ? [] : [{ ...object, relation: name, subject: 'User:u' }]),
          ...(given.admin ? [{ object: 'Org:o', relation: 'admin', subject: 'User:u' }] : []),
        ],
      })
      for (const [j, { action }] of repo?.uses.entries() ?? []) {
        const outcome = repo?.cells[i]?.[j]?.outcome
        if (outcome === 'depends') continue
        expect([name, action, engine.can('User:u', action, 'Repo:r')]).toEqual([name, action, outcome === 'allow'])
      }
    }
  })
})

describe('the page', () => {
  const hostile = `
actor User
resource Doc {
  /// </script><script>alert(1)</script>
  @id("<img src=x onerror=alert(1)>")
  allow read if context.x == "</script><!--\u202e"
}
context { x: string }
`
  it('has no markup of a policy in it, and allows nothing but its own style and script', async () => {
    const page = await matrixPage(matrixOf(policyOf(hostile)), '<b>"title"</b>')
    expect(page).not.toMatch(/\u202e|<img|<b>|alert\(1\)<\/script>|<!--/)
    expect(page.match(/<script/g)).toHaveLength(2)
    expect(page).toMatch(
      /default-src 'none'; style-src 'sha256-[\w+/=]+'; script-src 'sha256-[\w+/=]+'; base-uri 'none'/,
    )
    expect(page).not.toMatch(/<\w[^>]*\s(?:src|href|on\w+|style)=/)
  })

  it('says in words what a cell says by its mark', async () => {
    const page = await matrixPage(matrixOf(policyOf(text)), 'policy')
    expect(page).toContain('aria-label="owner: read: allowed"')
    expect(page).toContain('aria-label="banned: write: denied"')
    expect(page).toContain('<th scope="row" title="call get">call get</th>')
  })
})
