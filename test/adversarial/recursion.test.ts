import { describe, expect, it } from 'vitest'
import { codesOf, engine } from './policy.ts'

describe('the answer does not depend on where a search would start:', () => {
  // Depth first with a memory, `two` is looked into while `one` is open, found false through it, and remembered as false.
  const policy = `
    actor User
    resource Team { role member: User }
    resource Folder {
      parent?: Folder
      role reader: User | Team.member if parent.reader
      allow read if reader
      allow both if reader and parent.reader
      allow neither unless reader or parent.reader
      allow outer if reader unless parent.reader
    }`
  const facts = `
    given Folder:one { parent: Folder:two, reader: Team:t.member }
    given Folder:two { parent: Folder:one }
    given Team:t { member: User:ann }`

  it.each(['one', 'two'])('folder %s of a cycle', (id) => {
    const reason = (action: string) => engine(policy, facts).authorize('User:ann', action, `Folder:${id}`).reason
    expect(reason('read')).toBe('granted')
    expect(reason('both')).toBe('granted')
    expect(reason('neither')).toBe('not-permitted')
    expect(reason('outer')).toBe('not-permitted')
  })

  it('nor on what has been asked before', () => {
    const asked = engine(policy, facts)
    const all = ['Folder:one', 'Folder:two'].flatMap((folder) =>
      ['both', 'read', 'outer'].map((action) => [action, folder] as const),
    )
    const first = all.map(([action, folder]) => asked.can('User:ann', action, folder))
    const second = [...all].reverse().map(([action, folder]) => asked.can('User:ann', action, folder))
    expect(second.reverse()).toEqual(first)
  })
})

describe('a cycle', () => {
  const folders = `
    actor User { manager?: User  role superior if manager or manager.superior }
    resource Folder {
      parent?: Folder
      role reader: User | Folder.reader if parent.reader
      allow read if reader
      allow peek unless reader
    }
    resource Report { author: User  allow read if author.superior }`
  const reason = (facts: string, action = 'read', resource = 'Folder:f', actor = 'User:ann') =>
    engine(folders, facts).authorize(actor, action, resource).reason

  it('of an entity that is its own parent gives nobody anything', () => {
    expect(reason('given Folder:f { parent: Folder:f }')).toBe('not-permitted')
    expect(reason('given Folder:f { parent: Folder:f }', 'peek')).toBe('granted')
    expect(reason('given Folder:f { parent: Folder:f, reader: User:ann }')).toBe('granted')
  })

  it('of a role held by its own holders gives nobody anything', () => {
    expect(reason('given Folder:f { reader: Folder:f.reader }')).toBe('not-permitted')
    expect(reason('given Folder:f { reader: Folder:g.reader } given Folder:g { reader: Folder:f.reader }')).toBe(
      'not-permitted',
    )
  })

  it('of managers ends', () => {
    const facts =
      'given User:ann { manager: User:bob } given User:bob { manager: User:ann } given Report:r { author: User:ann }'
    expect(reason(facts, 'read', 'Report:r', 'User:bob')).toBe('granted')
    expect(reason(facts, 'read', 'Report:r', 'User:ann')).toBe('granted')
    expect(reason(facts, 'read', 'Report:r', 'User:eve')).toBe('not-permitted')
  })

  it('of groups ends', () => {
    const text =
      'actor User in Group  resource Group in Group  resource Doc { role reader: Group  allow read if reader }'
    const facts =
      'given User:ann in Group:a given Group:a in Group:b given Group:b in Group:a given Doc:1 { reader: Group:b }'
    expect(engine(text, facts).can('User:ann', 'read', 'Doc:1')).toBe(true)
    expect(engine(text, facts).can('User:bob', 'read', 'Doc:1')).toBe(false)
  })

  it('of 10,000 entities is gone through, and not a step too deep', () => {
    const asked = engine(folders)
    asked.facts.load(
      Array.from({ length: 10_000 }, (_, i) => ({ type: 'Folder', id: `${i}`, parent: `Folder:${(i + 1) % 10_000}` })),
    )
    expect(asked.authorize('User:ann', 'read', 'Folder:0').reason).toBe('not-permitted')
    expect(asked.authorize('User:ann', 'peek', 'Folder:0').reason).toBe('granted')
    asked.facts.add({ object: 'Folder:9999', relation: 'reader', subject: 'User:ann' })
    expect(asked.authorize('User:ann', 'read', 'Folder:0').reason).toBe('granted')
  })

  it('through a negation is refused by the checker', () => {
    expect(
      codesOf('actor User\nresource Doc { role a: User unless b  role b: User unless a  allow read if a }'),
    ).toContain('recursion-through-negation')
  })
})
