import { describe, expect, it } from 'vitest'
import { compile } from '../../../src/index.ts'
import { runTests } from '../../../src/surfaces/testing/index.ts'
import { importThese } from './files.ts'

/** The policy that comes of these policies, without what is declared before the rules. */
function rulesOf(policies: string, more: Readonly<Record<string, string>> = {}): string {
  const { files, remarks } = importThese({ 'policies.cedar': policies, ...more })
  expect(remarks).toEqual([])
  // What the Cedar of these tests says may be always true.
  const { diagnostics } = compile(Object.fromEntries(files))
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const text = files.get('policy.licet') ?? ''
  return text.slice(text.search(/^(?:\/\/\/|@id)/m)).trim()
}

/** What is told, with the text that it is told of. */
function remarksOf(files: Readonly<Record<string, string>>, path = 'src'): readonly string[] {
  return importThese(files, path).remarks.map(({ kind, message, source, at }) => {
    return `${kind}: ${message} | ${source.text.slice(at).split(/\s/)[0]}`
  })
}

describe('a policy', () => {
  const check = (cedar: string, condition: string) =>
    expect(rulesOf(`permit (principal is User, action == Action::"view", resource is Photo)${cedar};`)).toBe(
      `@id("policy0")\nallow view on Photo${condition === '' || condition.startsWith('\n') ? condition : ` ${condition}`}`,
    )

  it('is a rule without a condition where it has none', () => check('', ''))
  it('recovers from what may err, and from nothing else', () => {
    check(
      ' when { resource has owner && resource.owner == principal }',
      'if resource has owner and resource.owner == actor',
    )
    check(' when { resource.owner == principal }', 'if recover(resource.owner == actor, false)')
    check(' when { principal == resource || 1 < 2 }', 'if dynamic(actor) == resource or 1 < 2')
    check(' unless { resource has locked }', 'unless resource has locked')
    check(' unless { resource.locked }', 'if recover(not resource.locked, false)')
    check(' when { resource has n && resource.n + 1 > 2 }', 'if recover(resource has n and resource.n + 1 > 2, false)')
  })
  it('looks at operands in their order where it matters', () => {
    check(' when { resource.a || resource.b }', 'if recover(resource.a ? true : resource.b, false)')
    check(' when { resource.a && resource.b }', 'if recover(resource.a and resource.b, false)')
    check(' when { !(resource.a && resource.b) }', 'if recover(not (resource.a ? resource.b : false), false)')
    check(' when { !(resource.a || resource.b) }', 'if recover(not (resource.a or resource.b), false)')
    check(' when { resource.a == 1 || resource.a == 2 }', 'if recover(resource.a == 1 or resource.a == 2, false)')
  })
  it('says sets, texts and integers as they are said here', () => {
    check(' when { ["a", "b"].contains(context.x) }', 'if recover(context.x in ["a", "b"], false)')
    check(
      ' when { context has x && [1, "a"].contains(context.x) }',
      'if context has x and dynamic([1, "a"]).includes(context.x)',
    )
    check(' when { "a*b" like "*\\*\\\\*" }', 'if "a*b".like("*\\*\\\\\\*")')
    check(' when { 9223372036854775807 == -9223372036854775808 }', 'if 9223372036854775807 == -9223372036854775808')
    check(' when { 9007199254740993 == 9007199254740992 }', 'if 9007199254740993 == 9007199254740992')
    check(' when { if context has x then true else false }', 'if context has x ? true : false')
  })
  it('says extension values as they are said here', () => {
    check(
      ' when { ip("10.0.0.1").isInRange(ip("10.0.0.0/8")) }',
      'if ipaddr("10.0.0.1").isInRange(ipaddr("10.0.0.0/8"))',
    )
    check(' when { decimal("1.50").lessThan(decimal("1.5")) }', 'if decimal("1.50").lessThan(decimal("1.5"))')
    check(
      ' when { datetime("2024-01-01").offset(duration("-1h")) < datetime("2024-01-01T00:00:00+0130") }',
      'if recover(datetime("2024-01-01T00:00:00Z") - 1h < datetime("2024-01-01T00:00:00+01:30"), false)',
    )
    check(
      ' when { ip("1.2.3") == ip("1.2.3.4") }',
      'if recover(ipaddr(dynamic("not a ip: 1.2.3")) == ipaddr("1.2.3.4"), false)',
    )
  })
  it('keeps names, comments and annotations', () => {
    const cedar =
      '// Pictures\n@id("look") @advice("ask")\npermit (principal is U, action == Action::"a b", resource); // all\n'
    expect(importThese({ 'policies.cedar': cedar }).files.get('policy.licet')).toBe(
      'dynamic actor U\n\n/// Pictures\n/// advice: ask\n@id("look")\nallow a_b on U\n\n// all\n',
    )
  })
  it('of groups of actions speaks of them by their names', () => {
    const entities = [
      { uid: { type: 'Action', id: 'view' }, attrs: {}, parents: [{ type: 'Action', id: 'read only' }] },
    ]
    expect(
      rulesOf('permit (principal is U, action in Action::"read only", resource);', {
        'entities.json': JSON.stringify(entities),
      }),
    ).toBe('@id("policy0")\nallow read_only on U')
  })
  it('of types in namespaces is about types with names of their own', () => {
    const cedar =
      'permit (principal is A::User, action == A::Action::"x", resource is B::user) when { resource is A::Doc };'
    expect(rulesOf(cedar)).toBe('@id("policy0")\nallow x on BUser if dynamic(resource) is Doc')
  })
})

