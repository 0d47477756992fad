// The contest of one table: every contestant is made and compared with what is expected; then they take turns, in another
// order each round, so that what disturbs the machine disturbs them all.
import { runnerApart } from './apart.mjs'
import { runner } from './contestant.mjs'
import { efforts } from './effort.mjs'
import { median } from './statistics.mjs'

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {import('./contestant.mjs').Contestant['kind']} kind
 * @property {string} help
 * @property {string} note
 * @property {boolean} detail
 * @property {number} requests how many there are
 * @property {number} [checked] how many it was compared on
 * @property {number} [wrong]
 * @property {number} [firstPass] nanoseconds a decision, when each request was asked for the first time
 * @property {number} [ns] nanoseconds a decision, the median of the rounds
 * @property {number} [fastest] of the rounds
 * @property {number} [p50]
 * @property {number} [p99]
 * @property {number} [ratio] to the hand-written row
 * @property {string} [error]
 *
 * @param {import('../scenarios/tables.mjs').Table} table
 * @param {readonly import('./contestant.mjs').Contestant[]} contestants
 * @param {'quick' | 'full'} effort
 * @returns {Promise<Row[]>}
 */
export async function contest(table, data, contestants, effort) {
  const scene = { data, expected: data.expected, effort: efforts[effort] }
  const entries = []
  for (const contestant of contestants) {
    const { name, kind, help = '', detail = false } = contestant
    const row = { name, kind, help, detail, note: '', requests: data.expected.length }
    const entry = { row, turns: [] }
    entries.push(entry)
    await attempt(entry, async () => {
      entry.runner = contestant.apart ? await runnerApart(table.id, name, effort) : await runner(contestant, scene)
      Object.assign(row, await entry.runner.check())
      await entry.runner.warm()
    })
  }
  for (let round = 0; round < scene.effort.rounds; round++)
    for (let k = 0; k < entries.length; k++) {
      const entry = entries[(k + round) % entries.length]
      await attempt(entry, async () => {
        // Three turns are enough of what takes far longer than a turn should.
        if (entry.turns.length < 3 || entry.turns[0] < 1e6 * scene.effort.turnMs * 2)
          entry.turns.push(await entry.runner.turn())
      })
    }
  for (const entry of entries) {
    await attempt(entry, async () => {
      const { turns } = entry
      Object.assign(entry.row, { ns: median(turns), fastest: Math.min(...turns) }, await entry.runner.latency())
    })
    entry.runner?.end()
  }
  const rows = entries.map(({ row }) => row)
  const hand = rows.find(({ kind }) => kind === 'hand')
  return rows.map((row) => ({ ...row, ratio: row.ns === undefined ? undefined : row.ns / hand.ns }))
}

/** A contestant that fails is out, and its row says why. */
async function attempt(entry, work) {
  if (entry.row.error !== undefined) return
  try {
    await work()
  } catch (error) {
    entry.row.error = String(error?.message ?? error).slice(0, 200)
  }
}
