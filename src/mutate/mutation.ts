import type { Span } from '../base/source.ts'

/** A tree with one thing changed. What is dropped of a list may leave two nodes, or none. */
export interface Mutation<T> {
  readonly nodes: readonly T[]
  readonly at: Span
  /** In words that follow "no test fails": `without this rule`. */
  readonly change: string
  /** It leaves nothing of the rule or role: where no test notices, none notices less. */
  readonly whole?: true
  /** Something is about more than before. */
  readonly wider?: true
}

/** The mutations of one item of a list, in the list; `put` makes what holds the list. */
export function inList<T, Whole>(
  items: readonly T[],
  of: (item: T) => Iterable<Mutation<T>>,
  put: (items: readonly T[]) => Whole,
): readonly Mutation<Whole>[] {
  return items.flatMap((item, i) =>
    [...of(item)].map(({ nodes, ...rest }) => ({ ...rest, nodes: [put(items.toSpliced(i, 1, ...nodes))] })),
  )
}

/** The mutations of a part, in its whole. */
export function inside<T, Whole>(
  mutations: Iterable<Mutation<T>>,
  put: (part: T) => Whole,
): readonly Mutation<Whole>[] {
  return [...mutations].map(({ nodes, ...rest }) => ({ ...rest, nodes: nodes.map(put) }))
}

/** Each item of a list left out, where others are left. */
export function without<T extends { readonly span: Span }>(
  items: readonly T[],
  change: string,
): readonly Mutation<readonly T[]>[] {
  if (items.length < 2) return []
  return items.map((item, i) => ({ nodes: [items.toSpliced(i, 1)], at: item.span, change }))
}
