import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../properties/generate/runs.ts'
import { bothWays } from './both-ways.ts'

const now = 1_000
/** Each compiles a policy, or loads its facts, and asks it some hundred questions in two ways. */
const source = `
  actor User in Group { level: int  manager?: User  role superior if manager or manager.superior }
  actor Service in Group { level: int }
  resource Group in Group { chair?: User }
  resource Folder {
    parent?: Folder
    links: Folder[]
    boss: User
    keeper?: User | Service
    role owner: User | Service
    role team: User | Group | Service | any Service | Folder.owner
    role viewer: User | Group if owner or parent.viewer
    role linked: User if team or links.linked
    role strict: User if owner or (parent.strict and boss.superior)
    role outsider if not parent.viewer
    role even if owner or parent.odd
    role odd if parent.even
    role first: User if second
    role second: User | Group if first or third or owner or parent.second
    role third: User if parent.first unless team
    role all: User if first or second or third or viewer or linked or strict or even or odd or links.first or links.third
    allow view if viewer
    allow link if linked or parent.links.linked
    allow enter if strict
    allow out if outsider unless owner
    allow left if even
    allow right if odd or links.even
    allow lead if boss.superior or parent.lead
    allow take if first
    allow keep if all unless third
    allow chain if parent.parent.boss.manager or links.links.boss.manager
    allow deep if viewer or parent.deep
    allow somebody if boss in viewer or (resource has keeper and keeper in parent.team)
    deny deep if links.outsider
  }
  resource Doc {
    folder: Folder
    role viewer: User | Group if folder.viewer or folder.links.viewer
    allow view if viewer
    allow left if folder.even
  }`
const actions = ['view', 'link', 'enter', 'out', 'left', 'right', 'take', 'keep', 'lead', 'chain', 'deep', 'somebody']
const folders = ['f0', 'f1', 'f2', 'f3'].map((id) => `Folder:${id}`)
const people = ['User:u0', 'User:u1', 'User:u2', 'Service:s0']
const groups = ['Group:g0', 'Group:g1']

const folder = fc.constantFrom(...folders)
const user = fc.constantFrom(...people.slice(0, 3))
const person = fc.constantFrom(...people)
const group = fc.constantFrom(...groups)
const fact = (object: fc.Arbitrary<string>, relation: string, subject: fc.Arbitrary<unknown>) =>
  fc.record(
    { object, relation: fc.constant(relation), subject, until: fc.constantFrom(now, now + 1) },
    { requiredKeys: ['object', 'relation', 'subject'] },
  )
const facts = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fact(folder, 'parent', folder) },
      { weight: 3, arbitrary: fact(folder, 'links', folder) },
      { weight: 2, arbitrary: fact(folder, 'boss', user) },
      fact(folder, 'keeper', person),
      fact(folder, 'owner', person),
      fact(
        folder,
        'team',
        fc.oneof<fc.Arbitrary<unknown>[]>(
          person,
          group,
          fc.constant({ any: 'Service' }),
          folder.map((entity) => ({ entity, role: 'owner' })),
        ),
      ),
      { weight: 2, arbitrary: fact(folder, 'viewer', fc.oneof(user, group)) },
      fact(folder, 'second', fc.oneof(user, group)),
      fact(folder, 'third', user),
      fact(fc.constant('Doc:d'), 'folder', folder),
      fact(user, 'manager', user),
      fact(fc.oneof(person, group), 'in', group),
    ),
    { maxLength: 25 },
  )
  // A relation that holds one entity holds the first that is given.
  .map((all) => {
    const seen = new Set<string>()
    return all.filter(({ object, relation }) => {
      if (!['parent', 'boss', 'keeper', 'folder', 'manager'].includes(relation)) return true
      return !seen.has(`${object} ${relation}`) && seen.add(`${object} ${relation}`)
    })
  })