describe('a template', () => {
  const template = '@id("t") permit (principal == ?principal, action == Action::"view", resource in ?resource);'
  const link = {
    template_id: 't',
    link_id: 'ann sees x',
    args: { '?principal': 'User::"ann"', '?resource': 'Album::"x"' },
  }

  it('is a rule for each link', () =>
    expect(rulesOf(template, { 'links.json': JSON.stringify([link]) })).toBe(
      '@id("ann sees x")\nallow view on Album if actor == User:ann and resource in Album:x',
    ))
  it('without a link is told, since it does nothing', () =>
    expect(remarksOf({ 'p.cedar': template })).toEqual(['no-effect: the template `t` has no link | @id("t")']))
})

describe('what has no counterpart', () => {
  const check = (cedar: string, ...remarks: readonly string[]) =>
    expect(remarksOf({ 'p.cedar': cedar })).toEqual(remarks)
  const when = (condition: string) =>
    `permit (principal is User, action == Action::"v", resource) when { ${condition} };`

  it('is told with its place, and left out', () => {
    check(
      when('context == {}'),
      'untranslated: the context as a whole, of which only the parts can be read here | context',
    )
    check(when('principal.a == action'), 'untranslated: the action as a value, which is a name here | action')
    check(
      when('resource.constructor'),
      'untranslated: an attribute named `constructor`, which nothing can have here | constructor',
    )
    check(when('principal == User::""'), 'untranslated: an entity with an empty id, which none has here | ""')
    check(
      when('datetime(context.t) == context.t'),
      'untranslated: `datetime` of a text that is not written out, which is read in another form here | datetime(context.t)',
    )
    check(
      when('duration("106751991167d") == context.t'),
      'untranslated: a duration of more than 2^53 milliseconds, `106751991167d` | duration("106751991167d")',
    )
  })
})

describe('a source', () => {
  const check = (files: Readonly<Record<string, string>>, path: string, remark: string) => {
    const { files: written } = importThese(files, path)
    expect([...written.keys()]).toEqual([])
    expect(remarksOf(files, path)).toEqual([remark])
  }

  it('that cannot be read says why', () => {
    check(
      { 'a.cedar': 'permit (principal, action' },
      'src/a.cedar',
      'untranslated: this is no Cedar policy: unexpected end of input | ',
    )
    check({ 'a.json': '{' }, 'src/a.json', 'untranslated: this is no JSON: expected a key in double quotes | ')
    check({ 'a.json': '{}' }, 'src/a.json', 'untranslated: there are no `policies` | {}')
    check(
      { 'a.json': '{"policies": "../../etc/x.cedar"}' },
      'src/a.json',
      'untranslated: `../../etc/x.cedar` is not there | ',
    )
    check({ 'a.txt': '' }, 'src', 'untranslated: the folder has no policies (.cedar) | ')
    check(
      { 'a.cedar': '', 'entities.json': '[{"uid": 5}]' },
      'src',
      'untranslated: an entity is expected, `{ "type": …, "id": … }` | {"uid":',
    )
  })
  it('as hostile as can be throws nothing', () => {
    const deep = `${'!('.repeat(5_000)}true${')'.repeat(5_000)}`
    const wide = Array.from({ length: 3_000 }, (_, i) => `principal.a${i}`).join(' || ')
    const proto =
      '[{"uid":{"type":"User","id":"__proto__"},"attrs":{"__proto__":{"polluted":true},"toString":1},"parents":[]}]'
    for (const condition of [deep, wide, '{"__proto__": 1}.__proto__ == 1']) {
      const cedar = `permit (principal, action, resource) when { ${condition} };`
      expect(() => importThese({ 'p.cedar': cedar, 'entities.json': proto })).not.toThrow()
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

describe('entities and requests', () => {
  it('are facts and tests that hold', () => {
    const entities = [
      {
        uid: { type: 'User', id: 'ü "x"' },
        attrs: { n: 9, 'odd name': [[1], { a: { __entity: { type: 'User', id: 'b' } } }] },
        parents: [],
      },
    ]
    const requests = [
      {
        name: 'ann',
        principal: 'User::"ü \\"x\\""',
        action: 'Action::"v"',
        resource: 'User::"b"',
        context: { d: { __extn: { fn: 'decimal', arg: '1.0' } } },
        decision: 'Allow',
      },
      { name: 'ann', principal: 'User::"b"', action: 'Action::"v"', resource: 'User::"b"', decision: 'Deny' },
    ]
    const { files, remarks } = importThese({
      'policies.cedar':
        'permit (principal, action, resource) when { principal["odd name"].contains([1]) && context.d == decimal("1.0") };',
      'entities.json': JSON.stringify(entities).replace('"n":9', '"n":9223372036854775807'),
      'requests.json': JSON.stringify(requests),
    })
    expect(remarks).toEqual([])
    expect(files.get('facts.licet')).toBe(
      'given User:"ü \\"x\\"" { n: 9223372036854775807, "odd name": [[1], { a: User:b }] }\n',
    )
    const { policy } = compile(Object.fromEntries(files))
    expect(policy && runTests(policy)).toMatchObject({ passed: 2, failed: 0 })
  })
})
