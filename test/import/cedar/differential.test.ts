import { describe, expect, it } from 'vitest'
import { compareCase } from './differential.ts'

/** `CEDAR_CASES=2000 CEDAR_SEED=1 npx vitest run test/import/cedar/differential.test.ts` runs as many others. */
const cases = Number(process.env.CEDAR_CASES ?? 30)
const seed = Number(process.env.CEDAR_SEED ?? 1_000_000)

describe('policies, entities and requests as they come', () => {
  it(
    'are decided as Cedar decides them, by the same policies, interpreted and compiled',
    () => {
      const outcomes = Array.from({ length: cases }, (_, i) => ({ seed: seed + i, ...compareCase(seed + i) }))
      expect(outcomes.filter(({ kind }) => kind !== 'agreed')).toEqual([])
    },
    60_000 + cases * 2_000,
  )
})
