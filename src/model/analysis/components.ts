/**
 * The strongly connected components that have an edge inside, by Tarjan's algorithm (1972), without recursion: a policy may
 * have a chain of a hundred thousand roles.
 */
export function components<T>(all: readonly T[], edges: (from: T) => readonly T[]): readonly (readonly T[])[] {
  const frames = new Map<T, Frame<T>>()
  const stack: Frame<T>[] = []
  const found: T[][] = []
  const enter = (node: T): Frame<T> => {
    const frame = { node, next: edges(node), at: 0, index: frames.size, low: frames.size, onStack: true }
    frames.set(node, frame)
    stack.push(frame)
    return frame
  }
  for (const root of all) {
    if (frames.has(root)) continue
    const path = [enter(root)]
    for (let frame = path.at(-1); frame !== undefined; frame = path.at(-1)) {
      const target = frame.next[frame.at]
      frame.at += 1
      if (target !== undefined) {
        const known = frames.get(target)
        if (known === undefined) path.push(enter(target))
        else if (known.onStack) frame.low = Math.min(frame.low, known.index)
        continue
      }
      path.pop()
      const parent = path.at(-1)
      if (parent !== undefined) parent.low = Math.min(parent.low, frame.low)
      if (frame.low !== frame.index) continue
      const component: T[] = []
      for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
        member.onStack = false
        component.push(member.node)
        if (member === frame) break
      }
      if (component.length > 1 || frame.next.includes(frame.node)) found.push(component)
    }
  }
  return found
}

/** A node that has been reached, with how far its edges have been followed. */
interface Frame<T> {
  readonly node: T
  readonly next: readonly T[]
  at: number
  readonly index: number
  low: number
  onStack: boolean
}
