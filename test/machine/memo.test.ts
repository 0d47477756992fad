import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { and, Doubt, erring, not, or, type Truth } from '../../src/machine/doubt.ts'
import { type Memo, newMemo } from '../../src/machine/memo.ts'
import type { Body } from '../../src/machine/memo-entry.ts'

/** An atom's body in a system of equations: of its own component positively, of lower ones in either way. */
interface Equation {
  readonly kind: 'and' | 'or'
  readonly base: boolean | 'error'
  readonly own: readonly number[]
  readonly lower: readonly { readonly node: number; readonly negated: boolean }[]
}

/** By component, the lowest first. */
type System = readonly (readonly Equation[])[]

function shown(truth: Truth): string {
  return truth instanceof Doubt ? 'error' : `${truth}`
}

function connect(
  { kind, base, own, lower }: Equation,
  truthAt: (component: number, node: number) => Truth,
  at: number,
): Truth {
  const parts = [
    base === 'error' ? erring : base,
    ...own.map((node) => truthAt(at, node)),
    ...lower.map(({ node, negated }) => (negated ? not(truthAt(at - 1, node)) : truthAt(at - 1, node))),
  ]
  return parts.reduce<Truth>((a, b) => (kind === 'and' ? and(a, b) : or(a, b)), kind === 'and')
}

/** As the text says it: from false, until nothing changes, the lowest component first. */
function leastFixpoint(system: System): readonly (readonly Truth[])[] {
  const found: Truth[][] = []
  for (const [at, equations] of system.entries()) {
    const values: Truth[] = equations.map(() => false)
    found.push(values)
    for (let changed = true; changed; ) {
      changed = false
      for (const [i, equation] of equations.entries()) {
        const truth = connect(equation, (component, node) => found[component]?.[node] ?? false, at)
        if (shown(truth) !== shown(values[i] ?? false)) changed = true
        values[i] = truth
      }
    }
  }
  return found
}

/** The same by the memo; atoms are numbers of nodes, a body stands for each component. */
function remembered(system: System, limit = 1_000_000) {
  const r = { turn: 0, atoms: limit, tracing: false }
  const memo: Memo = newMemo(r)
  const truthAt = (component: number, node: number) => memo.truthOf(bodies[component] as Body, component, node, '')
  const bodies: Body[] = system.map(
    (equations, at) => (node) => connect(equations[Number(node)] as Equation, truthAt, at),
  )
  return { r, truthOf: truthAt }
}

const index = (size: number) => fc.nat({ max: Math.max(0, size - 1) })
const base = fc.constantFrom<Equation['base']>(true, false, false, 'error')
const equation = (own: number, lower: number): fc.Arbitrary<Equation> =>
  fc.record({
    kind: fc.constantFrom('or', 'or', 'and'),
    base,
    own: fc.array(index(own), { maxLength: 3 }),
    lower:
      lower === 0
        ? fc.constant([])
        : fc.array(fc.record({ node: index(lower), negated: fc.boolean() }), { maxLength: 2 }),
  })
const system: fc.Arbitrary<System> = fc
  .array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 })
  .chain((sizes) =>
    fc.tuple(
      ...sizes.map((size, i) => fc.array(equation(size, sizes[i - 1] ?? 0), { minLength: size, maxLength: size })),
    ),
  )

const single = (own: readonly number[], given: Equation['base'] = false): Equation => ({
  kind: 'or',
  base: given,
  own,
  lower: [],
})

describe('what the memo says of an atom', () => {
  it('is the least fixpoint, whatever has been asked before', () => {
    fc.assert(
      fc.property(system, fc.infiniteStream(fc.nat()), (equations, order) => {
        const expected = leastFixpoint(equations)
        const { truthOf } = remembered(equations)
        const atoms = equations.flatMap((all, component) => all.map((_, node) => [component, node] as const))
        const numbers = order.next().value ?? 0
        for (let i = 0; i < atoms.length; i++) {
          const [component, node] = atoms[(i * 7 + numbers) % atoms.length] ?? [0, 0]
          expect(shown(truthOf(component, node))).toBe(shown(expected[component]?.[node] ?? false))
        }
      }),
    )
  })

  it.each([false, true, 'error'] as const)('is found at the end of a chain of a hundred thousand: %s', (last) => {
    const chain = Array.from({ length: 100_000 }, (_, i) => (i === 99_999 ? single([], last) : single([i + 1])))
    expect(shown(remembered([chain]).truthOf(0, 0))).toBe(`${last}`)
  })

  it.each([false, true, 'error'] as const)('is found half-way round a cycle of a hundred thousand: %s', (half) => {
    const cycle = Array.from({ length: 100_000 }, (_, i) => single([(i + 1) % 100_000], i === 50_000 ? half : false))
    const { r, truthOf } = remembered([cycle])
    expect(shown(truthOf(0, 0))).toBe(`${half}`)
    expect(1_000_000 - r.atoms).toBeLessThanOrEqual(100_000)
    expect(shown(truthOf(0, 60_000))).toBe(half === true ? 'true' : `${half}`)
  })

  it('is found through ten thousand components, each negated by the next', () => {
    const components = Array.from({ length: 10_001 }, (_, i): Equation[] => [
      { kind: 'or', base: false, own: [], lower: i === 0 ? [] : [{ node: 0, negated: true }] },
    ])
    expect(remembered(components).truthOf(10_000, 0)).toBe(false)
    expect(remembered(components).truthOf(9_999, 0)).toBe(true)
  })

  it('looks at a hub among many that grow a few times, not as often as there are others', () => {
    const size = 20_000
    // Too deep to be looked into at once, and each an error that the hub hears of.
    const hub = [
      single(Array.from({ length: size }, (_, i) => i + 1)),
      ...Array.from({ length: size }, (_, i) => single([0, ((i + 7) % size) + 1], 'error')),
    ]
    const started = performance.now()
    expect(shown(remembered([hub]).truthOf(0, 0))).toBe('error')
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  it('is refused beyond the budget', () => {
    const chain = Array.from({ length: 1_000 }, (_, i) => single([i + 1]))
    expect(() => remembered([chain], 500).truthOf(0, 0)).toThrow()
  })
})
