import type fc from 'fast-check'

/**
 * `PROPERTY_RUNS=50` runs every property fifty times as often, on another seed each time. Without it the seed is fixed, so that
 * the gate says the same of the same code.
 */
const factor = Number(process.env.PROPERTY_RUNS ?? '1')

export function runs<T = unknown>(count: number, seed = 20260101): fc.Parameters<T> {
  return { numRuns: Math.ceil(count * factor), ...(factor === 1 ? { seed } : {}), verbose: 0 }
}
