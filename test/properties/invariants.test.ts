import fc from 'fast-check'
import { describe, it } from 'vitest'
import { runs } from './generate/runs.ts'
import { oneMoreAgent, undelegated } from './invariants/agents.ts'
import { errors } from './invariants/errors.ts'
import { expiry } from './invariants/expiry.ts'
import { forwarded } from './invariants/forwarded.ts'
import { hostile } from './invariants/hostile.ts'
import type { Invariant } from './invariants/invariant.ts'
import { keys } from './invariants/keys.ts'
import { labels } from './invariants/labels.ts'
import { missing } from './invariants/missing.ts'
import { moreAllows, moreDenies } from './invariants/monotone.ts'
import { order } from './invariants/order.ts'
import { hidden, partialAgrees } from './invariants/partial.ts'
import { redundant } from './invariants/redundant.ts'
import { unlocked } from './invariants/unlocked.ts'
import { loadLicet } from './licet.ts'

const invariants: readonly Invariant[] = [
  order,
  errors,
  oneMoreAgent,
  moreDenies,
  moreAllows,
  undelegated,
  redundant,
  partialAgrees,
  hidden,
  missing,
  labels,
  forwarded,
  keys,
  hostile,
  expiry,
  unlocked,
]

describe('on generated policies, facts and requests', async () => {
  const licet = await loadLicet()
  it.each(invariants.map((invariant) => ({ ...invariant, name: `${invariant.number}: ${invariant.title}` })))(
    '$name',
    { timeout: 0 },
    ({ property, runs: count }) => fc.assert(property(licet), runs(count)),
  )

  it.each(
    (['recursive', 'recovers'] as const).flatMap((what) =>
      invariants
        .filter(({ holds }) => holds?.includes(what))
        .map((invariant) => ({ ...invariant, what, name: `${invariant.number}: ${invariant.title}` })),
    ),
  )('$name, of policies that are or have: $what', { timeout: 0 }, ({ property, runs: count, what }) =>
    fc.assert(property(licet, { [what]: true }), runs(count / 20)),
  )
})
