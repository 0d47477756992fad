import type { Environment, Policy } from '../../index.ts'

/**
 * The time of a test that gives none. It is fixed, so that a test says the same every day: one about expiry, the age of a
 * login or the hour has to say what time it is (`given now datetime("…")`).
 */
export const testNow = '2026-01-01T00:00:00Z'

/** What the requests of a test come with. */
export function environmentOf({ inputs }: Policy['tests'][number]): Environment {
  return { now: testNow, ...Object.fromEntries(inputs) }
}
