// How much of everything a run does. The quick one is for a look; figures that are published come from the full one.

/**
 * @typedef {object} Effort
 * @property {number} rounds turns of each contestant; the median of them is reported
 * @property {number} turnMs how long a turn takes, roughly
 * @property {number} warmMs how long at most turns are taken before the first that counts
 * @property {number} latencyMs how long single decisions are timed for p50 and p99
 * @property {number} checkMs how long at most a contestant may take over the requests before anything is timed
 * @property {number} processes fresh processes for each figure of a cold start
 */

/** @type {Record<'quick' | 'full', Effort>} */
export const efforts = {
  quick: { rounds: 5, turnMs: 25, warmMs: 600, latencyMs: 40, checkMs: 1_000, processes: 3 },
  full: { rounds: 15, turnMs: 100, warmMs: 4_000, latencyMs: 400, checkMs: 30_000, processes: 11 },
}
