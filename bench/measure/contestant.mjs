// One contestant in this process: its decisions are compared, then it takes its turns.
import { loopFor } from './loop.mjs'
import { quantile } from './statistics.mjs'

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {'hand' | 'reference' | 'plain' | 'licet' | 'peer'} kind
 * @property {boolean} [apart] runs in a process of its own, and takes its turns from there
 * @property {string} [help] what the application does for it beforehand
 * @property {number} [limit] how many of the requests it gets, where all would take too long
 * @property {boolean} [fullOnly] left out of a quick run
 * @property {boolean} [detail] a variant: in the tables, not in the chart
 * @property {(data: any) => Made | Promise<Made>} make
 *
 * @typedef {object} Made
 * @property {unknown[]} inputs one for each request, as an application has it
 * @property {(input: any) => boolean | Promise<boolean>} decide
 * @property {boolean} [async]
 * @property {string} [note]
 *
 * @typedef {object} Runner
 * @property {() => Promise<{ checked: number, wrong: number, note: string, firstPass: number }>} check
 * @property {() => Promise<void>} warm
 * @property {() => Promise<number>} turn nanoseconds a decision
 * @property {() => Promise<{ p50: number, p99: number }>} latency nanoseconds a decision
 * @property {() => void} end
 */

const nanoseconds = (ms) => ms * 1e6

/**
 * @param {Contestant} contestant
 * @param {{ data: any, expected: readonly boolean[], effort: import('./effort.mjs').Effort }} scene
 * @returns {Promise<Runner>}
 */
export async function runner(contestant, { data, expected, effort }) {
  const { inputs, decide, async = false, note = '' } = await contestant.make(data)
  const loop = loopFor(contestant.name, { async })
  // Our own rows are measured on all requests, however long the first time takes: only the reference interpreter may be slow.
  const checkMs = contestant.kind === 'licet' && !contestant.apart ? Number.POSITIVE_INFINITY : effort.checkMs
  let length = Math.min(expected.length, contestant.limit ?? expected.length)
  let perTurn = 1
  let start = 0
  let allowed = 0

  /** Milliseconds of `count` decisions. In passes, as a loop that is entered often is better optimised than one that never ends. */
  const timed = async (count) => {
    const begun = performance.now()
    for (let left = count; left > 0; left -= length) {
      const pass = Math.min(left, length)
      const result = loop(decide, inputs, start, pass, length)
      allowed += async ? await result : result
      start = (start + pass) % length
    }
    return performance.now() - begun
  }
  const turn = async () => nanoseconds(await timed(perTurn)) / perTurn

  return {
    async check() {
      const begun = performance.now()
      let wrong = 0
      let checked = 0
      while (checked < length && (checked === 0 || performance.now() - begun < checkMs)) {
        const decided = async ? await decide(inputs[checked]) : decide(inputs[checked])
        if (decided !== expected[checked]) wrong++
        checked++
      }
      length = checked
      const firstPass = nanoseconds(performance.now() - begun) / checked
      perTurn = Math.max(1, Math.floor((effort.turnMs * checked) / (performance.now() - begun)))
      return { checked, wrong, note, firstPass }
    },
    async warm() {
      // Large code takes long to be optimised: it is warm once four turns in a row are no faster than what came before.
      const end = performance.now() + effort.warmMs
      let best = Number.POSITIVE_INFINITY
      for (let stable = 0; stable < 4 && performance.now() < end; stable++) {
        const each = await turn()
        if (each < 0.97 * best) stable = 0
        best = Math.min(best, each)
        perTurn = Math.max(1, Math.floor(nanoseconds(effort.turnMs) / Math.max(each, 0.5)))
      }
    },
    turn,
    async latency() {
      // The clock is too coarse for decisions of less than some microseconds: those are timed in small batches.
      const each = await turn()
      const batch = Math.max(1, Math.ceil(5_000 / each))
      const samples = []
      const end = performance.now() + effort.latencyMs
      while (samples.length < 20 || (performance.now() < end && samples.length < 20_000)) {
        samples.push(nanoseconds(await timed(batch)) / batch)
        if (each > nanoseconds(effort.turnMs) && samples.length >= 5) break
      }
      return { p50: quantile(samples, 0.5), p99: quantile(samples, 0.99) }
    },
    end() {
      if (allowed < 0) throw new Error('the decisions are used, so that they are made')
    },
  }
}
