import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anonymous, entity, parseEntityName } from '../../src/value/entity.ts'
import { isError } from '../../src/value/evaluation-error.ts'

function check(name: unknown): unknown {
  const parsed = parseEntityName(name as string)
  return isError(parsed) ? 'refused' : [parsed.type, parsed.id]
}

describe('an entity name', () => {
  it.each([
    ['User:ann', ['User', 'ann']],
    ['Repo:acme/site', ['Repo', 'acme/site']],
    // Split at the first colon: an id may have colons of its own.
    ['Urn:a:b', ['Urn', 'a:b']],
    // No wildcard, and nothing else that the engine would give a meaning to.
    ['User:*', ['User', '*']],
    ['User:__proto__', ['User', '__proto__']],
    ['User: ', ['User', ' ']],
    [{ type: 'User', id: 'a:b' }, ['User', 'a:b']],
    [`User:${'x'.repeat(1024)}`, ['User', 'x'.repeat(1024)]],
  ])('%j is %j', (name, parts) => expect(check(name)).toEqual(parts))

  it.each([
    'User',
    'User:',
    ':ann',
    '',
    'my type:x',
    `User:${'x'.repeat(1025)}`,
    `User:${'é'.repeat(513)}`,
    'User:\ud800',
    { type: 'Us:er', id: 'a' },
    { type: '', id: '' },
    { type: 'User' },
    { type: 'User', id: 7 },
    null,
    undefined,
    7,
  ])('%j is refused', (name) => expect(check(name)).toBe('refused'))

  it('is compared code point by code point, never normalised', () => {
    expect(check('User:\u00e9')).not.toEqual(check('User:e\u0301'))
  })

  it('of a hostile object is refused', () => {
    const throwing = new Proxy({}, { get: () => fail() })
    expect(check(throwing)).toBe('refused')
  })

  // Invariant 18.
  it('has a key that no other entity has', () => {
    const part = fc.string({ unit: fc.constantFrom('a', ':', '/', '_', 'B'), minLength: 1, maxLength: 4 })
    const type = part.filter((text) => /^[A-Za-z_]\w*$/.test(text))
    fc.assert(
      fc.property(type, part, type, part, (typeA, idA, typeB, idB) => {
        const [a, b] = [entity(typeA, idA), entity(typeB, idB)]
        expect(a.key === b.key).toBe(typeA === typeB && idA === idB)
        expect(parseEntityName(a.key)).toEqual(a)
        expect(a.key).not.toBe(anonymous.key)
      }),
    )
  })
})

function fail(): never {
  throw new Error('a getter that throws')
}
