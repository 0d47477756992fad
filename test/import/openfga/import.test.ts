import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compile } from '../../../src/index.ts'
import { importOpenFga } from '../../../src/surfaces/import/openfga/index.ts'
import { readWithin } from '../../../src/surfaces/import/read-within.ts'
import { runTests } from '../../../src/surfaces/testing/index.ts'
import { licet } from '../../cli/command-line.ts'
import { folder } from '../../node/folder.ts'

/** Files by name in a folder of their own, the first of which is imported. */
function imported(files: Readonly<Record<string, string>>) {
  const cwd = folder()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true })
    writeFileSync(join(cwd, name), text)
  }
  const [first = ''] = Object.keys(files)
  return importOpenFga(first, readWithin(cwd, first))
}

/** What is remarked, each with the line and the text that it points to. */
function remarked(files: Readonly<Record<string, string>>): readonly string[] {
  return imported(files).remarks.map(({ kind, message, source, at }) => {
    const line = source.text.slice(0, at).split('\n').length
    const there = source.text.slice(at).split('\n', 1)[0]?.trim()
    return `${kind} ${source.name}:${line} \`${there}\` ${message}`
  })
}

function store(model: string, rest = ''): Readonly<Record<string, string>> {
  const lines = model.trim().split('\n')
  return { 'store.fga.yaml': `model: |\n${lines.map((line) => `  ${line}\n`).join('')}${rest}` }
}

/** The policy, which passes the checker and its tests. */
function policyOf(files: Readonly<Record<string, string>>): string {
  const { files: written } = imported(files)
  const { policy, diagnostics } = compile(Object.fromEntries(written))
  expect(diagnostics).toEqual([])
  if (policy !== undefined) expect(runTests(policy).tests.flatMap(({ failures }) => failures)).toEqual([])
  return written.get('policy.licet') ?? ''
}

