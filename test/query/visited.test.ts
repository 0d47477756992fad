import { describe, expect, it } from 'vitest'
import { compile, createEngine, type EntityInput, type FactInput } from '../../src/index.ts'

const policy = (doc: string) => {
  const { policy, diagnostics } = compile(`
    actor User in Group { clearance?: int }
    resource Group in Group { role member: User }
    resource Folder { parent?: Folder  role viewer: User | Group | any User if parent.viewer }
    resource Doc { folder?: Folder  owner?: User  secret?: boolean  ${doc} }
  `)
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics))
  return policy
}

/** A world of any size, in which as much is about ann and about the document `mine` as in any other. */
function* world(size: number): Iterable<EntityInput | FactInput> {
  yield { type: 'User', id: 'ann', in: 'Group:core' }
  yield { type: 'Group', id: 'core', in: 'Group:all' }
  yield { type: 'Folder', id: 'top' }
  yield { type: 'Folder', id: 'low', parent: 'Folder:top' }
  yield { object: 'Folder:top', relation: 'viewer', subject: 'Group:all' }
  yield { type: 'Doc', id: 'mine', folder: 'Folder:low', owner: 'User:ann' }
  yield { object: 'Doc:mine', relation: 'reader', subject: 'User:ann' }
  yield { object: 'Doc:other', relation: 'reader', subject: { any: 'User' } }
  for (let i = 0; i < size; i++) {
    yield { type: 'User', id: `u${i}`, in: `Group:g${i % 10}`, clearance: 1 }
    yield { type: 'Folder', id: `f${i}`, parent: `Folder:f${i + 1}` }
    yield { type: 'Doc', id: `d${i}`, folder: `Folder:f${i}`, owner: `User:u${i}` }
    yield { object: `Doc:d${i}`, relation: 'reader', subject: `User:u${i}`, until: 1e15 }
    yield { object: `Doc:d${i}`, relation: 'author', subject: 'Group:core' }
  }
}

const role = 'role reader: User | Group | any User  role author: Group'

/** How many are visited in worlds of these sizes, and what is found. */
function check(doc: string, ask: 'list' | 'who', sizes: readonly number[]) {
  return sizes.map((size) => {
    const engine = createEngine(policy(`${role} ${doc}`), { facts: world(size) })
    if (ask === 'list') {
      const found = engine.list('User:ann', 'read', 'Doc')
      return { visited: found.visited, found: [...found].length }
    }
    const { visited, certain } = engine.who('read', 'Doc:mine')
    return { visited, found: certain.length }
  })
}

describe('what a list visits is the same in a larger world', () => {
  it.each([
    ['by a role', 'allow read if reader', 2],
    ['through folders', 'allow read if folder.viewer', 1],
    ['by a field', 'allow read if owner', 1],
    ['with a test of each', 'allow read if owner and not (secret ?? false)', 1],
    ['by several ways', 'allow read if (reader or folder.viewer or owner) and (secret ?? false) == false', 2],
    ['less what is denied', 'allow read if reader  deny read if secret ?? false', 2],
    ['by the condition that is about the thing itself', 'allow read if owner and reader', 1],
    [
      'and nothing where a condition on the actor fails',
      'allow read if actor is User and (actor.clearance ?? 0) > 5 and not (secret ?? false)',
      0,
    ],
  ])('%s', (_, doc, expected) => {
    const [small, large] = check(doc, 'list', [100, 1000])
    expect(small?.found).toBe(expected)
    expect(large).toEqual(small)
    expect(large?.visited).toBeLessThan(40)
  })
})

it('what a list visits grows with what an attribute alone tells, and no faster', () => {
  const [small, large] = check('allow read if not (secret ?? false)', 'list', [100, 1000])
  expect(small?.found).toBe(102)
  expect(large?.found).toBe(1002)
  expect(large?.visited).toBeLessThan(3 * 1002)
})

describe('what who visits is the same in a larger world', () => {
  it.each([
    ['by a role', 'allow read if reader', 1],
    ['through folders and groups', 'allow read if folder.viewer', 1],
    ['by a field', 'allow read if owner', 1],
    ['by what bounds best', 'allow read if owner and actor is User and (actor.clearance ?? 0) == 0', 1],
    ['where all may but some', 'allow read if actor is User  deny read if reader or folder.viewer', 1],
    ['where something else is forbidden', 'allow read if reader  deny read if secret ?? false', 1],
  ])('%s', (_, doc, expected) => {
    const [small, large] = check(doc, 'who', [100, 1000])
    expect(small?.found).toBe(expected)
    expect(large).toEqual(small)
    expect(large?.visited).toBeLessThan(40)
  })
})
