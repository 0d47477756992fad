/** Sets of offers, each enough by itself and none weaker than another. None: nothing is enough. The empty one: nothing is needed. */
export type Antichain = readonly (readonly number[])[]

export const impossible: Antichain = []
export const needless: Antichain = [[]]

const maxOffers = 4
/** More alternatives than are ever told are kept on the way, since later parts may merge some. */
const maxKept = 64

/** What offers, by number, are to each other. */
export interface Among {
  /** Having the first is having the second, too. */
  implies(first: number, second: number): boolean
  /** Nobody can have both. */
  clash(first: number, second: number): boolean
}

/** How sets of offers are put together; `truncate` is called when one is left out for being too large, or one too many. */
export function antichains({ implies, clash }: Among, truncate: () => void) {
  const covers = (stronger: readonly number[], weaker: readonly number[]) =>
    weaker.every((offer) => stronger.some((other) => implies(other, offer)))

  /** Without what others of the set imply; undefined where nobody could have it all, or it is too large. */
  const reduced = (set: readonly number[]): readonly number[] | undefined => {
    const distinct = [...new Set(set)].sort((a, b) => a - b)
    const kept = distinct.filter((offer) => !distinct.some((other) => other !== offer && implies(other, offer)))
    if (kept.some((offer, i) => kept.some((other, j) => i < j && clash(offer, other)))) return undefined
    if (kept.length <= maxOffers) return kept
    truncate()
    return undefined
  }

  const minimal = (sets: readonly (readonly number[])[]): Antichain => {
    const found: (readonly number[])[] = []
    for (const set of [...sets].sort(smallerFirst)) {
      if (found.length <= 2 * maxKept && !found.some((other) => covers(set, other))) found.push(set)
    }
    // Of equally small ones a later may be weaker than an earlier.
    const weakest = found.filter((set) => !found.some((other) => other !== set && covers(set, other)))
    if (weakest.length <= maxKept && found.length <= 2 * maxKept) return weakest
    truncate()
    return weakest.slice(0, maxKept)
  }

  const either = (alternatives: readonly Antichain[]): Antichain => minimal(alternatives.flat())

  const both = (a: Antichain, b: Antichain): Antichain => {
    const sets: (readonly number[])[] = []
    for (const left of a) {
      for (const right of b) {
        const set = reduced([...left, ...right])
        if (set !== undefined) sets.push(set)
      }
    }
    return minimal(sets)
  }

  const every = (parts: readonly Antichain[]): Antichain => inOrder(parts).reduce(both, needless)

  /** Enough for that many of the parts. */
  const several = (count: number, parts: readonly Antichain[]): Antichain => {
    let enough: readonly Antichain[] = [needless, ...Array<Antichain>(Math.max(0, count)).fill(impossible)]
    for (const part of inOrder(parts)) {
      enough = enough.map((sets, n) => (n === 0 ? sets : either([sets, both(enough[n - 1] ?? impossible, part)])))
    }
    return enough[Math.max(0, count)] ?? impossible
  }

  return { either, every, several }
}

function smallerFirst(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return a.length - b.length
  const differs = a.findIndex((offer, i) => offer !== b[i])
  return differs === -1 ? 0 : (a[differs] ?? 0) - (b[differs] ?? 0)
}

/** What is left out of too many must not depend on the order in which the parts were written. */
function inOrder(parts: readonly Antichain[]): readonly Antichain[] {
  const named = parts.map((part) => [part.map((set) => set.join()).join(';'), part] as const)
  return named.sort(([a], [b]) => (a < b ? -1 : a === b ? 0 : 1)).map(([, part]) => part)
}

export function sameSets(a: Antichain, b: Antichain): boolean {
  return a.length === b.length && a.every((set, i) => set.join() === b[i]?.join())
}
