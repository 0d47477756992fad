import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/facts/memory.ts'
import { library } from '../library.ts'
import { ann, subjects, writes } from './writers.ts'

describe('facts of the policy text', () => {
  const fixed = [writes(ann), { type: 'User', id: 'ann', email: 'policy' }]
  const store = () => memoryStore(library, fixed)

  it('hold, are not dumped, and cannot be taken out', () => {
    const one = store()
    one.remove(writes(ann))
    one.delete(ann)
    one.delete('Doc:1')
    expect(subjects(one, 'Doc:1')).toEqual([ann])
    expect(one.snapshot().attribute(ann, 'email')).toBe('policy')
    expect([...one.dump()]).toEqual([])
  })

  it('that are added as well are dumped until they are removed', () => {
    const one = store()
    const { revision } = one
    expect(one.load(fixed)).toEqual([])
    expect(one.revision).toBeGreaterThan(revision)
    expect([...one.dump()]).toEqual([writes(ann), { type: 'User', id: 'ann', attributes: { email: 'policy' } }])
    one.remove(writes(ann))
    expect([...one.dump()]).toHaveLength(1)
    expect(subjects(one, 'Doc:1')).toEqual([ann])
    one.delete(ann)
    expect([...one.dump()]).toEqual([])
  })

  it('let no other value be put', () => {
    const conflict = [{ code: 'conflicting-fact', message: '`email` has another value in the policy' }]
    expect(store().put({ type: 'User', id: 'ann', email: 'mine' })).toMatchObject(conflict)
    expect(store().put({ type: 'User', id: 'ann', email: null })).toMatchObject(conflict)
    expect(store().load([{ type: 'User', id: 'ann', email: 'mine' }])).toMatchObject(conflict)
  })
})
