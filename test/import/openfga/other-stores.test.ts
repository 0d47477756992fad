import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compile } from '../../../src/index.ts'
import { importOpenFga } from '../../../src/surfaces/import/openfga/index.ts'
import { runTests } from '../../../src/surfaces/testing/index.ts'

/** What becomes of files, the first of which is imported; its policy is without fault, and its tests hold. */
function imported(files: Readonly<Record<string, string>>) {
  const [first = ''] = Object.keys(files)
  const { files: written, remarks } = importOpenFga(first, (path, from) => {
    const name = from === undefined ? path : join(dirname(from), path)
    const text = files[name]
    return text === undefined ? { problem: `there is no \`${name}\`` } : { name, text }
  })
  const { policy, diagnostics } = compile(Object.fromEntries(written))
  expect(written.size === 0 ? [] : diagnostics).toEqual([])
  const tests = policy === undefined ? [] : runTests(policy).tests
  expect(tests.flatMap(({ failures }) => failures)).toEqual([])
  const told = remarks.map(({ message, source, at }) => `${source.text.slice(at).split('\n', 1)[0]} | ${message}`)
  return { written, policy: written.get('policy.licet') ?? '', tests: written.get('tests.licet') ?? '', told }
}

function dsl(definitions: string): string {
  return `model\n  schema 1.1\n${definitions}`
}

function store(definitions: string, rest: object): Readonly<Record<string, string>> {
  return { 's.fga.yaml': JSON.stringify({ model: dsl(definitions), ...rest }) }
}

function check(user: string, object: string, assertions: object, more: object = {}) {
  return { user, object, assertions, ...more }
}

const viewers = `type user
type group
  relations
    define member: [user]
type doc
  relations
    define v: [user, group#member, user with c]
condition c(n: int) {
  n > 1
}`

describe('tuples in files', () => {
  const asked = [
    { check: [check('user:a', 'doc:1', { v: true }), check('user:b,"c', 'doc:1', { v: true })] },
    { check: [check('user:d', 'doc:1', { v: true }, { context: { n: 2 } }), check('user:e', 'doc:1', { v: false })] },
  ]
  const head = 'user_type,user_id,user_relation,relation,object_type,object_id,condition_name,condition_context'
  const of = (name: string, text: string) =>
    imported({ ...store(viewers, { tuple_file: name, tests: asked }), [name]: text })

  it('are read as tables', () => {
    const rows = 'user,a,,v,doc,1,,\r\n\nuser,"b,""c",,member,group,g,,\ngroup,g,member,v,doc,1,,\nuser,d,,v,doc,1,c,\n'
    expect(of('t.csv', `${head}\n${rows}`).told).toEqual([])
    const places = 'user,e,,v,doc,1,c,"{""n"": ""x""}"\n'
    expect(of('t.csv', `${head}\n${rows}${places}`).told[0]).toContain('this is no value of the type int')
  })
  it.each([
    ['user_type,zip\nuser,a\n', 'zip | there is no column `zip`'],
    [`${head}\nuser,a\n`, 'user,a | this row has not as many cells as there are columns'],
    [`${head}\nuser,"a"b,,v,doc,1,,\n`, '"a"b,,v,doc,1,, | a quote stands where none can'],
    [`${head}\nuser,a,,v,doc,1,c,{\n`, ' | this is no YAML: '],
  ])('as tables can be wrong: %j', (text, message) => {
    const { told, written } = of('t.csv', text)
    expect(told).toEqual([expect.stringContaining(message)])
    expect(written.size).toBe(0)
  })
  it('are read line by line', () => {
    const line = (user: string, more: object = {}) => JSON.stringify({ user, relation: 'v', object: 'doc:1', ...more })
    const lines = [line('user:a'), '', line('user:b,"c'), line('user:d', { condition: { name: 'c' } })]
    expect(of('t.jsonl', lines.join('\n')).told).toEqual([])
  })
  it('that are not read take the tests with them', () => {
    const { told, written } = imported(store(viewers, { tuple_file: 't.txt', tests: asked }))
    expect(told.map((one) => one.split(' | ')[1])).toEqual([
      'tuples are read from .yaml, .json, .jsonl and .csv files',
      'the tests, which may depend on tuples that are not read',
    ])
    expect([...written.keys()]).toEqual(['policy.licet'])
  })
  it('may be merged from others', () => {
    const text = `model: |\n${dsl(viewers).replace(/^/gm, '  ')}
tuples:
  - &first { user: "user:a", relation: v, object: "doc:1" }
  - { <<: *first, user: "user:b" }
tests: [{ check: [{ users: ["user:a", "user:b"], object: "doc:1", assertions: { v: true } }] }]`
    expect(imported({ 's.fga.yaml': text }).told).toEqual([])
  })
})

