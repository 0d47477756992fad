import type { Budget } from '../budget.ts'
import { spend } from '../budget.ts'
import type { Formula } from '../formula.ts'
import type { LeafTruth, Model } from '../truth.ts'
import { unsure } from '../truth.ts'
import type { Circuit } from './circuit.ts'
import { circuitOf } from './circuit.ts'

/**
 * The well-founded model of a system of atoms, with errors as unknown leaves: the alternating fixpoint of the normative text.
 * L(N) and H(N) are the least sets that solve all bodies, the atoms at negative occurrences fixed to N, errors lowered in L
 * and raised in H. From low = none and high = all, low = L(high) and high = H(low) to the limit.
 */
export function solve(bodies: readonly Formula[], budget: Budget, leaf: LeafTruth = () => unsure): Model {
  const circuit = circuitOf(bodies)
  let low: Uint8Array = new Uint8Array(bodies.length)
  let high: Uint8Array = new Uint8Array(bodies.length).fill(1)
  for (;;) {
    const nextLow = leastSet(circuit, 'low', high, leaf, budget)
    const nextHigh = leastSet(circuit, 'high', nextLow, leaf, budget)
    if (equal(low, nextLow) && equal(high, nextHigh)) return { low, high, leaf, memo: new Map() }
    low = nextLow
    high = nextHigh
  }
}

/** L or H: spreads from what is true by itself along the gates, each edge once. */
function leastSet(
  { nodes, outputs, edges }: Circuit,
  side: 'low' | 'high',
  negative: Uint8Array,
  leaf: LeafTruth,
  budget: Budget,
): Uint8Array {
  spend(budget, 'steps', nodes.length + edges)
  const missing = new Int32Array(nodes.length)
  const reached: number[] = []
  for (const [id, node] of nodes.entries()) {
    missing[id] = node.kind === 'gate' ? node.needed : startsTrue(node, side, negative, leaf) ? 0 : 1
    if (missing[id] === 0) reached.push(id)
  }
  for (let id = reached.pop(); id !== undefined; id = reached.pop()) {
    for (const output of outputs[id] ?? []) {
      const left = (missing[output] ?? 0) - 1
      missing[output] = left
      if (left === 0) reached.push(output)
    }
  }
  return Uint8Array.from(negative, (_, atom) => ((missing[atom] ?? 1) <= 0 ? 1 : 0))
}

type Input = Exclude<Circuit['nodes'][number], { kind: 'gate' }>

function startsTrue(node: Input, side: 'low' | 'high', negative: Uint8Array, leaf: LeafTruth): boolean {
  switch (node.kind) {
    case 'error':
      return side === 'high'
    case 'not-atom':
      return negative[node.atom] !== 1
    case 'leaf':
      return leaf(node.leaf)[side]
    case 'not-leaf':
      return !leaf(node.leaf)[side === 'low' ? 'high' : 'low']
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((value, i) => value === b[i])
}
