/** How deep sets and records may nest where they are visited as a whole: equality, keys, storing. */
export const maxDepth = 64

/** How many values one such visit may meet; a directed acyclic graph is counted as the tree that it stands for. */
export const maxNodes = 100_000

/** UTF-8 bytes of an entity id. */
export const maxIdBytes = 1024

/** UTF-16 units of a string that concatenation may make. */
export const maxTextLength = 65_536

/** What is left of `maxNodes` in one visit. */
export interface Budget {
  nodes: number
}

export function newBudget(): Budget {
  return { nodes: maxNodes }
}

/** Counts one node at this depth; false where the visit has to end. */
export function spend(budget: Budget, depth: number): boolean {
  budget.nodes -= 1
  return budget.nodes >= 0 && depth <= maxDepth
}
