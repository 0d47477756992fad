import { alternatives, type Shape, union } from '../shape.ts'

/** Something that a test has shown: of the expression with this path. */
export type Narrowed =
  | { readonly kind: 'present'; readonly path: string }
  | { readonly kind: 'is' | 'is-not'; readonly path: string; readonly type: string }

/** What tests passed on the way to an expression have shown, newest first. */
export interface Narrowing {
  readonly shown: readonly Narrowed[]
  readonly before: Narrowing | undefined
}

export function narrow(before: Narrowing | undefined, shown: readonly Narrowed[]): Narrowing | undefined {
  return shown.length === 0 ? before : { shown, before }
}

export function isPresent(narrowing: Narrowing | undefined, path: string): boolean {
  for (let n = narrowing; n !== undefined; n = n.before)
    for (const shown of n.shown) if (shown.kind === 'present' && shown.path === path) return true
  return false
}

/** The shape of the expression with this path, after the `is` tests passed. */
export function narrowShape(narrowing: Narrowing | undefined, path: string, shape: Shape): Shape {
  if (narrowing === undefined || shape.kind === 'unknown' || shape.kind === 'actors') return shape
  let types = alternatives(shape)
  for (let n: Narrowing | undefined = narrowing; n !== undefined; n = n.before)
    for (const shown of n.shown) {
      if (shown.path !== path || shown.kind === 'present') continue
      const is = shown.kind === 'is'
      types = types.filter((t) => t.kind !== 'entity' || (t.name === shown.type) === is)
    }
  return types.length === alternatives(shape).length ? shape : union(types)
}

/**
 * A path as the policy writes it. What has no name of its own in a rule, a `let`'s value or a local, has a mark behind its name in
 * paths, since a local and a `let` may share one: `x#1.email`.
 */
export function shownPath(path: string): string {
  return path.replace(/^(\w+)#\w+/, '$1')
}

/** What both have shown: after an `or`, or where either branch may have been taken. */
export function common(a: readonly Narrowed[], b: readonly Narrowed[]): readonly Narrowed[] {
  return a.filter((x) =>
    b.some((y) => x.kind === y.kind && x.path === y.path && (x.kind === 'present' || x.type === (y as typeof x).type)),
  )
}
