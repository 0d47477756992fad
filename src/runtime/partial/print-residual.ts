import { describeEntity } from '../../value/describe.ts'
import { anonymous, entity } from '../../value/entity.ts'
import type { Shown } from '../print-expression.ts'
import { isCompound, printExpression } from '../print-expression.ts'
import type { Binding } from '../scope.ts'
import type { EntityParts, Residual, ResidualAtom, ResidualLeaf, ResidualLine } from './residual.ts'
import type { WireFormula } from './wire-formula.ts'
import { fromWire } from './wire-value.ts'

/**
 * A residual as text, for people: one line a rule that may still decide, in the words of the language, then what the roles and
 * permissions in them come to.
 */
export function printResidual(residual: Residual): string {
  const print = (formula: WireFormula) => printFormula(formula, residual)
  const lines = (effect: string, some: readonly ResidualLine[]) =>
    some.map(({ rule, condition }) => `${effect}${isAlways(condition) ? '' : ` if ${print(condition)}`}  // ${rule}`)
  const agents = residual.agents.flatMap(({ agent, delegate, deny }) => [
    ...lines(`delegate to ${nameOf(agent)}`, delegate),
    ...lines(`deny ${nameOf(agent)}`, deny),
  ])
  const atoms = residual.atoms.map((atom) => `${atomName(atom)} if ${print(atom.body)}`)
  return [...lines('allow', residual.allow), ...lines('deny', residual.deny), ...agents, ...atoms].join('\n')
}

function isAlways(condition: WireFormula): boolean {
  return condition.kind === 'constant' && condition.value
}

function printFormula(formula: WireFormula, residual: Residual): string {
  const operand = (part: WireFormula) => {
    const text = printFormula(part, residual)
    const leaf = part.kind === 'leaf' ? residual.leaves[part.leaf] : undefined
    const isPart = ['and', 'or', 'choice'].includes(part.kind) || (leaf?.kind === 'condition' && isCompound(leaf.expr))
    return isPart ? `(${text})` : text
  }
  switch (formula.kind) {
    case 'constant':
      return `${formula.value}`
    case 'error':
      return `error (${formula.error.message})`
    case 'atom': {
      const atom = residual.atoms[formula.atom]
      return atom === undefined ? '?' : atomName(atom)
    }
    case 'leaf': {
      const leaf = residual.leaves[formula.leaf]
      return leaf === undefined ? '?' : leafText(leaf)
    }
    case 'not':
      return `not ${operand(formula.operand)}`
    case 'and':
    case 'or':
      return formula.operands.map(operand).join(` ${formula.kind} `)
    case 'choice':
      return `${operand(formula.on)} ? ${operand(formula.then)} : ${operand(formula.otherwise)}`
    case 'at-least':
      return `${formula.count} of (${formula.operands.map((part) => printFormula(part, residual)).join(', ')})`
  }
}

/** `User:ann in Doc:1.reader`; of what agents may do for somebody, `delegated` after it. */
function atomName({ kind, relation, entity: of, subject }: ResidualAtom): string {
  const path = of === undefined ? relation : `${nameOf(of)}.${relation}`
  return `${nameOf(subject)} in ${path}${kind === 'delegation' ? ' delegated' : ''}`
}

function leafText(leaf: ResidualLeaf): string {
  if (leaf.kind === 'uri') return `uri matches "${leaf.template.text}"`
  const locals = leaf.locals.flatMap(([name, binding]): (readonly [string, Binding])[] => {
    if (binding.kind !== 'value') return [[name, binding]]
    const value = fromWire(binding.value)
    return value === undefined ? [] : [[name, { kind: 'value', value }]]
  })
  const shown: Shown = {
    locals: new Map(locals),
    ...(leaf.resource === undefined ? {} : { resource: entity(leaf.resource.type, leaf.resource.id) }),
  }
  return printExpression(leaf.expr, shown)
}

function nameOf({ type, id }: EntityParts): string {
  return describeEntity(type === '' ? anonymous : entity(type, id))
}
