// Mulberry32: a seed gives the same data on every machine, so that figures of different runs are about the same requests.

/** @typedef {{ below: (n: number) => number, pick: <T>(items: readonly T[]) => T, chance: (p: number) => boolean }} Random */

/** @param {number} seed @returns {Random} */
export function random(seed) {
  let state = seed >>> 0
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (n) => Math.floor(fraction() * n)
  return { below, pick: (items) => items[below(items.length)], chance: (p) => fraction() < p }
}