describe('relationships', () => {
  it('mean to emitted code what they mean to the interpreter', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { decide } = bothWays(source, given as never)
        for (const actor of [...people, 'User:stranger', null]) {
          for (const action of actions) decide(actor, action, 'Folder:f0', { now })
          for (const action of ['view', 'left']) decide(actor, action, 'Doc:d', { now })
        }
        decide('User:u0', 'view', 'Folder:unknown', { now })
      }),
      runs(20),
    )
  }, 60_000)

  it('are looked up in lists however long, by name and by group', () => {
    const many = Array.from({ length: 500 }, (_, i) => ({
      object: 'Folder:f',
      relation: 'viewer',
      subject: `User:m${i}`,
    }))
    const inGroups = Array.from({ length: 50 }, (_, i) => ({
      object: 'User:ann',
      relation: 'in',
      subject: `Group:g${i}`,
    }))
    const viaGroup = { object: 'Folder:f', relation: 'viewer', subject: 'Group:g7' }
    const { decide } = bothWays(source, [...many, ...inGroups, viaGroup])
    for (const actor of ['User:m0', 'User:m250', 'User:m499', 'User:ann'])
      expect(decide(actor, 'view', 'Folder:f').allowed).toBe(true)
    expect(decide('User:bob', 'view', 'Folder:f').reason).toBe('not-permitted')
  })

  describe('a hundred thousand folders', () => {
    const size = 100_000
    const chain = Array.from({ length: size - 1 }, (_, i) => ({
      object: `Folder:c${i}`,
      relation: 'parent',
      subject: `Folder:c${i + 1}`,
    }))
    const last = `Folder:c${size - 1}`
    const closed = [...chain, { object: last, relation: 'parent', subject: 'Folder:c0' }]
    const owner = { object: last, relation: 'owner', subject: 'User:ann' }
    const at = (given: readonly object[]) => bothWays(source, given as never).compiled

    it.each([
      ['in a chain', chain],
      ['in a cycle', closed],
    ])(
      '%s are gone through',
      (_, given) => {
        const engine = at([...given, owner])
        for (const action of ['view', 'left', 'deep']) {
          const reason = action === 'left' ? 'not-permitted' : 'granted'
          expect(engine.authorize('User:ann', action, 'Folder:c0').reason).toBe(reason)
        }
        expect(engine.authorize('User:bob', 'view', 'Folder:c0').reason).toBe('not-permitted')
        expect(engine.authorize('User:ann', 'right', 'Folder:c0').reason).toBe('granted')
      },
      60_000,
    )
  })

  it('that fork and meet again are followed once', () => {
    const diamonds = Array.from({ length: 40 }, (_, i) =>
      ['a', 'b'].flatMap((side) => [
        { object: `Folder:d${i}`, relation: 'links', subject: `Folder:d${i}${side}` },
        { object: `Folder:d${i}${side}`, relation: 'links', subject: `Folder:d${i + 1}` },
      ]),
    ).flat()
    const { decide } = bothWays(source, diamonds)
    expect(decide('User:ann', 'link', 'Folder:d0').reason).toBe('not-permitted')
    const { decide: decideWith } = bothWays(source, [
      ...diamonds,
      { object: 'Folder:d40', relation: 'linked', subject: 'User:ann' },
    ])
    expect(decideWith('User:ann', 'link', 'Folder:d0').reason).toBe('granted')
  })

  it('on a grid are followed once', () => {
    const size = 40
    const grid = Array.from({ length: size * size }, (_, i) => [i % size, Math.floor(i / size)] as const).flatMap(
      ([x, y]) =>
        [
          [x + 1, y],
          [x, y + 1],
          [x - 1, y],
        ].map(([tx, ty]) => ({ object: `Folder:x${x}y${y}`, relation: 'links', subject: `Folder:x${tx}y${ty}` })),
    )
    const corner = { object: `Folder:x${size - 1}y${size - 1}`, relation: 'linked', subject: 'User:ann' }
    const { decide } = bothWays(source, [...grid, corner])
    expect(decide('User:ann', 'link', 'Folder:x0y0').reason).toBe('granted')
    expect(decide('User:bob', 'link', 'Folder:x0y0').reason).toBe('not-permitted')
  })
})
