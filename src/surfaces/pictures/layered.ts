/**
 * A directed graph in layers: what an edge leaves lies left of what it enters, but for edges that close a circle. An edge over several layers
 * passes a place in each of those between; such places have numbers from `count` on.
 */
export interface Layered {
  /** Nodes and places, layer by layer, in order. */
  readonly layers: readonly (readonly number[])[]
  /** For each edge, what it passes, both ends included. */
  readonly routes: readonly (readonly number[])[]
}

const sweeps = 8

export function layered(count: number, edges: readonly (readonly [from: number, to: number])[]): Layered {
  const layer = layersOf(count, edges)
  const routes = edges.map(([from, to]) => {
    const route = [from]
    for (let at = (layer[from] ?? 0) + 1; at < (layer[to] ?? 0); at++) route.push(layer.push(at) - 1)
    return [...route, to]
  })
  const layers: number[][] = []
  for (const [node, at] of layer.entries()) {
    while (layers.length <= at) layers.push([])
    layers[at]?.push(node)
  }
  return { layers: ordered(layers, layer, routes), routes }
}

/** Each goes to the middle of its neighbours in the layers on one side, to and fro. */
function ordered(
  layers: readonly number[][],
  layer: readonly number[],
  routes: readonly (readonly number[])[],
): readonly (readonly number[])[] {
  const beside: number[][] = layer.map(() => [])
  for (const route of routes) {
    for (const [i, node] of route.entries()) {
      const next = route[i + 1]
      if (next === undefined) continue
      beside[node]?.push(next)
      beside[next]?.push(node)
    }
  }
  const order: number[] = []
  const number = (some: readonly number[]) => {
    for (const [i, node] of some.entries()) order[node] = i
  }
  for (const some of layers) number(some)
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const leftwards = sweep % 2 === 1
    for (const some of leftwards ? layers.toReversed() : layers) {
      const middle = new Map(
        some.map((node) => {
          const near = (beside[node] ?? []).filter((other) => (layer[other] ?? 0) < (layer[node] ?? 0) !== leftwards)
          const sum = near.reduce((total, other) => total + (order[other] ?? 0), 0)
          return [node, near.length === 0 ? (order[node] ?? 0) : sum / near.length]
        }),
      )
      some.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0) || (order[a] ?? 0) - (order[b] ?? 0))
      number(some)
    }
  }
  return layers
}

/** The longest way to each node, edges that lead back left out. */
function layersOf(count: number, edges: readonly (readonly [from: number, to: number])[]): number[] {
  const after: number[][] = Array.from({ length: count }, () => [])
  for (const [from, to] of edges) if (from !== to) after[from]?.push(to)
  const state = new Uint8Array(count)
  const finished: number[] = []
  const back = new Set<string>()
  for (let root = 0; root < count; root++) {
    if (state[root] !== 0) continue
    const open: { node: number; next: number }[] = [{ node: root, next: 0 }]
    state[root] = 1
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const to = after[top.node]?.[top.next++]
      if (to === undefined) {
        state[top.node] = 2
        finished.push(top.node)
        open.pop()
      } else if (state[to] === 1) back.add(`${top.node} ${to}`)
      else if (state[to] === 0) {
        state[to] = 1
        open.push({ node: to, next: 0 })
      }
    }
  }
  const layer = Array<number>(count).fill(0)
  for (const node of finished.reverse()) {
    for (const to of after[node] ?? []) {
      if (!back.has(`${node} ${to}`)) layer[to] = Math.max(layer[to] ?? 0, (layer[node] ?? 0) + 1)
    }
  }
  return layer
}
