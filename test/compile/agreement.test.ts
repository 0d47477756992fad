import fc from 'fast-check'
import { describe, it } from 'vitest'
import { runs } from '../properties/generate/runs.ts'
import { backends, caches, ofManyRules, passes } from '../properties/invariants/agreement.ts'
import { loadLicet } from '../properties/licet.ts'

describe('on generated policies, facts, requests and changes', async () => {
  const licet = await loadLicet()
  it.each([backends, ofManyRules, passes, caches].map((one) => ({ ...one, name: `${one.number}: ${one.title}` })))(
    '$name',
    { timeout: 0 },
    ({ property, runs: count }) => fc.assert(property(licet), runs(count)),
  )
})
