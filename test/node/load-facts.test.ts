import { describe, expect, it } from 'vitest'
import { compile } from '../../src/index.ts'
import { loadFacts } from '../../src/surfaces/node/index.ts'
import { folder } from './folder.ts'

const { policy } = compile(`
  actor User { email?: string }
  function f(x: string): boolean
  resource Repo { owner?: User  role writer: User  allow write if writer and f("x") }
`)
if (policy === undefined) throw new Error('the policy of this test is wrong')

function load(files: Readonly<Record<string, string>>) {
  const { facts, diagnostics } = loadFacts(policy as NonNullable<typeof policy>, Object.keys(files), {
    cwd: folder(files),
  })
  const texts = new Map(Object.entries(files))
  return {
    facts,
    found: diagnostics.map(({ code, span }) => [code, texts.get(span.file)?.slice(span.start, span.end)]),
  }
}

describe('facts in files', () => {
  it('are `given` statements', () => {
    expect(load({ 'f.licet': 'given User:ann { email: "a@b" }\ngiven Repo:r { writer: User:ann }' })).toMatchObject({
      facts: [{ type: 'User', id: 'ann' }, { type: 'Repo', id: 'r' }, { relation: 'writer' }],
      found: [],
    })
  })

  it('are JSON, in the form that the engine takes', () => {
    const json =
      '[{ "type": "User", "id": "ann" }, { "object": "Repo:r", "relation": "writer", "subject": "User:ann" }]'
    expect(load({ 'f.json': json })).toMatchObject({ facts: [{ type: 'User' }, { relation: 'writer' }], found: [] })
  })

  it.each([
    ['a syntax error', '[{ "type": User }]', 'bad-fact', 'U'],
    ['a duplicate key', '[{ "type": "User", "type": "User" }]', 'bad-fact', '"'],
    ['no array', '{ "type": "User" }', 'bad-fact', '{'],
    ['no fact', '["User:ann"]', 'bad-fact', '"User:ann"'],
    ['an unknown type', '[{ "type": "Usr", "id": "ann" }]', 'unknown-type', '{ "type": "Usr", "id": "ann" }'],
    [
      'an unknown relation',
      '[{ "object": "Repo:r", "relation": "wrter", "subject": "User:ann" }]',
      'unknown-field',
      '"wrter"',
    ],
    [
      'a subject of the wrong type',
      '[{ "object": "Repo:r", "relation": "writer", "subject": "Repo:r" }]',
      'bad-fact',
      '"Repo:r"',
    ],
    ['an attribute of the wrong kind', '[{ "type": "User", "id": "ann", "email": 7 }]', 'type-mismatch', '7'],
  ])('in JSON, a mistake has its place: %s', (_, json, code, at) => {
    expect(load({ 'f.json': json })).toEqual({ facts: [], found: [[code, at]] })
  })

  it('nests no deeper than messages do', () => {
    const { found } = load({ 'f.json': `${'['.repeat(100_000)}${']'.repeat(100_000)}` })
    expect(found).toEqual([['bad-fact', '[']])
  })

  it('that contradict each other in two files are told', () => {
    const { facts, found } = load({
      'a.json': '[{ "type": "User", "id": "ann", "email": "a@b" }]',
      'b.json': '[{ "type": "User", "id": "ann", "email": "c@d" }]',
    })
    expect(facts).toEqual([])
    expect(found).toEqual([['conflicting-fact', '"c@d"']])
  })

  it('that cannot be read are a diagnostic', () => {
    const { diagnostics } = loadFacts(policy as NonNullable<typeof policy>, 'nothing.licet', { cwd: folder() })
    expect(diagnostics).toMatchObject([{ code: 'missing-file', message: '`nothing.licet` was not found' }])
  })

  it('are no place for rules', () => {
    expect(load({ 'f.licet': 'given User:ann\nactor Robot' })).toMatchObject({
      facts: [],
      found: [['bad-fact', 'actor Robot']],
    })
  })
})