describe('what is written', () => {
  it('reads as a person would have written it', () => {
    const { files, remarks } = imported({
      'store.fga.yaml': `# Documents of our customers
name: Documents
model_file: fga.mod
tuple_file: tuples.yaml
tests:
  - name: Who reads what
    tuples:
      - { user: user:eve, relation: blocked, object: document:plan }
    check:
      # Groups count
      - user: user:ann
        object: document:plan
        assertions: { can-read: true, viewer: true }
      - user: user:eve
        object: document:plan
        assertions: { can-read: false }
      - user: user:zoe
        object: document:plan
        context: { ip: 10.1.2.3 }
        assertions: { viewer: true }
    list_objects:
      - { user: user:ann, type: document, assertions: { viewer: [document:plan] } }
    list_users:
      - { object: document:plan, user_filter: [{ type: user }], assertions: { can-read: { users: [user:ann] } } }
`,
      'fga.mod': `schema: '1.2'\ncontents:\n  - core.fga\n  - parts/documents.fga\n`,
      'core.fga': `module core

type user

type asset-group
  relations
    define member: [user, asset-group#member]
`,
      'parts/documents.fga': `module documents

# What is written
type document
  relations
    define parent: [folder]
    define blocked: [user]
    # Who is shown it
    define viewer: [user with in_office, asset-group#member] or viewer from parent
    define can-read: viewer but not blocked # never the blocked
    define signed: [user] and viewer

type folder
  relations
    define viewer: [user:*]

# From our own network
condition in_office(ip: ipaddress, office: string) {
  ip.in_cidr(office)
}
`,
      'tuples.yaml': `# The group
- user: user:ann
  relation: member
  object: asset-group:1
- user: asset-group:1#member
  relation: viewer
  object: document:plan
# Zoe works from the office
- user: user:zoe
  relation: viewer
  object: document:plan
  condition: { name: in_office, context: { office: 10.0.0.0/8 } }
- user: folder:"a b"
  relation: parent
  object: document:plan
`.replace('folder:"a b"', 'folder:日本-Ω'),
    })
    expect(remarks).toEqual([])
    expect(Object.fromEntries(files)).toEqual({
      'policy.licet': `// Documents of our customers

context { ip?: ip, office?: string }

/// From our own network
let in_office(ip: ip, office: string) = ip in cidr(office)

virtual actor User

virtual resource AssetGroup {
  role member: User | AssetGroup.member
  allow member if member
}

/// What is written
virtual resource Document {
  parent: Folder[]
  role blocked: User
  /// Who is shown it
  role viewer: User when in_office | AssetGroup.member if parent.viewer
  role signed: User unless not viewer
  /// never the blocked
  allow can_read if viewer unless blocked
  allow blocked if blocked
  allow viewer if viewer
  allow signed if signed
}

virtual resource Folder {
  role viewer: any User
  allow viewer if viewer
}
`,
      'facts.licet': `/// The group
given AssetGroup:1 { member: User:ann }

given Document:plan { viewer: AssetGroup:1.member }

/// Zoe works from the office
given Document:plan { viewer: User:zoe when in_office { office: "10.0.0.0/8" }, parent: Folder:"日本-Ω" }
`,
      'tests.licet': `import "./policy.licet"
import "./facts.licet"

test "Who reads what" {
  given Document:plan { blocked: User:eve }
  /// Groups count
  expect User:ann can can_read Document:plan
  expect User:ann can viewer Document:plan
  expect User:eve cannot can_read Document:plan
  expect User:ann can viewer Document is [Document:plan]
  expect who can can_read Document:plan is [User:ann]
}

test "Who reads what, with ip 10.1.2.3" {
  given Document:plan { blocked: User:eve }
  given context { ip: ip("10.1.2.3") }
  expect User:zoe can viewer Document:plan
}
`,
    })
  })

  it.each([
    ['names that Licet has for something', 'resource', 'any', 'any_'],
    ['names that mean something outside of a type', 'context', 'now', 'now'],
    ['names that become the same', 'a-b', 'a_b', 'a_b'],
  ])('keeps %s apart', (_, one, other, second) => {
    const text = policyOf(
      store(`model
  schema 1.1
type user
type x-y
  relations
    define ${one}: [user]
    define ${other}: [user] or ${one}
    define both: ${one} and ${other}
type XY
type x_y`),
    )
    expect(text).toContain(`role ${second}: User`)
    expect(text).toMatch(/virtual resource XY\n/)
    expect(text).toMatch(/resource XY_ .*resource XY_2/s)
  })

  it('changes the name of a condition that is a function here, and keeps ids to the letter', () => {
    const composed = ['e\u0301', '\u00e9', '\u00a0', '\u200b', '\u{1f600}', '\u0001']
    const ids = [...composed, 'a:b', 'toString', '__proto__', 'A@b.c', '"}', '{x}', '\\*']
    const model = `model
  schema 1.1
type user
type doc
  relations
    define viewer: [user with ip]
condition ip(n: int) {
  n < 9007199254740994
}`
    const condition = { name: 'ip' }
    const tuples = ids.map((id) => ({ user: `user:${id}`, relation: 'viewer', object: `doc:${id}`, condition }))
    const check = ids.flatMap((user) =>
      ids.map((object) => ({
        ...{ user: `user:${user}`, object: `doc:${object}`, context: { n: '9007199254740993' } },
        assertions: { viewer: user === object },
      })),
    )
    const text = policyOf({ 's.fga.yaml': JSON.stringify({ model, tuples, tests: [{ check }] }) })
    expect(text).toContain('let ip_(n: int) = n < 9007199254740994')
  })

  it.each([
    ['[user] but not blocked', 'role x: User unless blocked'],
    ['[user] and blocked', 'role x: User unless not blocked'],
    ['([user] or blocked) but not x from parent', 'role x: User if blocked unless parent.x'],
    ['([user] and blocked) or x from parent', 'role x: User if parent.x unless not blocked and not parent.x'],
    ['blocked but not (x from parent)', 'allow x if blocked unless parent.x'],
    ['blocked or (blocked but not x from parent)', 'allow x if blocked or (blocked and not parent.x)'],
    ['[user, user:*, doc#blocked] or y', 'role x: User | any User | Doc.blocked if y'],
    ['z from parent', 'allow x if parent.some(each => each is Org and each.z)'],
  ])('%s', (definition, line) => {
    const text = policyOf(
      store(`model
  schema 1.1
type user
type org
  relations
    define z: [user]
type doc
  relations
    define parent: [doc, org]
    define blocked: [user]
    define x: ${definition}
    define y: [user]
    define x2: [doc]
`),
    )
    expect(text.replace(/\n\s+(?=if|unless|or)/g, ' ')).toContain(
      line.replaceAll('parent.x', 'parent.some(each => each is Doc and each.x)'),
    )
    expect(text.includes('@recursive')).toBe(/but not .*x from/.test(definition))
  })

  it.each([
    ['n > 1 && n <= 9007199254740993', 'n > 1 and n <= 9007199254740993'],
    ['!(s == "{x}" || b) || s.size() > 2', 'not (s == "\\{x}" or b) or s.length > 2'],
    ['s.matches("^a/[0-9]+$") && s.contains("b")', 's.matches(/^a\\/[0-9]+$/) and s.includes("b")'],
    ['t < u + d && u - t > duration("1h30m")', 't < u + d and u - t > 1h30m'],
    ['n in [1, 2] ? b : l.exists(x, x.startsWith("a"))', 'n in [1, 2] ? b : l.some(x => x.startsWith("a"))'],
    ['"k" in m && m["k"] == "v" && m.k != s', 'm has k and m["k"] == "v" and m.k != s'],
    ['m["k"] == s || !("o" in m)', 'm["k"] == s or not (m has o)'],
    ['l.all(e, e != s) && s in l', 'l.every(e => e != s) and s in l'],
    ['f >= 1.5 && -n < 3', 'f >= 1.5 and -n < 3'],
    ['s != null && s == "a"', 's == "a"'],
    ['s != null', 's == s'],
    ['t.getHours("Europe/Berlin") < 18', 't.hourIn("Europe/Berlin") < 18'],
  ])('the condition %s', (cel, expression) => {
    const text = policyOf(conditional(cel))
    expect(text.replace(/=\n {2}/, '= ')).toContain(`) = ${expression}\n`)
  })
})

