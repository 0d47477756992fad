import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkFact, type FactUse } from '../../src/facts/door.ts'
import { hostile } from '../value/hostile.ts'
import { library } from './library.ts'

/** Nothing where the fact is let in; else why not, and what is advised. */
function check(input: unknown, use: FactUse = 'stored'): string | undefined {
  const { reasons } = checkFact(library, input, use)
  return reasons
    ?.map(({ code, message, help }) => `${code}: ${message}${help === undefined ? '' : ` (${help})`}`)
    .join('; ')
}

const ann = 'User:ann'
const doc = 'Doc:1'

describe('a fact is let in', () => {
  it.each([
    { object: doc, relation: 'writer', subject: ann },
    { object: { type: 'Doc', id: '1' }, relation: 'writer', subject: { type: 'User', id: 'ann' } },
    { object: doc, relation: 'writer', subject: { entity: 'Team:core', role: 'member' } },
    { object: doc, relation: 'reader', subject: { any: 'User' } },
    { object: doc, relation: 'reader', subject: 'Group:eng' },
    { relation: 'employee', subject: ann },
    { object: doc, relation: 'org', subject: 'Org:acme' },
    { object: doc, relation: 'reviewers', subject: ann },
    { object: doc, relation: 'owner', subject: 'Org:acme' },
    { object: ann, relation: 'in', subject: 'Group:eng' },
    // Cycles are no business of the door.
    { object: 'Group:eng', relation: 'in', subject: 'Group:eng' },
    { object: doc, relation: 'writer', subject: ann, until: '2027-01-01T00:00:00Z' },
    { object: doc, relation: 'writer', subject: ann, until: new Date(5) },
    { object: doc, relation: 'writer', subject: ann, until: null, when: null },
    { object: doc, relation: 'visitor', subject: ann, when: { let: 'in_net', args: { range: '10.0.0.0/8' } } },
    // What is left out is read from `context`.
    { object: doc, relation: 'visitor', subject: ann, when: { let: 'in_net' } },
    // An ordinary id.
    { object: doc, relation: 'writer', subject: 'User:*' },
  ])('%j', (fact) => expect(check(fact)).toBeUndefined())
})

