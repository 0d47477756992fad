import type { Engine } from '../../../index.ts'
import type { Request } from './requests.ts'

/** What is measured of each back end. */
export const calls = ['can', 'authorize'] as const
export type Call = (typeof calls)[number]

/** Nanoseconds for one call: each the mean of a run of calls of one request. */
export type Samples = Record<Call, number[]>

export function noSamples(): Samples {
  return { can: [], authorize: [] }
}

/** A run is as long as the clock needs to be trusted, and short enough that what interrupts it is seen. */
const run = 5_000
const warmUp = 0.2

/**
 * Asks the requests in turn, for so many milliseconds, of each engine and in each way alternately, so that whatever else the machine
 * does meets all of them alike. `progress` is told what part of it is done.
 */
export function measure(
  engines: readonly { readonly engine: Engine; readonly samples: Samples }[],
  requests: readonly Request[],
  milliseconds: number,
  progress: (part: number) => void,
): void {
  const rows = engines.flatMap(({ engine, samples }) =>
    calls.flatMap((call) =>
      requests.map((request) => ({ ask: asking(engine, call, request), into: samples[call], times: 1 })),
    ),
  )
  const share = milliseconds / rows.length
  for (const row of rows) row.times = timesOf(row.ask, share * warmUp)
  const started = performance.now()
  for (let elapsed = 0; elapsed < milliseconds; elapsed = performance.now() - started) {
    for (const { ask, times, into } of rows) into.push(nanoseconds(ask, times) / times)
    progress(elapsed / milliseconds)
  }
}

function asking(engine: Engine, call: Call, { actor, action, resource, env }: Request): () => unknown {
  return call === 'can'
    ? () => engine.can(actor, action, resource, env)
    : () => engine.authorize(actor, action, resource, env)
}

function nanoseconds(ask: () => unknown, times: number): number {
  const from = process.hrtime.bigint()
  for (let i = 0; i < times; i++) ask()
  return Number(process.hrtime.bigint() - from)
}

/** How many calls make a run, found while the code gets warm. */
function timesOf(ask: () => unknown, milliseconds: number): number {
  const end = performance.now() + milliseconds
  let times = 1
  do {
    if (nanoseconds(ask, times) < run) times *= 2
  } while (performance.now() < end)
  return times
}