function conditional(cel: string) {
  const params =
    'n: int, s: string, b: bool, t: timestamp, u: timestamp, d: duration, l: list<string>, m: map<string>, f: double'
  return store(`model
  schema 1.1
type user
type doc
  relations
    define x: [user with c]
condition c(${params}) {
  ${cel}
}`)
}

describe('what cannot be translated', () => {
  it.each([
    ['l[0] == s', 'l[0] == s', 'a list is a set here, which has no first element and no other one'],
    ['s > "a"', 's > "a"', 'texts have no order'],
    ['n / 2 == 1', 'n / 2 == 1', '`/` has no counterpart'],
    ['b && l.size() == 2', 'l.size() == 2', 'only texts have the length that they have in CEL'],
    ['b && l == ["a"]', 'l == ["a"]', 'whole lists and maps cannot be compared as they are in CEL'],
    ['n == 9223372036854775808', '9223372036854775808', 'this integer has more than 64 bits'],
    ['l.exists(x, l.exists(y, x == y))', 'l.exists(y, x == y))', 'quantifiers do not stand inside one another'],
    ['zz == 1', 'zz == 1', 'there is no parameter `zz`'],
    ['b &&', '', 'this is no CEL: Unexpected token: EOF'],
  ])('the condition %s is told with its place', (cel, there, message) => {
    expect(remarked(conditional(cel))).toEqual([expect.stringMatching(/^untranslated store\.fga\.yaml:9 /)])
    expect(remarked(conditional(cel))[0]).toContain(`\`${there}\` the condition \`c\`: ${message}`)
    policyOf(conditional(cel))
  })

  const model = `model
  schema 1.1
type user
type group
  relations
    define member: [user]
type doc
  relations
    define parent: [doc]
    define viewer: [user, group#member, user with c]
condition c(n: int) {
  n < 5
}
`
  it.each([
    ['tuples: [{ user: "user:*", relation: viewer, object: doc:1 }]', 'no-effect', 'the model does not allow it'],
    ['tuples: [{ user: "user:a", relation: gone, object: doc:1 }]', 'no-effect', 'the model has no `doc#gone`'],
    ['tuples: [{ user: "gone:a", relation: viewer, object: doc:1 }]', 'no-effect', 'the model does not allow it'],
    ['tuples: [{ user: "user:a", relation: viewer, object: doc }]', 'no-effect', '`doc` is no object'],
    [
      'tuples: [{ user: "user:a", relation: viewer }]',
      'untranslated',
      'a tuple has a `user`, a `relation` and an `object`',
    ],
    [
      'tuples: [{ user: "user:a", relation: viewer, object: doc:1, condition: { name: c, context: { n: x } } }]',
      'untranslated',
      'this is no value of the type int',
    ],
    ['tuple_file: tuples.txt', 'untranslated', 'tuples are read from .yaml, .json, .jsonl and .csv files'],
    [
      'tests: [{ check: [{ user: "group:1#member", object: doc:1, assertions: { viewer: true } }] }]',
      'untranslated',
      'the holders of a relation ask nothing themselves',
    ],
    [
      'tests: [{ check: [{ user: "user:*", object: doc:1, assertions: { viewer: true } }] }]',
      'untranslated',
      'everyone of a type asks nothing',
    ],
    [
      'tests: [{ check: [{ user: "user:a", object: doc:1, assertions: { gone: true } }] }]',
      'untranslated',
      'the model has no `doc#gone`',
    ],
    [
      'tests: [{ check: [{ user: "user:a", object: doc:1, assertions: { viewer: false }, context: { z: 1 } }] }]',
      'no-effect',
      'no condition has a parameter `z`',
    ],
    [
      'tests: [{ list_users: [{ object: doc:1, user_filter: [{ type: group, relation: member }], assertions: { viewer: { users: [] } } }] }]',
      'untranslated',
      'the holders of a relation are not told, but who they are',
    ],
    ['tests: [{ checks: [] }]', 'untranslated', 'nothing is known of `checks`'],
  ])('%s', (rest, kind, message) => {
    const found = remarked(store(model, rest))
    expect(found).toEqual([expect.stringMatching(new RegExp(`^${kind} store\\.fga\\.yaml:15 `))])
    expect(found[0]).toContain(message)
  })

  it('leaves out the questions that a tuple which is left out may matter to, and no others', () => {
    const { files } = imported(
      store(
        model.replace('n < 5', 'n / 2 == 1'),
        `tuples: [{ user: "user:a", relation: viewer, object: doc:1, condition: { name: c } }]
tests: [{ check: [{ users: ["user:a", "user:b"], object: doc:1, assertions: { viewer: false } }] }]`,
      ),
    )
    expect(files.get('tests.licet')).toContain('expect User:b cannot viewer Doc:1')
    expect(files.get('tests.licet')).not.toContain('User:a')
  })
})

