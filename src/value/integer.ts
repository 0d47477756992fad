const least = -(2n ** 63n)
const largest = 2n ** 63n - 1n

export function isInt64(value: bigint): boolean {
  return least <= value && value <= largest
}

/** The one form of an integer: a number where it is safe, a bigint beyond. */
export function integer(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** One integer and one double, or two bigints: equal as numbers, never through rounding. */
export function numbersEqual(a: number | bigint, b: number | bigint): boolean {
  if (typeof a === typeof b) return a === b
  const [big, double] = typeof a === 'bigint' ? [a, Number(b)] : [BigInt(b), a]
  return Number.isInteger(double) && BigInt(double) === big
}
