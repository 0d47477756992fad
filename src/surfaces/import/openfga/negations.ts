import type { Model, RelationDefinition, Rewrite } from './model.ts'

/** What each relation, as `type#relation`, looks into. */
interface Graph {
  readonly keys: readonly string[]
  readonly edges: (key: string) => readonly Edge[]
}

function graphOf(model: Model): Graph {
  const relations = new Map<string, RelationDefinition>()
  const types = new Map<string, string>()
  for (const type of model.types)
    for (const relation of type.relations) {
      relations.set(`${type.name}#${relation.name}`, relation)
      types.set(`${type.name}#${relation.name}`, type.name)
    }
  const edges = (key: string): readonly Edge[] => {
    const relation = relations.get(key)
    const type = types.get(key)
    if (relation === undefined || type === undefined) return []
    return [...edgesOf(relation.rewrite, type, relation, relations, false)]
  }
  return { keys: [...relations.keys()], edges }
}

/** The relations that lead back to themselves through their own `but not`. */
export function selfNegating(model: Model): ReadonlySet<string> {
  const { keys, edges } = graphOf(model)
  const component = componentsOf(keys, (key) => edges(key).map(({ to }) => to))
  return new Set(
    keys.filter((key) => edges(key).some(({ to, negative }) => negative && component.get(to) === component.get(key))),
  )
}

/**
 * Where some relations lack holders, because a condition is not translated: the relations that others would hold for that, since
 * they stand behind a `but not` in them, and all that look into these.
 */
export function widened(
  model: Model,
  conditions: ReadonlySet<string>,
): { readonly closed: ReadonlySet<string>; readonly doubtful: ReadonlySet<string> } {
  const { keys, edges } = graphOf(model)
  const lacking = new Set(
    model.types.flatMap((type) =>
      type.relations
        .filter(({ direct }) => direct.some(({ condition }) => condition !== undefined && !conditions.has(condition)))
        .map(({ name }) => `${type.name}#${name}`),
    ),
  )
  const closed = new Set<string>()
  for (let before = -1; before < lacking.size + closed.size; ) {
    before = lacking.size + closed.size
    for (const key of keys)
      for (const { to, negative } of edges(key)) {
        if (!lacking.has(to)) continue
        lacking.add(key)
        if (negative) closed.add(key)
      }
  }
  const doubtful = new Set(closed)
  for (let before = -1; before < doubtful.size; ) {
    before = doubtful.size
    for (const key of keys) if (edges(key).some(({ to }) => doubtful.has(to))) doubtful.add(key)
  }
  return { closed, doubtful }
}

interface Edge {
  readonly to: string
  readonly negative: boolean
}

function* edgesOf(
  rewrite: Rewrite,
  type: string,
  relation: RelationDefinition,
  all: ReadonlyMap<string, RelationDefinition>,
  negative: boolean,
): Iterable<Edge> {
  switch (rewrite.kind) {
    case 'or':
    case 'and':
      for (const one of rewrite.of) yield* edgesOf(one, type, relation, all, negative)
      break
    case 'but-not':
      yield* edgesOf(rewrite.base, type, relation, all, negative)
      yield* edgesOf(rewrite.subtract, type, relation, all, !negative)
      break
    case 'direct':
      for (const direct of relation.direct)
        if (direct.relation !== undefined) yield { to: `${direct.type}#${direct.relation}`, negative }
      break
    case 'computed':
      yield { to: `${type}#${rewrite.relation}`, negative }
      break
    case 'from':
      for (const parent of all.get(`${type}#${rewrite.tupleset}`)?.direct ?? [])
        yield { to: `${parent.type}#${rewrite.relation}`, negative }
      break
  }
}

/** The number of the strongly connected component of each node, by Tarjan's algorithm (1972), without recursion. */
function componentsOf(
  nodes: readonly string[],
  next: (node: string) => readonly string[],
): ReadonlyMap<string, number> {
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const component = new Map<string, number>()
  const stack: string[] = []
  const lower = (node: string, to: number) => low.set(node, Math.min(low.get(node) ?? to, to))
  for (const root of nodes) {
    if (index.has(root)) continue
    const path: { readonly node: string; readonly to: readonly string[]; at: number }[] = []
    const enter = (node: string) => {
      index.set(node, index.size)
      low.set(node, index.get(node) ?? 0)
      stack.push(node)
      path.push({ node, to: next(node), at: 0 })
    }
    enter(root)
    for (let frame = path.at(-1); frame !== undefined; frame = path.at(-1)) {
      const target = frame.to[frame.at]
      frame.at += 1
      if (target !== undefined) {
        if (!index.has(target)) enter(target)
        else if (!component.has(target)) lower(frame.node, index.get(target) ?? 0)
        continue
      }
      path.pop()
      const parent = path.at(-1)
      if (parent !== undefined) lower(parent.node, low.get(frame.node) ?? 0)
      if (low.get(frame.node) !== index.get(frame.node)) continue
      for (const member of stack.splice(stack.lastIndexOf(frame.node)))
        component.set(member, index.get(frame.node) ?? 0)
    }
  }
  return component
}