describe('a fact is refused', () => {
  it.each([
    [
      { object: 'Dock:1', relation: 'writer', subject: ann },
      'unknown-type: there is no type `Dock` (did you mean `Doc`?)',
    ],
    [
      { object: doc, relation: 'writer', subject: 'Usr:a' },
      'unknown-type: there is no type `Usr` (did you mean `User`?)',
    ],
    [
      { object: doc, relation: 'writr', subject: ann },
      'unknown-field: `Doc` has no role or field `writr` (did you mean `writer`?)',
    ],
    [
      { object: doc, relation: 'employee', subject: ann },
      'unknown-field: `Doc` has no role or field `employee` (`employee` is a global role: leave `object` out)',
    ],
    [
      { relation: 'writer', subject: ann },
      'unknown-role: there is no global role `writer` (give the `object` of the fact)',
    ],
    [
      { object: doc, relation: 'title', subject: ann },
      'bad-fact: `title` of `Doc` is an attribute (put it with the entity)',
    ],
    [
      { object: doc, relation: 'writer', subject: 'Group:eng' },
      'bad-fact: `writer` cannot be assigned to `Group` (declare `| Group`)',
    ],
    [
      { object: doc, relation: 'writer', subject: { any: 'User' } },
      'bad-fact: `writer` cannot be assigned to `any User` (declare `| any User`)',
    ],
    [
      { object: doc, relation: 'reader', subject: { entity: 'Team:core', role: 'member' } },
      'bad-fact: `reader` cannot be assigned to `Team.member` (declare `| Team.member`)',
    ],
    [
      { object: doc, relation: 'writer', subject: { entity: 'Team:core', role: 'membr' } },
      'unknown-role: `Team` has no role `membr` (did you mean `member`?)',
    ],
    [{ object: doc, relation: 'org', subject: ann }, 'type-mismatch: `org` holds `Org`, not `User`'],
    [{ object: doc, relation: 'org', subject: { any: 'Org' } }, 'type-mismatch: `org` holds `Org`, not `any Org`'],
    [
      { object: ann, relation: 'in', subject: doc },
      'type-mismatch: a `User` is contained in `Group`, not `Doc` (declare `User in Group | Doc`)',
    ],
    [
      { object: doc, relation: 'in', subject: 'Group:eng' },
      'type-mismatch: a `Doc` is contained in nothing, not `Group` (declare `Doc in Group`)',
    ],
    [
      { object: doc, relation: 'visitor', subject: ann },
      'bad-fact: a fact of `visitor` carries a condition (it is `when in_net`)',
    ],
    [
      { object: doc, relation: 'writer', subject: ann, when: { let: 'in_net' } },
      'bad-fact: `writer` has no `when in_net`',
    ],
    [
      { object: doc, relation: 'org', subject: 'Org:a', when: { let: 'in_net' } },
      "bad-fact: only a role's facts carry conditions",
    ],
    [
      { object: doc, relation: 'visitor', subject: ann, when: { let: 'in_nt' } },
      'unknown-name: no fact can carry `in_nt` (did you mean `in_net`?)',
    ],
    [
      { object: doc, relation: 'visitor', subject: ann, when: { let: 'in_net', args: { rang: '10.0.0.0/8' } } },
      'wrong-arguments: `in_net` has no parameter `rang` (did you mean `range`?)',
    ],
    [
      { object: doc, relation: 'visitor', subject: ann, when: { let: 'in_net', args: { range: 7 } } },
      'type-mismatch: `range`: expected a range of IP addresses, such as `10.0.0.0/8`',
    ],
    // A misspelt word would make the fact mean more than its author wanted.
    [
      { object: doc, relation: 'writer', subject: ann, untill: 5 },
      'bad-fact: a fact has no `untill` (did you mean `until`?)',
    ],
    [
      { object: doc, relation: 'writer', subject: { entity: 'Team:core', rol: 'member' } },
      'bad-fact: a subject is `Type:id`, `{ type, id }`, `{ entity, role }` or `{ any }`',
    ],
    [
      { object: doc, relation: 'writer', subject: ann, until: '2027-01-01' },
      'bad-fact: `until` is a Date, RFC 3339 text with an offset, or milliseconds (such as `2027-01-01T00:00:00Z`)',
    ],
    [
      { object: doc, relation: 'writer', subject: ann, until: Number.NaN },
      'bad-fact: `until` is a Date, RFC 3339 text with an offset, or milliseconds (such as `2027-01-01T00:00:00Z`)',
    ],
    [{ object: doc, relation: '__proto__', subject: ann }, 'unknown-field: `Doc` has no role or field `__proto__`'],
    // The anonymous actor holds nothing.
    [{ object: doc, relation: 'writer', subject: null }, 'bad-fact: a fact needs a subject'],
    [{ object: doc, relation: 'writer', subject: '' }, 'bad-entity: `` is no entity: write `Type:id`'],
    [null, 'bad-fact: a fact is an object with `object`, `relation` and `subject`'],
  ])('%j: %s', (fact, why) => expect(check(fact)).toBe(why))
})

describe('a fact that comes with a request', () => {
  it.each([
    { object: doc, relation: 'guest', subject: ann },
    { object: doc, relation: 'session', subject: ann },
    { relation: 'onCall', subject: ann },
  ])('%j is let in, its relation being contextual', (fact) => expect(check(fact, 'contextual')).toBeUndefined())

  it.each([
    { object: doc, relation: 'writer', subject: ann },
    { object: doc, relation: 'reviewers', subject: ann },
    { object: ann, relation: 'in', subject: 'Group:eng' },
    { relation: 'employee', subject: ann },
  ])('%j is refused', (fact) => expect(check(fact, 'contextual')).toContain('takes no facts with a request'))
})

describe('a fact to be removed', () => {
  it('need not say its condition', () => {
    expect(check({ object: doc, relation: 'visitor', subject: ann }, 'removed')).toBeUndefined()
  })
})

// Invariant 19.
describe('no input throws', () => {
  // Picked by number, since fast-check looks into the values that it is given.
  const parts: readonly unknown[] = [ann, doc, 'writer', 'in', 'org', undefined, { any: 'User' }, ...hostile()]
  const picked = fc.array(fc.nat(parts.length - 1), { minLength: 5, maxLength: 5 })

  it('as a fact or as a part of one', () => {
    for (const input of hostile()) {
      expect(() => check(input)).not.toThrow()
      for (const key of ['object', 'relation', 'subject', 'until', 'when']) {
        const whole = { object: doc, relation: 'visitor', subject: ann, when: { let: 'in_net' }, [key]: input }
        expect(() => check(whole)).not.toThrow()
        expect(() => check({ ...whole, when: { let: 'in_net', args: { range: input } } })).not.toThrow()
      }
    }
    fc.assert(
      fc.property(picked, (numbers) => {
        const [object, relation, subject, until, when] = numbers.map((number) => parts[number])
        check({ object, relation, subject, until, when })
      }),
    )
    fc.assert(fc.property(fc.anything({ withBigInt: true, withMap: true }), (input) => void check(input)))
  })
})
