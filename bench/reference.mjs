// In the project's own workspace the definition of these scenarios stands beside the repository, in ../shared/bench. Where it is,
// a run checks that our data are its data, and that our hand-written rows are no slower than its: else the ratios would flatter.
import { existsSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'

const folder = new URL('../../shared/bench/', import.meta.url)

/** How much slower than the reference a hand-written row may be before the run is void. */
const tolerance = 1.3

/** By table: what generates its data there, and which row is the one that ours has to match. */
const counterparts = {
  's1-session': { generate: ({ genS1 }) => genS1(), rows: ({ s1 }) => s1, row: 'bit set per agent, precomputed' },
  's1-token': { generate: ({ genS1 }) => genS1(), rows: ({ s1 }) => s1, row: 'roles in the request' },
  s2: { generate: ({ genS2 }) => genS2(), rows: ({ s2 }) => s2, row: 'one function' },
  s3: { generate: ({ genS3 }) => genS3(), rows: ({ s3 }) => s3, row: 'bit matrix and flat arrays' },
  ...Object.fromEntries(
    [10, 100, 1_000, 10_000, 100_000].map((count) => [
      `s4-${count}`,
      { generate: ({ genS4 }) => genS4(count), rows: ({ s4 }) => s4, row: 'tool to role to limit' },
    ]),
  ),
}

/**
 * The reference's own row for a table, to take its turns with the others; undefined where there is none.
 *
 * @throws where the data differ
 */
export async function referenceFor(table, data) {
  const counterpart = counterparts[table.id]
  if (counterpart === undefined || !existsSync(new URL('hand.mjs', folder))) return undefined
  const theirs = counterpart.generate(await import(new URL('data.mjs', folder).href))
  const rows = counterpart.rows(await import(new URL('hand.mjs', folder).href))
  // They carry the numbers of users and documents beside the names; the names are what is asked.
  const asked = theirs.reqs.map(({ u: _, d: __, ...request }) => request)
  for (const [what, ours, other] of [
    ['requests', data.requests, asked],
    ['decisions', data.expected, theirs.expected],
    ['rules', data.rules, theirs.rules],
    ['roles', data.roles, theirs.roles],
    ['users', data.users, theirs.users],
  ])
    if (!isDeepStrictEqual(ours, other)) throw new Error(`${table.id}: the ${what} differ from those of the reference`)
  const make = () => ({ inputs: theirs.reqs, decide: rows(theirs)[counterpart.row] })
  return { name: 'hand-written, reference', kind: 'reference', make }
}

/** Why the figures of a table do not count; undefined where they do. */
export function voidBecause(rows) {
  const hand = rows.find(({ kind }) => kind === 'hand')
  const reference = rows.find(({ kind }) => kind === 'reference')
  if (hand?.ns === undefined) return `the hand-written row failed: ${hand?.error}`
  if (reference?.ns === undefined) return undefined
  const slower = undisturbed(hand) / undisturbed(reference)
  return slower > tolerance
    ? `our hand-written row takes ${slower.toFixed(2)} times as long as the reference`
    : undefined
}

/** On a busy machine a median says more about the others: compared is the fastest turn, or the middle of many short batches. */
const undisturbed = ({ fastest, p50 }) => Math.min(fastest, p50)
