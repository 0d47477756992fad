import type { Formula } from '../formula.ts'

/**
 * The bodies of all atoms in negation normal form, as one graph of threshold gates. The first nodes are the atoms, each true
 * if its body is; a gate is true when `needed` of its inputs are (`and`: all, `or`: one). Negation stands only in front of
 * atoms and leaves, so that everything grows with the atoms that are true.
 */
export interface Circuit {
  readonly nodes: readonly Node[]
  /** For every node the gates that it is an input of, once for each time. */
  readonly outputs: readonly (readonly number[])[]
  readonly edges: number
}

type Node =
  | { readonly kind: 'gate'; readonly needed: number }
  | { readonly kind: 'error' }
  | { readonly kind: 'not-atom'; readonly atom: number }
  | { readonly kind: 'leaf' | 'not-leaf'; readonly leaf: number }

export function circuitOf(bodies: readonly Formula[]): Circuit {
  const nodes: Node[] = bodies.map(() => ({ kind: 'gate', needed: 1 }))
  const outputs: number[][] = bodies.map(() => [])
  const seen = { true: new Map<Formula, number>(), false: new Map<Formula, number>() }
  let edges = 0

  const add = (node: Node): number => {
    outputs.push([])
    return nodes.push(node) - 1
  }
  const connect = (from: number, to: number) => {
    outputs[from]?.push(to)
    edges++
  }
  const gate = (needed: number, operands: readonly Formula[], positive: boolean): number => {
    const inputs = operands.map((operand) => nodeOf(operand, positive))
    const id = add({ kind: 'gate', needed: Math.max(0, needed) })
    for (const input of inputs) connect(input, id)
    return id
  }
  const make = (formula: Formula, positive: boolean): number => {
    switch (formula.kind) {
      case 'constant':
        return add({ kind: 'gate', needed: formula.value === positive ? 0 : 1 })
      case 'error':
        return add({ kind: 'error' })
      case 'atom':
        return positive ? formula.atom : add({ kind: 'not-atom', atom: formula.atom })
      case 'leaf':
        return add({ kind: positive ? 'leaf' : 'not-leaf', leaf: formula.leaf })
      case 'not':
        return nodeOf(formula.operand, !positive)
      case 'and':
      case 'or':
        return gate((formula.kind === 'and') === positive ? formula.operands.length : 1, formula.operands, positive)
      case 'at-least': {
        // Not at least n of m: at least m - n + 1 are not.
        const needed = positive ? formula.count : formula.operands.length - formula.count + 1
        return gate(needed, formula.operands, positive)
      }
    }
  }
  const nodeOf = (formula: Formula, positive: boolean): number => {
    const known = seen[`${positive}`].get(formula)
    if (known !== undefined) return known
    const id = make(formula, positive)
    seen[`${positive}`].set(formula, id)
    return id
  }

  for (const [atom, body] of bodies.entries()) connect(nodeOf(body, true), atom)
  return { nodes, outputs, edges }
}
