/** A directed graph in layers: what an edge leaves lies left of what it enters, but for edges that close a circle. */
export interface Layered {
  /** Of each node, by its place in the list, its layer and its place in that. */
  readonly places: readonly { readonly layer: number; readonly order: number }[]
  readonly layers: readonly (readonly number[])[]
}

const sweeps = 8

export function layered(count: number, edges: readonly (readonly [from: number, to: number])[]): Layered {
  const after: number[][] = Array.from({ length: count }, () => [])
  for (const [from, to] of edges) if (from !== to) after[from]?.push(to)
  const layer = longestWays(count, after)
  const layers: number[][] = []
  for (let node = 0; node < count; node++) {
    const at = layer[node] ?? 0
    while (layers.length <= at) layers.push([])
    layers[at]?.push(node)
  }
  const order = new Map<number, number>()
  const number = () => {
    for (const some of layers) for (const [i, node] of some.entries()) order.set(node, i)
  }
  number()
  const beside: number[][] = Array.from({ length: count }, () => [])
  for (const [from, to] of edges) {
    beside[from]?.push(to)
    beside[to]?.push(from)
  }
  // Each node goes to the middle of its neighbours in the layers on one side, to and fro.
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const leftwards = sweep % 2 === 1
    for (const some of leftwards ? layers.toReversed() : layers) {
      const middle = new Map(
        some.map((node) => {
          const near = (beside[node] ?? []).filter((other) => (layer[other] ?? 0) < (layer[node] ?? 0) !== leftwards)
          const sum = near.reduce((total, other) => total + (order.get(other) ?? 0), 0)
          return [node, near.length === 0 ? (order.get(node) ?? 0) : sum / near.length]
        }),
      )
      some.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0) || (order.get(a) ?? 0) - (order.get(b) ?? 0))
      number()
    }
  }
  return {
    places: Array.from({ length: count }, (_, node) => ({ layer: layer[node] ?? 0, order: order.get(node) ?? 0 })),
    layers,
  }
}

/** The longest way to each node, edges that lead back left out. */
function longestWays(count: number, after: readonly (readonly number[])[]): readonly number[] {
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
