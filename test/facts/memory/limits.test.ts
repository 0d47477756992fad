import { describe, expect, it } from 'vitest'
import { putInput } from '../../../src/facts/memory/entity-edits.ts'
import { addInput } from '../../../src/facts/memory/fact-edits.ts'
import { newRows } from '../../../src/facts/memory/rows.ts'
import { viewOf } from '../../../src/facts/memory/view.ts'
import { library } from '../library.ts'

describe('more entities of a type than there are numbers', () => {
  const full = () => {
    const rows = { ...newRows(library), localMask: 3 }
    for (const id of ['a', 'b', 'c', 'd'])
      addInput(rows, { object: 'Doc:1', relation: 'writer', subject: `User:${id}` })
    return rows
  }

  it('are refused, with whatever mentions them', () => {
    const rows = full()
    const fact = { object: 'Doc:2', relation: 'writer', subject: 'User:e' }
    expect(addInput(rows, fact)).toMatchObject({ changed: false, reasons: [{ code: 'too-large' }] })
    expect(putInput(rows, { type: 'User', id: 'e' })).toMatchObject({
      changed: false,
      reasons: [{ code: 'too-large' }],
    })
    expect(['Doc:2', 'User:e'].map((key) => viewOf(rows).known(key))).toEqual([false, false])
  })

  it('refuse what else there is to say of an entity from there on', () => {
    const rows = full()
    const doc = { type: 'Doc', id: '2', title: 'T', reviewers: ['User:a', 'User:e'] }
    expect(putInput(rows, doc)).toMatchObject({ changed: true, reasons: [{ code: 'too-large' }] })
    expect(viewOf(rows).attribute('Doc:2', 'title')).toBe('T')
  })
})
