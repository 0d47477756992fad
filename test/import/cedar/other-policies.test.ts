import { describe, expect, it } from 'vitest'
import { mcpActions } from '../../../src/model/schema.ts'
import { compared } from './differential.ts'
import { importThese } from './files.ts'
import type { Case } from './random-cedar.ts'

const user = { type: 'User', id: 'u' }
const photo = { type: 'Photo', id: 'p' }

function when(...conditions: readonly string[]): string {
  return conditions
    .map((one) => `permit (principal is User, action == Action::"view", resource is Photo) when { ${one} };\n`)
    .join('')
}

function asking(action: string) {
  return { principal: user, action: { type: 'Action', id: action }, resource: photo, context: {} }
}

function entity(uid: unknown, attrs: unknown, parents: readonly unknown[] = []) {
  return { uid, attrs, parents }
}

function remarksOf(files: Readonly<Record<string, string>>, path = 'src'): readonly string[] {
  return importThese(files, path).remarks.map(({ kind, message, source, at }) => {
    return `${kind}: ${message} | ${source.text.slice(at, at + 20)}`
  })
}

describe('Cedar and what is made of it agree about', () => {
  const check = (one: Partial<Case> & { readonly policies: string }) =>
    expect(compared({ entities: [], requests: [asking('view')], ...one } as Case)).toMatchObject({ kind: 'agreed' })

  it('actions whose names are none here', () => {
    const names = [
      'constructor',
      '__proto__',
      'prototype',
      'if',
      'any',
      '',
      '*',
      '1',
      'a b',
      'a_b',
      'View',
      'call',
      'on',
    ]
    check({
      policies: names
        .map((name) => `permit (principal is User, action == Action::"${name}", resource is Photo);`)
        .join('\n'),
      requests: names.map((name) => asking(name)),
    })
  })

  it('groups of actions that are called as actions here', () => {
    const groups = [...mcpActions.keys(), 'constructor', 'view', 'on', '*']
    check({
      schema: `entity User, Photo; ${groups.map((name) => `action "${name}";`).join('')}
        action look in [${groups.map((name) => `"${name}"`).join()}] appliesTo { principal: User, resource: Photo };`,
      policies: groups.map((name) => `permit (principal, action in Action::"${name}", resource);`).join('\n'),
      requests: [asking('look')],
    })
  })

  it('types that differ by their namespaces, or by case', () => {
    check({
      schema: `namespace A { entity User, Doc in [B::Doc]; } namespace B { entity User, Doc;
          action view appliesTo { principal: [User, A::User], resource: [Doc, A::Doc] }; }
        entity user, AUser; action see appliesTo { principal: [user, AUser], resource: [A::Doc] };`,
      policies: `permit (principal is A::User, action, resource in B::Doc::"d");
        permit (principal is user, action, resource); permit (principal, action, resource) when { principal is AUser };`,
      entities: [entity({ type: 'A::Doc', id: 'd' }, {}, [{ type: 'B::Doc', id: 'd' }])],
      requests: [
        ['A::User', 'B::Action', 'A::Doc', 'view'],
        ['B::User', 'B::Action', 'B::Doc', 'view'],
        ['user', 'Action', 'A::Doc', 'see'],
        ['AUser', 'Action', 'A::Doc', 'see'],
      ].map(([principal, action, resource, id]) => ({
        ...{ principal: { type: principal, id: 'u' }, action: { type: action, id } },
        ...{ resource: { type: resource, id: 'd' }, context: {} },
      })),
    } as never)
  })

  it('times that are written as Cedar writes them itself', () => {
    const extension = (fn: string, ...args: readonly unknown[]) => ({ __extn: { fn, args } })
    const time = extension('offset', extension('datetime', '1970-01-01'), extension('duration', '1704067200001ms'))
    check({
      policies: when('principal.t == datetime("2024-01-01T00:00:00.001Z")', 'principal.t < datetime("2024-01-01")'),
      entities: [entity(user, { t: time })] as never,
    })
  })

  it('records that look like entities and are none', () => {
    check({
      policies: when('principal.r has "__entity"', 'principal.r == {"__entity": {"id": "x"}}'),
      entities: [entity(user, { r: { __entity: { id: 'x' } } })] as never,
    })
  })
})

