import type { Edit } from './edit.ts'
import type { Proposed } from './nearest.ts'
import { type Proposal, preferred } from './proposals.ts'

const maxWays = 8
const maxTried = 64

export interface Ways {
  readonly ways: readonly (readonly Proposal[])[]
  readonly truncated: boolean
}

/**
 * The sets of proposals that are enough when the decision is made again, and of which no part is. One edit may do more than what it
 * was proposed for, so that a part of a set can be enough: then that part is the way.
 */
export function waysAmong(
  { sets, proposals, truncated }: Proposed,
  isEnough: (edits: readonly Edit[]) => boolean,
): Ways {
  const of = (set: readonly number[]) => set.flatMap((number) => proposals[number] ?? [])
  const candidates = sets.map((set) => ({ set, way: of(set) })).sort((a, b) => smallerFirst(a.way, b.way))
  const known = new Map<string, boolean>()
  const enough = (set: readonly number[]): boolean => {
    const key = set.join()
    let answer = known.get(key)
    if (answer === undefined) {
      answer = set.length > 0 && isEnough(of(set).map(({ edit }) => edit))
      known.set(key, answer)
    }
    return answer
  }
  const found = new Map<string, readonly number[]>()
  let isCut = truncated
  try {
    for (const [tried, { set }] of candidates.entries()) {
      if (tried >= maxTried || found.size >= maxWays) {
        isCut = true
        break
      }
      const covered = [...found.values()].some((way) => way.every((one) => set.includes(one)))
      if (covered || !enough(set)) continue
      for (const way of smallest(set, enough)) found.set(way.join(), way)
    }
  } catch {
    // The budget is spent: what has been found is right.
    isCut = true
  }
  const all = [...found.values()]
  const minimal = all.filter((set) => !all.some((other) => other !== set && other.every((one) => set.includes(one))))
  const ways = minimal.map(of).sort(smallerFirst)
  return { ways: ways.slice(0, maxWays), truncated: isCut || ways.length > maxWays }
}

/** Of a set that is enough the parts that are, and that have no smaller such part. */
function smallest(
  set: readonly number[],
  enough: (part: readonly number[]) => boolean,
): readonly (readonly number[])[] {
  let parts: readonly (readonly number[])[] = [[]]
  for (const one of set) parts = parts.flatMap((part) => [part, [...part, one]])
  const found: (readonly number[])[] = []
  for (const part of [...parts].sort((a, b) => a.length - b.length)) {
    if (!found.some((other) => other.every((one) => part.includes(one))) && enough(part)) found.push(part)
  }
  return found
}

/** The fewest changes first; of as many, by what they are, the least preferred of each deciding. */
function smallerFirst(a: readonly Proposal[], b: readonly Proposal[]): number {
  if (a.length !== b.length) return a.length - b.length
  const [x, y] = [a.toSorted(preferred), b.toSorted(preferred)]
  for (let i = x.length - 1; i >= 0; i--) {
    const order = preferred(x[i] as Proposal, y[i] as Proposal)
    if (order !== 0) return order
  }
  return 0
}
