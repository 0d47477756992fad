import type { Formula } from '../../../src/runtime/formula.ts'
import type { LeafTruth, Model, Truth } from '../../../src/runtime/truth.ts'

type Solve = (bodies: readonly Formula[], budget: unknown, leaf?: LeafTruth) => Model

/**
 * The solver that the normative text warns of: it looks into an atom when it meets it, takes one that it is still looking into
 * for what it assumes, and remembers all that it finds on the way. So the answer depends on where it started.
 */
function depthFirst(assumed: boolean): Solve {
  return (bodies, _, leaf = () => ({ low: false, high: true })) => {
    const known = new Map<number, Truth>()
    const truthOf = (formula: Formula): Truth => {
      switch (formula.kind) {
        case 'constant':
          return { low: formula.value, high: formula.value }
        case 'error':
          return { low: false, high: true }
        case 'leaf':
          return leaf(formula.leaf)
        case 'atom':
          return visit(formula.atom)
        case 'not': {
          const { low, high } = truthOf(formula.operand)
          return { low: !high, high: !low }
        }
        case 'and':
        case 'or':
        case 'at-least': {
          const parts = formula.operands.map(truthOf)
          const enough = formula.kind === 'at-least' ? formula.count : formula.kind === 'or' ? 1 : parts.length
          return {
            low: parts.filter(({ low }) => low).length >= enough,
            high: parts.filter(({ high }) => high).length >= enough,
          }
        }
      }
    }
    const visit = (atom: number): Truth => {
      const found = known.get(atom)
      if (found !== undefined) return found
      known.set(atom, { low: assumed, high: assumed })
      const body = bodies[atom]
      if (body !== undefined) known.set(atom, truthOf(body))
      return known.get(atom) ?? { low: false, high: true }
    }
    const all = bodies.map((_, atom) => visit(atom))
    return {
      low: Uint8Array.from(all, ({ low }) => (low ? 1 : 0)),
      high: Uint8Array.from(all, ({ high }) => (high ? 1 : 0)),
      leaf,
      memo: new Map(),
    }
  }
}

export const assumingFalse = depthFirst(false)
export const assumingTrue = depthFirst(true)