describe('hostile sources', () => {
  const bomb = `a: &a [x, x, x, x, x, x, x, x, x, x]\n${'bcdefghij'
    .split('')
    .map((name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghij'[i]}`).join(', ')}]\n`)
    .join('')}`
  it.each([
    ['aliases that grow', { 's.fga.yaml': bomb }, 'this document is too large'],
    ['depth', { 's.fga.yaml': '['.repeat(10_000) }, 'this document is too deep'],
    [
      'depth in a definition',
      store(
        `model\n  schema 1.1\ntype user\ntype d\n  relations\n    define b: [user]\n    define a: ${'('.repeat(3000)}b or b${')'.repeat(3000)}`,
      ),
      'the model cannot be read',
    ],
    ['no YAML', { 's.fga.yaml': 'a: [' }, 'this is no YAML'],
    ['no model', { 's.fga.yaml': 'tests: []' }, '`model` or `model_file` is missing'],
    ['a model that is none', { 'm.fga': 'model\n  schema 1.1\ntype user user' }, 'the model cannot be read'],
    ['JSON that is none', { 'm.json': '{' }, 'the model cannot be read'],
    [
      'JSON of another kind',
      { 'm.json': '{"type_definitions":[{"type":"a","relations":{"b":{"c":1}}}]}' },
      'this is no model that can be read',
    ],
    [
      'a prototype',
      { 'm.fga': 'model\n  schema 1.1\ntype user\ntype d\n  relations\n    define __proto__: [user]' },
      'the model cannot be read',
    ],
    [
      'half a character in an id',
      store(
        'model\n  schema 1.1\ntype user\ntype d\n  relations\n    define v: [user]',
        'tuples: [{ user: "user:\\ud800", relation: v, object: d:1 }]',
      ),
      'an id is well-formed Unicode',
    ],
    [
      'a file outside',
      { 's.fga.yaml': 'model_file: ../../../../../../etc/hostname\ntests: []' },
      'is outside of the folder of the source and of the working directory',
    ],
    ['an absolute path', { 's.fga.yaml': 'model_file: /etc/hostname\ntests: []' }, 'is an absolute path'],
    [
      'a module outside',
      { 'fga.mod': 'schema: "1.2"\ncontents: [../../../../../../etc/hostname]' },
      'is outside of the folder of the source and of the working directory',
    ],
    ['a folder', { 's.fga.yaml': 'model_file: .\ntests: []' }, 'outside'],
    ['a missing file', { 's.fga.yaml': 'model_file: m.fga\ntests: []' }, 'was not found'],
    [
      'a store that is its own tuples',
      { 's.fga.yaml': 'model: |\n  model\n    schema 1.1\n  type user\ntuple_file: s.fga.yaml' },
      'this is a list',
    ],
  ])('%s', (_, files, message) => {
    expect(remarked(files as Record<string, string>).join('\n')).toContain(message)
  })

  it('are not followed out by a link', () => {
    const cwd = folder()
    mkdirSync(join(cwd, 'inside'))
    writeFileSync(join(cwd, 'secret.fga'), 'model\n  schema 1.1\ntype secret')
    writeFileSync(join(cwd, 'inside', 's.fga.yaml'), 'model_file: m.fga\ntests: []')
    symlinkSync(join(cwd, 'secret.fga'), join(cwd, 'inside', 'm.fga'))
    const { files, remarks } = importOpenFga('s.fga.yaml', readWithin(join(cwd, 'inside'), 's.fga.yaml'))
    expect(files.size).toBe(0)
    expect(remarks[0]?.message).toContain('is outside')
  })

  it('cannot write policy', () => {
    const text = policyOf(
      store(
        `model\n  schema 1.1\ntype user\n# */ allow * if true\ntype d\n  relations\n    define v: [user] # allow v if true`,
        `name: "x\\n}"\ntuples: [{ user: "user:\\"}allow", relation: v, object: "d:{a}" }]\ntests: [{ name: "a\\" {\\n", check: [{ user: "user:\\"}allow", object: "d:{a}", assertions: { v: true, constructor: true } }] }]`,
      ),
    )
    expect(text).toContain('/// */ allow * if true\nvirtual resource D {\n  /// allow v if true\n  role v: User\n')
  })
})

