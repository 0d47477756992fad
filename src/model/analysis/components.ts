/**
 * The strongly connected components that have an edge inside, by Tarjan's algorithm (1972), without recursion: a policy may
 * have a chain of a hundred thousand roles.
 */
export function components<T>(all: readonly T[], edges: (from: T) => readonly T[]): readonly (readonly T[])[] {
  const index = new Map<T, number>()
  const low = new Map<T, number>()
  const onStack = new Set<T>()
  const stack: T[] = []
  const found: T[][] = []
  for (const root of all) {
    if (index.has(root)) continue
    const path: { readonly node: T; readonly next: readonly T[]; at: number }[] = []
    const enter = (node: T): void => {
      index.set(node, index.size)
      low.set(node, index.size - 1)
      stack.push(node)
      onStack.add(node)
      path.push({ node, next: edges(node), at: 0 })
    }
    enter(root)
    for (let frame = path.at(-1); frame !== undefined; frame = path.at(-1)) {
      const target = frame.next[frame.at]
      frame.at += 1
      if (target !== undefined) {
        if (!index.has(target)) enter(target)
        else if (onStack.has(target)) low.set(frame.node, Math.min(low.get(frame.node) ?? 0, index.get(target) ?? 0))
        continue
      }
      path.pop()
      const parent = path.at(-1)
      if (parent !== undefined) low.set(parent.node, Math.min(low.get(parent.node) ?? 0, low.get(frame.node) ?? 0))
      if (low.get(frame.node) !== index.get(frame.node)) continue
      const component: T[] = []
      for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
        onStack.delete(member)
        component.push(member)
        if (member === frame.node) break
      }
      if (component.length > 1 || frame.next.includes(frame.node)) found.push(component)
    }
  }
  return found
}
