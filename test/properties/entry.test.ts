import fc from 'fast-check'
import { describe, it } from 'vitest'
import { runs } from './generate/runs.ts'
import { forms, pollution } from './invariants/entry.ts'
import { loadLicet } from './licet.ts'

describe('on requests as callers send them', async () => {
  const licet = await loadLicet()
  it.each([forms, pollution].map((invariant) => ({ ...invariant, name: `${invariant.number}: ${invariant.title}` })))(
    '$name',
    { timeout: 0 },
    ({ property, runs: count }) => fc.assert(property(licet), runs(count)),
  )
})
