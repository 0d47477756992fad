import { mirrored, opposite } from '../../ir/comparison.ts'
import type { Compare, Connective, Constant, Expr } from '../../ir/expr.ts'
import { nodes } from '../../ir/walk.ts'
import { isSame } from './same.ts'

/**
 * What a condition is in every request in which it has a value: by constants, by something beside its own opposite, by a value that
 * would have to be two at once or between bounds that leave nothing. Undefined where it may be either.
 */
export type TruthOf = (expr: Expr) => boolean | undefined

/** Looks at each node once, however often it is shared and asked about. */
export function truths(): TruthOf {
  const known = new Map<Expr, boolean | undefined>()
  const truthOf: TruthOf = (expr) => {
    if (expr.kind === 'constant') return expr.value.kind === 'boolean' ? expr.value.value : undefined
    // Whatever else is looked at has no conditions in it, and is quickly looked at again.
    if (expr.kind !== 'and' && expr.kind !== 'or' && expr.kind !== 'not' && expr.kind !== 'conditional')
      return find(expr, truthOf)
    if (known.has(expr)) return known.get(expr)
    const truth = find(expr, truthOf)
    known.set(expr, truth)
    return truth
  }
  return truthOf
}

/** The operands of which all have to hold. A shared one is there once. */
export function conjuncts(expr: Expr): readonly Expr[] {
  // Most conditions are no more than a few operands: those need no sets.
  if (expr.kind !== 'and') return [expr]
  return fewConjuncts(expr) ?? allConjuncts(expr)
}

function allConjuncts(expr: Connective): readonly Expr[] {
  const found = new Set<Expr>()
  const seen = new Set<Expr>()
  const open: Expr[] = [expr]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    if (next.kind === 'and') open.push(...next.operands.toReversed())
    else found.add(next)
  }
  return [...found]
}

const few = 16

function fewConjuncts(expr: Connective): readonly Expr[] | undefined {
  const found: Expr[] = []
  const open: Expr[] = [expr]
  for (let steps = 0; steps < 2 * few; steps++) {
    const next = open.pop()
    if (next === undefined) return found
    if (next.kind !== 'and') {
      if (!found.includes(next)) found.push(next)
    } else if (next.operands.length > few) return undefined
    else open.push(...next.operands.toReversed())
  }
  return undefined
}

function find(expr: Expr, truthOf: TruthOf): boolean | undefined {
  switch (expr.kind) {
    case 'not': {
      const inner = truthOf(expr.operand)
      return inner === undefined ? undefined : !inner
    }
    case 'and':
      return truthOfAll(expr, truthOf)
    case 'or':
      return truthOfAny(expr.operands, truthOf)
    case 'conditional': {
      const condition = truthOf(expr.condition)
      if (condition !== undefined) return truthOf(condition ? expr.then : expr.else)
      const [then, otherwise] = [truthOf(expr.then), truthOf(expr.else)]
      return then === otherwise ? then : undefined
    }
    case 'compare':
      return truthOfComparison(expr)
    case 'element':
      return expr.in === 'set' && isEmptySet(expr.of) ? false : undefined
    case 'some':
      return isEmptySet(expr.of) ? false : undefined
    case 'every':
      return isEmptySet(expr.of) ? true : undefined
    case 'builtin':
      return truthOfBuiltin(expr.name, expr.args)
    default:
      return undefined
  }
}

function truthOfAll(expr: Connective, truthOf: TruthOf): boolean | undefined {
  const truths = expr.operands.map(truthOf)
  if (truths.includes(false)) return false
  if (truths.every((truth) => truth === true)) return true
  return contradict(conjuncts(expr)) ? false : undefined
}

function truthOfAny(operands: readonly Expr[], truthOf: TruthOf): boolean | undefined {
  const truths = operands.map(truthOf)
  if (truths.includes(true)) return true
  if (truths.every((truth) => truth === false)) return false
  return hasOpposites(operands) || hasNoValue(operands.flatMap(denied)) ? true : undefined
}

/** What would have to hold for a comparison not to: where that leaves nothing, one of them holds (`h >= 7 or h < 20`). */
function denied(expr: Expr): readonly Expr[] {
  if (expr.kind === 'not') return expr.operand.kind === 'compare' ? [expr.operand] : []
  return expr.kind === 'compare' ? [{ ...expr, operator: opposite[expr.operator] }] : []
}

function contradict(all: readonly Expr[]): boolean {
  return hasOpposites(all) || hasNoValue(all)
}

/** Operands that are compared with one another; of more, some opposites are not found. */
const mostCompared = 100

