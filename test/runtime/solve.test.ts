import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maximum } from '../../src/runtime/budget.ts'
import type { Formula } from '../../src/runtime/formula.ts'
import { solve } from '../../src/runtime/solve/solve.ts'
import { evaluationError } from '../../src/value/evaluation-error.ts'

const error: Formula = { kind: 'error', error: evaluationError('absent', 'x') }

function formulas(atoms: number): fc.Arbitrary<Formula> {
  const { formula } = fc.letrec<{ formula: Formula }>((tie) => ({
    formula: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.nat(atoms - 1).map((atom): Formula => ({ kind: 'atom', atom })),
      fc.constantFrom<Formula>({ kind: 'constant', value: true }, { kind: 'constant', value: false }, error),
      tie('formula').map((operand): Formula => ({ kind: 'not', operand })),
      fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('formula'), { maxLength: 3 }))
        .map(([kind, operands]): Formula => ({ kind, operands })),
      fc
        .tuple(fc.nat(4), fc.array(tie('formula'), { maxLength: 3 }))
        .map(([count, operands]): Formula => ({ kind: 'at-least', count, operands })),
    ),
  }))
  return formula
}

const systems = fc.integer({ min: 1, max: 5 }).chain((n) => fc.array(formulas(n), { minLength: n, maxLength: n }))

/** The tables of the normative text: one component of a formula's interval, the atoms given for either. */
function component(formula: Formula, side: 'low' | 'high', low: readonly boolean[], high: readonly boolean[]): boolean {
  const of = (operand: Formula) => component(operand, side, low, high)
  switch (formula.kind) {
    case 'constant':
      return formula.value
    case 'error':
      return side === 'high'
    case 'leaf':
      throw new Error('no leaves here')
    case 'atom':
      return (side === 'low' ? low : high)[formula.atom] ?? false
    case 'not':
      return !component(formula.operand, side === 'low' ? 'high' : 'low', low, high)
    case 'and':
      return formula.operands.every(of)
    case 'or':
      return formula.operands.some(of)
    case 'at-least':
      return formula.operands.filter(of).length >= formula.count
  }
}

/** L(N) or H(N), by applying all bodies until nothing changes. */
function least(bodies: readonly Formula[], side: 'low' | 'high', fixed: readonly boolean[]): readonly boolean[] {
  let found = bodies.map(() => false)
  for (;;) {
    const next = bodies.map((body) =>
      side === 'low' ? component(body, side, found, fixed) : component(body, side, fixed, found),
    )
    if (next.every((value, i) => value === found[i])) return found
    found = next
  }
}

/** Every interpretation with low = L(high) and high = H(low), by trying all. */
function* stable(bodies: readonly Formula[]): Iterable<{ low: readonly boolean[]; high: readonly boolean[] }> {
  for (let code = 0; code < 3 ** bodies.length; code++) {
    const digits = bodies.map((_, i) => Math.floor(code / 3 ** i) % 3)
    const low = digits.map((digit) => digit === 2)
    const high = digits.map((digit) => digit > 0)
    const same = (a: readonly boolean[], b: readonly boolean[]) => a.every((value, i) => value === b[i])
    if (same(least(bodies, 'low', high), low) && same(least(bodies, 'high', low), high)) yield { low, high }
  }
}

function solved(bodies: readonly Formula[]) {
  const { low, high } = solve(bodies, { ...maximum })
  return { low: [...low].map(Boolean), high: [...high].map(Boolean) }
}

describe('solve', () => {
  it('gives the least informed of all stable interpretations, which is the well-founded model', () => {
    fc.assert(
      fc.property(systems, (bodies) => {
        const model = solved(bodies)
        const all = [...stable(bodies)]
        expect(all).toContainEqual(model)
        for (const { low, high } of all) {
          for (const i of bodies.keys()) {
            if (model.low[i]) expect(low[i]).toBe(true)
            if (!model.high[i]) expect(high[i]).toBe(false)
          }
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('does not depend on the order of the atoms', () => {
    fc.assert(
      fc.property(systems, (bodies) => {
        const last = bodies.length - 1
        const turned = (formula: Formula): Formula => {
          switch (formula.kind) {
            case 'atom':
              return { kind: 'atom', atom: last - formula.atom }
            case 'not':
              return { ...formula, operand: turned(formula.operand) }
            case 'and':
            case 'or':
            case 'at-least':
              return { ...formula, operands: formula.operands.map(turned).reverse() }
            default:
              return formula
          }
        }
        const model = solved(bodies.map(turned).reverse())
        expect({ low: model.low.reverse(), high: model.high.reverse() }).toEqual(solved(bodies))
      }),
    )
  })

  it('never has an atom that is true and false', () => {
    fc.assert(
      fc.property(systems, (bodies) => {
        const { low, high } = solved(bodies)
        for (const i of bodies.keys()) if (low[i]) expect(high[i]).toBe(true)
      }),
    )
  })

  it('solves a long cycle and a long chain without a deep stack', () => {
    const length = 100_000
    const ring = Array.from({ length }, (_, i): Formula => ({ kind: 'atom', atom: (i + 1) % length }))
    expect(solved(ring).high.some(Boolean)).toBe(false)
    const seeded: Formula[] = [...ring]
    seeded[length - 1] = { kind: 'constant', value: true }
    expect(solved(seeded).low.every(Boolean)).toBe(true)
  })
})