describe('what is left out', () => {
  const requests = (...asked: readonly (readonly [string, string, string])[]) =>
    JSON.stringify(asked.map(([description, action, decision]) => ({ description, decision, ...asking(action) })))
  const lost = 'when { context == {} }'

  it('permits nothing, and forbids in any case', () => {
    const { files } = importThese({
      'p.cedar': `permit (principal == User::"u", action == Action::"a", resource is Photo) ${lost};
        // Never\nforbid (principal == User::"u", action == Action::"b", resource is Photo) ${lost};`,
    })
    expect(files.get('policy.licet')?.match(/^(?:allow|deny|\/\/\/).*/gm)).toEqual([
      '/// Never',
      '/// In any case, since its conditions are not translated.',
      'deny b on Photo if actor == User:u',
      '/// Nothing permits it.',
      'allow b on Photo if false',
    ])
  })

  it.each([
    ['permit', 'User::"u"', 'allow', 'deny'],
    ['forbid', 'User::"u"', 'allow', 'deny'],
    // It has no counterpart, not even without its conditions.
    ['forbid', 'User::""', 'deny', 'deny'],
  ])('takes with it the tests that a %s of %s may have decided', (effect, principal, decision, other) => {
    const { files, remarks } = importThese({
      'p.cedar': `${effect} (principal == ${principal}, action == Action::"a", resource is Photo) ${lost};
        permit (principal is User, action == Action::"b", resource is Photo);`,
      'requests.json': requests(['one', 'a', decision], ...(decision === other ? [] : [['two', 'a', other] as const]), [
        'three',
        'b',
        'allow',
      ]),
    })
    expect(remarks.map(({ message }) => message).at(-1)).toBe(
      'the test `one` may depend on the policy `policy0`, which is left out',
    )
    expect(files.get('tests.licet')?.match(/test "\w+"/g)).toEqual(
      decision === other ? ['test "three"'] : ['test "two"', 'test "three"'],
    )
  })

  it('takes with it the tests that come to an entity', () => {
    const { files, remarks } = importThese({
      'p.cedar': when('principal.boss in Team::"t"'),
      'entities.json': JSON.stringify([
        entity(user, { boss: { __entity: { type: 'User', id: 'v' } } }),
        entity({ type: 'User', id: 'v' }, { constructor: 1 }),
      ]),
      'requests.json': JSON.stringify([
        { description: 'one', decision: 'deny', ...asking('view') },
        { description: 'two', decision: 'deny', ...asking('view'), principal: { type: 'User', id: 'w' } },
      ]),
    })
    expect(remarks.map(({ message }) => message)).toEqual([
      'an attribute named `constructor`, which nothing can have here',
      'the test `one` may depend on `User::"v"`, which is left out',
    ])
    expect(files.get('tests.licet')).toContain('test "two"')
  })
})

describe('what Cedar refuses', () => {
  const policies = 'permit (principal is User, action == Action::"view", resource is Photo);'
  const check = (files: Readonly<Record<string, string>>, ...parts: readonly string[]) => {
    const remarks = remarksOf(files, Object.keys(files)[0] === 'all.json' ? 'src/all.json' : 'src')
    expect(remarks).toHaveLength(1)
    for (const part of parts) expect(remarks[0]).toContain(part)
  }
  const given = (...entities: readonly unknown[]) => ({
    'p.cedar': policies,
    'entities.json': JSON.stringify(entities),
  })

  it('is told with its place', () => {
    check(given(entity(photo, {}), entity(user, { a: 1.5 })), '`1.5` is no integer', '| 1.5')
    check(given(entity(user, { a: [null] })), 'no value of Cedar is `null`', '| null')
    check(given(entity(user, { a: { __extn: { fn: 'ip', arg: 'x' } } })), '| {"uid":')
    check(given(entity(user, {}, [{ type: 'User', id: 'v' }]), entity({ type: 'User', id: 'v' }, {}, [user])), 'cycle')
    check(given(entity(user, {}), entity(user, { a: 1 })), 'duplicate')
    expect(remarksOf(given(entity(user, {}), entity(user, {})))).toEqual([])
    check(
      { 'p.cedar': policies, 'x.cedarschema': `entity U { a: ${'Set<'.repeat(999)}` },
      'nested too deeply',
      '| <Set',
    )
  })

  it.each([
    ['principal', null],
    ['action', { op: 'in', entities: 5 }],
    ['conditions', {}],
    ['conditions', [null]],
    ['conditions', [{ kind: 'when', body: {} }]],
    ['conditions', [{ kind: 'when', body: { '==': { left: { Var: 'principal' } } } }]],
    ['conditions', [{ kind: 'when', body: { like: null } }]],
    ['conditions', [{ kind: 'when', body: { Value: null } }]],
    ['conditions', [{ kind: 'when', body: { nope: 5 } }]],
  ])('in JSON: %s is %j', (key, value) => {
    const policy = {
      effect: 'permit',
      principal: { op: 'All' },
      action: { op: 'All' },
      resource: { op: 'All' },
      conditions: [],
    }
    check(
      { 'all.json': JSON.stringify({ policies: { staticPolicies: { p: { ...policy, [key]: value } } } }) },
      'this is no Cedar policy',
    )
  })
})

describe('a schema', () => {
  it('keeps its order and its comments', () => {
    const { files } = importThese({
      'p.cedar': 'permit (principal, action, resource is P::Photo);',
      'x.cedarschema': `// People
entity User in [Team] { // open
  // in years
  zip: Long, // beside
  @doc("an \\"address\\"")
  age?: { a: Long }, "odd key": String };
entity Team;
namespace P { // photos
  // what is seen
  entity Photo;
}
// to look
action view appliesTo { principal: User, resource: P::Photo };
// the end
`,
    })
    expect(files.get('policy.licet')?.split('@id')[0]).toBe(`// P: photos
// view: to look

/// People
/// open
virtual actor User in Team {
  /// in years
  /// beside
  zip: int
  /// an "address"
  age?: { a: int }
  "odd key": string
}

virtual resource Team

/// what is seen
virtual resource Photo

`)
    expect(files.get('policy.licet')).toMatch(/\n\/\/ the end\n$/)
  })
})