/** Something and its negation. What a host function says twice need not be the same. */
function hasOpposites(operands: readonly Expr[]): boolean {
  if (!operands.some(({ kind }) => kind === 'not')) return false
  const negated = operands.flatMap((one) => (one.kind === 'not' ? [one.operand] : [])).slice(0, mostCompared)
  return operands
    .slice(0, mostCompared)
    .some((one) => one.kind !== 'not' && negated.some((other) => isSame(one, other)) && !callsHost(one))
}

function callsHost(expr: Expr): boolean {
  return nodes(expr).some(({ kind }) => kind === 'host-call')
}

type Bound = readonly [value: number, strict: boolean]

interface Values {
  equal?: string
  readonly unequal: Set<string>
  low?: Bound
  high?: Bound
}

/** A value that would have to be two, or between bounds that leave nothing. */
function hasNoValue(operands: readonly Expr[]): boolean {
  const comparisons = operands.filter(comparesWithConstant)
  if (comparisons.length < 2) return false
  const known: { readonly of: Expr; readonly values: Values }[] = []
  return comparisons.slice(0, mostCompared).some((one) => {
    const [of, constant, operator] =
      one.right.kind === 'constant'
        ? [one.left, one.right, one.operator]
        : [one.right, one.left as Constant, mirrored[one.operator]]
    if (callsHost(of)) return false
    const values = known.find((other) => isSame(other.of, of))?.values ?? { unequal: new Set() }
    known.push({ of, values })
    return !admits(values, operator, constant)
  })
}

function comparesWithConstant(expr: Expr): expr is Compare {
  return expr.kind === 'compare' && (expr.left.kind === 'constant') !== (expr.right.kind === 'constant')
}

/** Notes what a comparison leaves of the values; false where that is nothing. */
function admits(values: Values, operator: Compare['operator'], { value }: Constant): boolean {
  const number = numberOf(value)
  if (number === undefined && (value.kind === 'int' || value.kind === 'number')) return true
  const shown = number === undefined ? JSON.stringify(value) : String(number)
  if (operator === '==') {
    if (values.unequal.has(shown) || (values.equal !== undefined && values.equal !== shown)) return false
    values.equal = shown
  }
  if (operator === '!=') {
    if (values.equal === shown) return false
    values.unequal.add(shown)
  }
  if (number === undefined) return true
  if (operator === '==' || operator === '>' || operator === '>=')
    values.low = higher(values.low, [number, operator === '>'])
  if (operator === '==' || operator === '<' || operator === '<=')
    values.high = lower(values.high, [number, operator === '<'])
  const { low, high } = values
  return low === undefined || high === undefined || low[0] < high[0] || (low[0] === high[0] && !low[1] && !high[1])
}

function higher(a: Bound | undefined, b: Bound): Bound {
  return a === undefined || b[0] > a[0] || (b[0] === a[0] && b[1]) ? b : a
}

function lower(a: Bound | undefined, b: Bound): Bound {
  return a === undefined || b[0] < a[0] || (b[0] === a[0] && b[1]) ? b : a
}

/** Where it is exact: nothing is told of larger numbers. */
function numberOf(value: Constant['value']): number | undefined {
  if (value.kind === 'duration' || value.kind === 'datetime') return value.value
  if (value.kind !== 'int' && value.kind !== 'number') return undefined
  const number = Number(value.value)
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : undefined
}

function truthOfComparison({ operator, left, right }: Compare): boolean | undefined {
  if (left.kind === 'constant' && right.kind === 'constant') {
    const [a, b] = [numberOf(left.value), numberOf(right.value)]
    if (a !== undefined && b !== undefined) return compared(operator, a, b)
    if (left.value.kind !== right.value.kind || left.value.kind === 'int') return undefined
    const same = isSame(left, right)
    return operator === '==' ? same : operator === '!=' ? !same : undefined
  }
  if (left.kind !== right.kind || callsHost(left) || !isSame(left, right)) return undefined
  return operator === '==' || operator === '<=' || operator === '>='
}

function compared(operator: Compare['operator'], a: number, b: number): boolean {
  switch (operator) {
    case '==':
      return a === b
    case '!=':
      return a !== b
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
  }
}

function isEmptySet(expr: Expr): boolean {
  return expr.kind === 'set' && expr.elements.length === 0
}

function truthOfBuiltin(name: string, [receiver, other]: readonly Expr[]): boolean | undefined {
  if (name === 'isEmpty' && receiver?.kind === 'set') return receiver.elements.length === 0
  if (name === 'like' && other?.kind === 'constant' && other.value.kind === 'string')
    return /^\*+$/.test(other.value.value) ? true : undefined
  return undefined
}
