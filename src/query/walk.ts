import { containment, type Facts, type Mention } from '../facts/store.ts'
import { exhausted } from '../runtime/budget.ts'
import type { Run } from '../runtime/run.ts'

/** One way through the facts, which counts what it visits and ends where it has visited too much. */
export interface Walk {
  readonly facts: Facts
  readonly now: number
  /** Entities and facts looked at, and candidates decided about. */
  visited: number
  readonly most: number
}

/** What one question may visit. */
export const mostVisited = 1_000_000

export function newWalk({ facts, question }: Run, most: number): Walk {
  return { facts, now: typeof question.now === 'number' ? question.now : Number.NaN, visited: 0, most }
}

/** @throws `exhausted` past what may be visited */
export function visit(walk: Walk): void {
  if (walk.visited >= walk.most) throw exhausted
  walk.visited += 1
}

/** The facts in force about a subject, found from it: an entity's key, or `*T`. */
export function pointing(walk: Walk, subject: string, relation: string, type?: string): readonly Mention[] {
  const found: Mention[] = []
  for (const mention of walk.facts.mentions(subject, relation, type)) {
    visit(walk)
    const { until } = mention.fact
    if (until === undefined || walk.now < until) found.push(mention)
  }
  return found
}

/** The entities that hold this one in a field, or that it contains. */
export function holding(walk: Walk, key: string, relation: string, type?: string): readonly string[] {
  const objects: string[] = []
  for (const { object, fact } of pointing(walk, key, relation, type))
    if (fact.subject.kind === 'entity') objects.push(object)
  return objects
}

/** These entities and all that they contain, directly or not. */
export function inside(walk: Walk, keys: Iterable<string>): ReadonlySet<string> {
  const found = new Set(keys)
  for (const key of found) for (const contained of holding(walk, key, containment)) found.add(contained)
  return found
}

/** From where a path leads to one of these entities; of a type, where one is said. */
export function against(
  walk: Walk,
  path: readonly string[],
  targets: Iterable<string>,
  type?: string,
): ReadonlySet<string> {
  let reached: ReadonlySet<string> = new Set(targets)
  for (const [back, relation] of path.toReversed().entries()) {
    const before = new Set<string>()
    const last = back === path.length - 1
    for (const key of reached)
      for (const object of holding(walk, key, relation, last ? type : undefined)) before.add(object)
    reached = before
  }
  if (path.length > 0 || type === undefined) return reached
  return new Set([...reached].filter((key) => isOf(key, type)))
}

export function isOf(key: string, type: string): boolean {
  return key.startsWith(type) && key[type.length] === ':'
}
