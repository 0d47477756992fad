const bits = 11
const buckets = 1 << bits

/** The first `count` pairs by their first number, which is not negative; those of the same number in their order. Uses the array up. */
export function byLocal(pairs: Int32Array, count: number): Int32Array {
  let most = 0
  for (let i = 0; i < count; i++) most = Math.max(most, pairs[i * 2] ?? 0)
  let from = pairs
  let to: Int32Array = new Int32Array(count * 2)
  for (let shift = 0; shift < 31 && most >>> shift > 0; shift += bits) {
    scatter(from, to, count, shift)
    const sorted = to
    to = from
    from = sorted
  }
  return from
}

/** By eleven of their bits. */
function scatter(from: Int32Array, to: Int32Array, count: number, shift: number): void {
  const starts = new Int32Array(buckets + 1)
  for (let i = 0; i < count; i++) {
    const bucket = ((from[i * 2] ?? 0) >>> shift) & (buckets - 1)
    starts[bucket + 1] = (starts[bucket + 1] ?? 0) + 1
  }
  for (let bucket = 0; bucket < buckets; bucket++) {
    starts[bucket + 1] = (starts[bucket + 1] ?? 0) + (starts[bucket] ?? 0)
  }
  for (let i = 0; i < count; i++) {
    const bucket = ((from[i * 2] ?? 0) >>> shift) & (buckets - 1)
    const at = starts[bucket] ?? 0
    starts[bucket] = at + 1
    to[at * 2] = from[i * 2] ?? 0
    to[at * 2 + 1] = from[i * 2 + 1] ?? 0
  }
}

/** The same array, sorted where it is not already. */
export function ascending(codes: Int32Array): Int32Array {
  for (let i = 1; i < codes.length; i++) if ((codes[i] ?? 0) < (codes[i - 1] ?? 0)) return codes.sort()
  return codes
}
