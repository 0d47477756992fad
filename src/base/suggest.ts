import type { Fix } from './diagnostic.ts'
import type { Span } from './source.ts'

/**
 * The candidate nearest to a name that was not found, or undefined when none is near: at most a third of the letters
 * differ (Damerau-Levenshtein, optimal string alignment), case ignored.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1
  const lower = name.toLowerCase()
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue
    const d = distance(lower, candidate.toLowerCase(), bestDistance)
    if (d < bestDistance) {
      best = candidate
      bestDistance = d
    }
  }
  return best
}

/** "did you mean `x`?" for what stands at a place, with the change where one candidate alone is near enough. */
export function suggestion(
  name: string,
  candidates: Iterable<string>,
  span: Span,
): { readonly help?: string; readonly fix?: Fix } {
  const all = [...candidates]
  const near = nearest(name, all)
  if (near === undefined) return {}
  const next = nearest(
    name,
    all.filter((one) => one !== near),
  )
  const apart = (one: string) => distance(name.toLowerCase(), one.toLowerCase(), name.length + one.length)
  // Of a name of two letters everything is near.
  const isClear = apart(near) * 3 <= name.length && (next === undefined || apart(next) > apart(near))
  return { help: `did you mean \`${near}\`?`, ...(isClear ? { fix: { edits: [{ span, text: near }] } } : {}) }
}

/** "did you mean `x`?" for the nearest candidate, or undefined. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const near = nearest(name, candidates)
  return near === undefined ? undefined : `did you mean \`${near}\`?`
}

const mostListed = 8

/** What there is, where nothing of it is near to what was written; undefined where there is nothing. */
export function listed(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined
  const shown = names.slice(0, mostListed).map((name) => `\`${name}\``)
  return `it has ${shown.join(', ')}${names.length > mostListed ? ', …' : ''}`
}

function distance(a: string, b: string, limit: number): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    let smallest = i
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let d = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        d = Math.min(d, (beforeLast[j - 2] ?? 0) + 1)
      row.push(d)
      smallest = Math.min(smallest, d)
    }
    if (smallest > limit) return smallest
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
