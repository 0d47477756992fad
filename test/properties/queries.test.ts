import fc from 'fast-check'
import { describe, it } from 'vitest'
import { runs } from './generate/runs.ts'
import { interpretedQueries, lists, whos } from './invariants/queries.ts'
import { loadLicet } from './licet.ts'

describe('on generated policies, facts and questions', async () => {
  const licet = await loadLicet()
  it.each([lists, whos, interpretedQueries].map((one) => ({ ...one, name: `${one.number}: ${one.title}` })))(
    '$name',
    { timeout: 0 },
    ({ property, runs: count }) => fc.assert(property(licet), runs(count)),
  )
})