describe('a model that OpenFGA refuses', () => {
  it.each([
    ['define a: b', 'the model has no `doc#b`'],
    ['define a: [user] but not b', 'the model has no `doc#b`'],
    ['define a: [ghost]', 'the model has no type `ghost`'],
    ['define a: [user#b]', 'the model has no `user#b`'],
    ['define a: [user with b]', 'the model has no condition `b`'],
    ['define a: b from p', 'nothing that `p` can be has `b`'],
    ['define a: b from q', 'the model has no `doc#q`'],
    ['define w: [doc, doc:*]\n    define a: p from w', '`from w` goes on from something that is not simply assigned'],
  ])('%s', (definition, message) => {
    const text = dsl(`type user\ntype doc\n  relations\n    define p: [user, doc]\n    ${definition}`)
    const { told, written } = imported({ 'm.fga': text })
    expect(told).toEqual([expect.stringContaining(` | ${message}`)])
    expect(written.size).toBe(0)
  })
})

describe('a model in JSON', () => {
  const [direct, w] = [{ this: {} }, { computedUserset: { relation: 'w' } }]
  const of = (v: unknown, type: unknown = 'doc') => ({
    type_definitions: [
      { type: 'user' },
      {
        ...{ type, relations: { v, w: direct } },
        metadata: {
          relations: {
            v: { directly_related_user_types: [{ type: 'user' }] },
            w: { directly_related_user_types: [{ type: 'user' }] },
          },
        },
      },
    ],
  })
  const tuple = (user: string, relation: string) => ({ user, relation, object: 'doc:1' })

  it.each([
    [{ difference: { base: w, subtract: direct } }, 'allow v if w unless v_assigned', [false, true, false]],
    [
      { union: { child: [{ intersection: { child: [direct, w] } }, { difference: { base: direct, subtract: w } }] } },
      'allow v if (v_assigned and w) or (v_assigned and not w)',
      [true, false, true],
    ],
  ])('may assign where the language cannot: %j', (rewrite, line, [both, onlyW, onlyV]) => {
    const { policy, told } = imported({
      's.fga.yaml': JSON.stringify({
        model_file: 'm.json',
        tuples: [tuple('user:both', 'v'), tuple('user:both', 'w'), tuple('user:w', 'w'), tuple('user:v', 'v')],
        tests: [
          {
            check: [
              check('user:both', 'doc:1', { v: both }),
              check('user:w', 'doc:1', { v: onlyW }),
              check('user:v', 'doc:1', { v: onlyV }),
            ],
          },
        ],
      }),
      'm.json': JSON.stringify(of(rewrite)),
    })
    expect(told).toEqual([])
    expect(policy).toContain(`  role v_assigned: User\n`)
    expect(policy).toContain(`  ${line}\n`)
  })

  it.each([
    null,
    [],
    of({ union: {} }),
    of({ union: { child: [null] } }),
    of({ computedUserset: {} }),
    of(null),
    of(direct, 5),
    { ...of(direct), conditions: { c: null } },
    { ...of(direct), conditions: { c: { expression: 5 } } },
    { ...of(direct), conditions: { c: { expression: 'true', parameters: { n: 5 } } } },
  ])('that is none is told: %j', (json) => {
    const { told, written } = imported({ 'm.json': JSON.stringify(json) })
    expect(told).toEqual([expect.stringContaining('this is no model that can be read')])
    expect(written.size).toBe(0)
  })
})

describe('a condition', () => {
  const params = 'n: int, k: int, s: string, role: string, l: list<string>, t: timestamp'
  const definitions = (cel: string) =>
    `type user\ntype doc\n  relations\n    define v: [user with c]\ncondition c(${params}) {\n  ${cel}\n}`
  const context = { n: 3, k: '-9223372036854775808', s: 'a', role: 'b', l: ['a', 'b'], t: '2024-01-01T10:00:00Z' }

  it.each([
    ['n * n == 9', 'dynamic(n) * n == 9'],
    ['k == -9223372036854775808', 'k == -9223372036854775808'],
    ['t.getHours() == 10', 't.hourIn("UTC") == 10'],
    ['l.exists(any, any == s)', 'l.some(any_ => any_ == s)'],
    ['l.exists(actor, actor == role)', 'l.some(actor_ => actor_ == role)'],
  ])('%s', (cel, expression) => {
    const tuples = [{ user: 'user:a', relation: 'v', object: 'doc:1', condition: { name: 'c' } }]
    const tests = [{ check: [check('user:a', 'doc:1', { v: true }, { context })] }]
    const { policy, told } = imported(store(definitions(cel), { tuples, tests }))
    expect(told).toEqual([])
    expect(policy.replace(/=\n {2}/, '= ')).toContain(`= ${expression}\n`)
  })

  it.each(['s == n', 'n.startsWith(s)', 'n + s == n', 'l == s', 't > n'])(
    'whose types do not fit is left out, and nothing else: %s',
    (cel) => {
      const { policy, told } = imported(store(definitions(cel), {}))
      expect(told).toEqual([expect.stringContaining('the condition `c`: ')])
      expect(policy).toContain('role v if false\n')
    },
  )
})