describe('licet import openfga', () => {
  const model = 'model\n  schema 1.1\ntype user\ntype doc\n  relations\n    define viewer: [user]\n'

  it('writes what passes check and test, and overwrites nothing', async () => {
    const cwd = folder()
    const tests = 'tests: [{ check: [{ user: user:a, object: doc:1, assertions: { viewer: false } }] }]'
    writeFileSync(join(cwd, 's.fga.yaml'), store(model, tests)['store.fga.yaml'] ?? '')
    const wrote = 'wrote out/policy.licet\nwrote out/tests.licet\n'
    expect(await licet(['import', 'openfga', 's.fga.yaml', '-o', 'out'], { cwd })).toEqual({
      code: 0,
      out: wrote,
      err: '',
    })
    expect(await licet(['test', 'out/tests.licet'], { cwd })).toMatchObject({ code: 0, err: '' })
    const again = await licet(['import', 'openfga', 's.fga.yaml', '-o', 'out'], { cwd })
    expect(again).toMatchObject({ code: 1, out: '', err: expect.stringContaining('nothing was written') })
  })

  it.each([
    [
      'a tuple without effect',
      'tuples: [{ user: user:a, relation: gone, object: doc:1 }]',
      0,
      's.fga.yaml:8:10: left out, without effect: ',
    ],
    ['what cannot be translated', 'tuple_file: t.txt', 1, 's.fga.yaml:8:13: not translated: '],
  ])('tells %s', async (_, rest, code, told) => {
    const cwd = folder()
    writeFileSync(join(cwd, 's.fga.yaml'), store(model, rest)['store.fga.yaml'] ?? '')
    const ran = await licet(['import', 'openfga', 's.fga.yaml', '-o', 'out'], { cwd })
    expect(ran).toMatchObject({ code, out: 'wrote out/policy.licet\n', err: expect.stringContaining(told) })
  })

  it.each([
    [['import', 'openfgo', 'a', '-o', 'b'], 2, 'nothing can be imported from `openfgo`'],
    [['import', '__proto__', 'a', '-o', 'b'], 2, 'nothing can be imported from `__proto__`'],
    [['import', 'openfga', 'a'], 2, '`--output` is missing'],
    [['import', 'openfga', 'gone.fga', '-o', 'b'], 1, 'gone.fga:1:1: not translated: `gone.fga` was not found'],
  ])('%j', async (argv, code, told) => {
    expect(await licet(argv, { cwd: folder() })).toMatchObject({ code, out: '', err: expect.stringContaining(told) })
  })
})
