import type { Entity } from '../../value/value.ts'
import type { Line, Lines } from '../bodies/lines.ts'
import type { Formula } from '../formula.ts'
import { always, atLeast, conjunction, mapOr, negation, never } from '../formula.ts'
import type { Binding } from '../scope.ts'
import type { Leaf, System } from '../system.ts'
import type { Model } from '../truth.ts'
import { truthOf } from '../truth.ts'
import type { EntityParts, Residual, ResidualAtom, ResidualBinding, ResidualLeaf, ResidualLine } from './residual.ts'
import { toWireFormula } from './wire-formula.ts'
import { toWire } from './wire-value.ts'

/**
 * The residual of a question: what the model is certain of becomes a constant, and only what the lines still depend on is
 * kept. The model takes leaves as errors, so that what it is certain of holds whatever they turn out to be.
 */
export function reduce(lines: Lines, system: System, model: Model): Residual {
  const atoms = numbering<number>()
  const leaves = numbering<number>()
  const memo = new Map<Formula, Formula>()
  const reduced = (formula: Formula): Formula => {
    let result = memo.get(formula)
    if (result === undefined) {
      result = reduceNew(formula)
      memo.set(formula, result)
    }
    return result
  }
  const reduceNew = (formula: Formula): Formula => {
    const { low, high } = truthOf(formula, model)
    if (low === high) return low ? always : never
    switch (formula.kind) {
      case 'constant':
      case 'error':
        return formula
      case 'atom':
        return { kind: 'atom', atom: atoms.of(formula.atom) }
      case 'leaf':
        return { kind: 'leaf', leaf: leaves.of(formula.leaf) }
      case 'not':
        return negation(reduced(formula.operand))
      case 'and':
        return conjunction(formula.operands.map(reduced))
      case 'or':
        return mapOr(formula, reduced)
      case 'at-least':
        return atLeast(formula.count, formula.operands.map(reduced))
    }
  }
  const reducedLines = (some: readonly Line[]): readonly ResidualLine[] =>
    some
      .map(({ rule, condition }) => ({ rule: rule.id, condition: toWireFormula(reduced(condition)) }))
      .filter(({ condition }) => condition.kind !== 'constant' || condition.value)

  const root = {
    allow: reducedLines(lines.allow),
    deny: reducedLines(lines.deny),
    agents: lines.agents.map(({ agent, delegate, deny }) => ({
      agent: partsOf(agent),
      delegate: reducedLines(delegate),
      deny: reducedLines(deny),
    })),
  }
  const bodies: ResidualAtom[] = []
  // Reducing a body may number further atoms, which this loop then meets.
  for (const atom of atoms.found) bodies.push(residualAtom(system, atom, reduced))
  return {
    version: 1,
    ...root,
    atoms: bodies,
    leaves: [...leaves.found].flatMap((leaf) => residualLeaf(system.leaves[leaf])),
  }
}

/** New numbers in order of appearance. */
function numbering<T>(): { readonly found: ReadonlySet<T>; of(item: T): number } {
  const numbers = new Map<T, number>()
  const found = new Set<T>()
  return {
    found,
    of: (item) => {
      const number = numbers.get(item) ?? numbers.size
      numbers.set(item, number)
      found.add(item)
      return number
    },
  }
}

function residualAtom(system: System, index: number, reduced: (formula: Formula) => Formula): ResidualAtom {
  const atom = system.atoms[index]
  const body = system.bodies[index]
  if (atom === undefined || body === undefined) throw new Error('invariant: every atom has been looked into')
  const { kind, relation, entity, subject } = atom
  return {
    kind,
    relation,
    ...(entity === undefined ? {} : { entity: partsOf(entity) }),
    subject: partsOf(subject),
    body: toWireFormula(reduced(body)),
  }
}

function residualLeaf(leaf: Leaf | undefined): readonly ResidualLeaf[] {
  if (leaf === undefined || leaf.kind === 'supposed') return []
  if (leaf.kind === 'uri') return [leaf]
  const { subject, resource, agent, action, locals } = leaf.scope
  return [
    {
      kind: 'condition',
      expr: leaf.expr,
      subject: partsOf(subject),
      ...(resource === undefined ? {} : { resource: partsOf(resource) }),
      ...(agent === undefined ? {} : { agent: partsOf(agent) }),
      ...(action === undefined ? {} : { action }),
      locals: [...locals].map(([name, binding]) => [name, residualBinding(binding)] as const),
    },
  ]
}

function residualBinding(binding: Binding): ResidualBinding {
  return binding.kind === 'value' ? { kind: 'value', value: toWire(binding.value) } : binding
}

function partsOf({ type, id }: Entity): EntityParts {
  return { type, id }
}