describe('a condition that is not translated', () => {
  it('behind a `but not` lets nobody through', () => {
    const definitions = `type user
type doc
  relations
    define blocked: [user with c]
    define banned: blocked
    define viewer: [user] but not banned
    define reader: viewer
    define other: [user]
condition c(n: int) {
  n / 2 == 1
}`
    const tuple = (user: string, relation: string, condition = {}) => ({
      user,
      relation,
      object: 'doc:1',
      ...condition,
    })
    const { policy, tests, told } = imported(
      store(definitions, {
        tuples: [
          tuple('user:a', 'viewer'),
          tuple('user:a', 'other'),
          tuple('user:b', 'blocked', { condition: { name: 'c' } }),
        ],
        tests: [{ check: [check('user:a', 'doc:1', { viewer: true, reader: true, other: true })] }],
      }),
    )
    expect(policy).toContain('role viewer if false')
    expect(told.map((one) => one.split(' | ')[1])).toEqual([
      'the condition `c`: `/` has no counterpart',
      '`doc#viewer`, in which a condition that is not translated stands behind a `but not`',
      '`user:a viewer doc:1`: its relation is not translated',
      '`user:b blocked doc:1`: its condition `c` is not translated',
      '`user:a viewer doc:1`: it may depend on a relation that is not translated',
      '`user:a reader doc:1`: it may depend on a relation that is not translated',
    ])
    expect(tests.match(/expect .*/g)).toEqual(['expect User:a can other Doc:1'])
  })
})

describe('a test', () => {
  const definitions = `type user\ntype doc\n  relations\n    define v: [user with c]\ncondition c(d: duration) {\n  d > duration("1s")\n}`
  const tuples = [{ user: 'user:a', relation: 'v', object: 'doc:1', condition: { name: 'c' } }]

  it('is left out where its context cannot be said', () => {
    const { told, tests } = imported(
      store(definitions, {
        tuples,
        tests: [
          {
            check: [
              check('user:a', 'doc:1', { v: true }, { context: { d: '1500000001ns' } }),
              check('user:a', 'doc:1', { v: true }, { context: { d: '2s' } }),
            ],
          },
        ],
      }),
    )
    expect(told.map((one) => one.split(' | ')[1])).toEqual([
      '`d`: a duration has no parts of a millisecond',
      '`user:a v doc:1`: it may depend on `d` of its context, which is left out',
    ])
    expect(tests.match(/expect /g)).toHaveLength(1)
  })

  it('is left out where one of its own tuples is, however many ask with it', () => {
    const condition = { name: 'c', context: { d: '1us' } }
    const own = {
      context: { d: '5s' },
      contextual_tuples: [{ user: 'user:b', relation: 'v', object: 'doc:1', condition }],
    }
    const { told, tests } = imported(
      store(definitions, {
        tuples,
        tests: [{ check: [check('user:a', 'doc:1', { v: true }, own), check('user:b', 'doc:1', { v: false }, own)] }],
      }),
    )
    expect(told.map((one) => one.split(' | ')[1])).toEqual([
      '`user:b v doc:1`: a duration has no parts of a millisecond',
      '`user:b v doc:1`: it may depend on `user:b v doc:1`, which is left out',
    ])
    expect(tests).not.toContain('User:b')
  })
})

describe('comments', () => {
  it('are kept wherever they stand', () => {
    const { policy, written, tests } = imported({
      's.fga.yaml': `# store
model_file: fga.mod
# tuples
tuples:
  - { user: "user:a", relation: member, object: "org:1" }
tests:
  # test
  - name: t # named
    # checks
    check:
      - { user: "user:a", object: "org:1", assertions: { can_do: true } }
# end of store
`,
      'fga.mod': '# modules\nschema: "1.2"\ncontents: [core.fga, more.fga]\n',
      'core.fga':
        '# core\nmodule core\n# people\ntype user\n# orgs\ntype org\n  relations\n    define member: [user]\n',
      'more.fga': 'module more\n# more\nextend type org\n  relations\n    define can_do: member\n# end of more\n',
    })
    expect(policy).toMatch(/^\/\/ store\n\/\/ modules\n\/\/ core\n\n\/\/\/ people\n/)
    expect(policy).toContain('/// orgs\n/// more\nvirtual resource Org')
    expect(policy).toMatch(/\n\n\/\/ end of more\n\/\/ end of store\n$/)
    expect(written.get('facts.licet')).toMatch(/^\/\/\/ tuples\n/)
    expect(tests).toContain('/// test\n/// named\ntest "t" {\n  /// checks\n  expect ')
  })
})
