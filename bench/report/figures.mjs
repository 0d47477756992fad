/** @param {number | undefined} ns a time in the unit that reads best */
export function time(ns) {
  if (ns === undefined) return '-'
  const exponent = ns < 1 ? 0 : Math.min(3, Math.floor(Math.log10(Number(ns.toPrecision(3))) / 3))
  return `${(ns / 1e3 ** exponent).toPrecision(3)} ${['ns', 'µs', 'ms', 's'][exponent]}`
}

/** @param {number | undefined} ms */
export const milliseconds = (ms) => time(ms === undefined ? undefined : ms * 1e6)

/** @param {number | undefined} count */
export const bytes = (count) => (count === undefined ? '-' : `${(count / 2 ** 20).toFixed(1)} MiB`)

/** @param {{ ratio?: number }} row how many times what hand-written code takes */
export function times({ ratio }) {
  if (ratio === undefined) return '-'
  if (ratio < 10) return ratio.toFixed(1)
  return ratio.toLocaleString('en', { maximumSignificantDigits: 3 })
}
