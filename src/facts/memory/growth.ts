/** Of cells. */
const many = 1 << 14

/**
 * How many cells there are to be once so many are used up: half as many again; of many a quarter, since what is not used takes room,
 * and old and new are in memory together for a while.
 */
export function grown(length: number): number {
  return Math.ceil(length * (length < many ? 1.5 : 1.25))
}
