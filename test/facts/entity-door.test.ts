import { describe, expect, it } from 'vitest'
import { checkEntity } from '../../src/facts/entity-door.ts'
import { hostile } from '../value/hostile.ts'
import { library } from './library.ts'

function check(input: unknown): string | undefined {
  const { reasons } = checkEntity(library, input)
  return reasons
    ?.map(({ code, message, help }) => `${code}: ${message}${help === undefined ? '' : ` (${help})`}`)
    .join('; ')
}

const ann = { type: 'User', id: 'ann' }

describe('an entity is let in', () => {
  it.each([
    ann,
    { ...ann, email: 'ann@acme.dev', clearance: 2, tags: ['a'], manager: 'User:bob', in: 'Group:eng' },
    { ...ann, in: ['Group:a', { type: 'Group', id: 'b' }] },
    { ...ann, limits: { max: 5 } },
    { ...ann, clearance: null, manager: null },
    // A required field may be missing: reading it is the error.
    { type: 'Doc', id: '1', title: 'T' },
    { type: 'Doc', id: '1', reviewers: ['User:ann', 'User:ann'] },
    // A field with the name of a part of the input.
    { type: 'Org', id: 'acme', attributes: { id: 'inside' } },
    // `open` admits what is not declared.
    { type: 'Org', id: 'acme', anything: { deep: [1, { x: null }] } },
  ])('%j', (entity) => expect(check(entity)).toBeUndefined())
})

describe('an entity is refused', () => {
  it.each([
    [{ ...ann, emial: 'x' }, 'unknown-field: `User` has no field `emial` (did you mean `email`?)'],
    [{ ...ann, clearance: '2' }, 'type-mismatch: `clearance`: expected an integer'],
    [{ ...ann, tags: ['a', 7] }, 'type-mismatch: `tags`: expected text'],
    [{ ...ann, limits: { max: 5, mx: 1 } }, 'type-mismatch: `limits`: a field `mx` that is not declared'],
    [{ ...ann, manager: 'Group:eng' }, 'type-mismatch: `manager` holds `User`, not `Group`'],
    [{ ...ann, manager: ['User:bob'] }, 'type-mismatch: `manager` holds one entity'],
    [
      { ...ann, in: 'Doc:1' },
      'type-mismatch: a `User` is contained in `Group`, not `Doc` (declare `User in Group | Doc`)',
    ],
    [{ type: 'Doc', id: '1', reviewers: 'User:ann' }, 'type-mismatch: `reviewers` is a list of entities'],
    [
      { type: 'Doc', id: '1', writer: 'User:ann' },
      "bad-fact: `writer` of `Doc` is a role, not a field (add a fact: { object: 'Type:id', relation: 'writer', subject: … })",
    ],
    [{ ...ann, email: 'x', attributes: { email: 'y' } }, 'conflicting-fact: `email` is given twice'],
    [{ type: 'Usr', id: 'a' }, 'unknown-type: there is no type `Usr` (did you mean `User`?)'],
    [{ type: 'User', id: '' }, 'bad-entity: an entity id is not empty'],
    [JSON.parse('{"type": "Org", "id": "a", "__proto__": 1}'), 'undeclarable-name: no field is named `__proto__`'],
    [{ type: 'Org', id: 'a', constructor: 1 }, 'undeclarable-name: no field is named `constructor`'],
    ['User:ann', 'bad-entity: an entity is an object with `type` and `id`'],
  ])('%j: %s', (entity, why) => expect(check(entity)).toBe(why))
})

// Invariant 19.
describe('no input throws', () => {
  it('as an entity or as a part of one', () => {
    for (const input of hostile()) {
      expect(() => check(input)).not.toThrow()
      for (const key of ['type', 'id', 'in', 'attributes', 'email', 'manager', 'tags', 'limits']) {
        expect(() => check({ ...ann, [key]: input })).not.toThrow()
      }
      expect(() => check({ type: 'Org', id: 'a', anything: input })).not.toThrow()
    }
  })
})
