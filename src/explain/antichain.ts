import type { Offers } from './offers.ts'

/** Sets of offers, each enough by itself and none weaker than another. None: nothing is enough. The empty one: nothing is needed. */
export type Antichain = readonly (readonly number[])[]

export const impossible: Antichain = []
export const needless: Antichain = [[]]

const maxFacts = 4
/** More alternatives than are ever told are kept on the way, since later parts may merge some. */
const maxKept = 64

/** How sets of offers are put together; `truncate` is called when one is left out for being too large, or one too many. */
export function antichains({ offers, implies }: Offers, truncate: () => void) {
  const covers = (stronger: readonly number[], weaker: readonly number[]) =>
    weaker.every((fact) => stronger.some((other) => implies(other, fact)))

  /** Without what others of the set imply; undefined where no caller could have it all, or it is too large. */
  const reduced = (set: readonly number[]): readonly number[] | undefined => {
    const distinct = [...new Set(set)].sort((a, b) => a - b)
    const kept = distinct.filter((fact) => !distinct.some((other) => other !== fact && implies(other, fact)))
    // A token has one authentication context.
    if (kept.filter((fact) => offers[fact]?.fact.kind === 'acr').length > 1) return undefined
    if (kept.length <= maxFacts) return kept
    truncate()
    return undefined
  }

  const minimal = (sets: readonly (readonly number[])[]): Antichain => {
    const found: (readonly number[])[] = []
    for (const set of [...sets].sort(smallerFirst)) if (!found.some((other) => covers(set, other))) found.push(set)
    // Of equally small ones a later may be weaker than an earlier.
    const weakest = found.filter((set) => !found.some((other) => other !== set && covers(set, other)))
    if (weakest.length <= maxKept) return weakest
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

  const every = (parts: readonly Antichain[]): Antichain => parts.reduce(both, needless)

  /** Enough for that many of the parts. */
  const several = (count: number, parts: readonly Antichain[]): Antichain => {
    let enough: readonly Antichain[] = [needless, ...Array<Antichain>(Math.max(0, count)).fill(impossible)]
    for (const part of parts) {
      enough = enough.map((sets, n) => (n === 0 ? sets : either([sets, both(enough[n - 1] ?? impossible, part)])))
    }
    return enough[Math.max(0, count)] ?? impossible
  }

  return { either, every, several, covers }
}

function smallerFirst(a: readonly number[], b: readonly number[]): number {
  return a.length - b.length || (a.join() < b.join() ? -1 : 1)
}

export function sameSets(a: Antichain, b: Antichain): boolean {
  return a.length === b.length && a.every((set, i) => set.join() === b[i]?.join())
}
