import type { Binary, BinaryOperator, Expr, Lambda, MethodCall } from '../syntax/ast.ts'
import { inList, inside, type Mutation, without } from './mutation.ts'

/**
 * The mutations inside a condition; that the whole is always true, or never, is for what it is the condition of. A condition is not
 * negated, and `and` is no `or`, since the tests that notice a part dropped notice these too.
 */
export function conditionMutations(expr: Expr): readonly Mutation<Expr>[] {
  switch (expr.kind) {
    case 'binary':
      return expr.operator === 'and' || expr.operator === 'or' ? connective(expr) : valueMutations(expr)
    case 'conditional':
      return [
        { nodes: [expr.then], at: expr.else.span, change: 'without this alternative' },
        { nodes: [expr.else], at: expr.then.span, change: 'without this alternative' },
        ...inside(conditionMutations(expr.condition), (condition) => ({ ...expr, condition })),
        ...inside(conditionMutations(expr.then), (then) => ({ ...expr, then })),
        ...inside(conditionMutations(expr.else), (otherwise) => ({ ...expr, else: otherwise })),
      ]
    case 'unary':
      return inside(conditionMutations(expr.operand), (operand) => ({ ...expr, operand }))
    default:
      return valueMutations(expr)
  }
}

/** Without each operand of a chain in turn. */
function connective(expr: Binary): readonly Mutation<Expr>[] {
  const operands = chain(expr, expr.operator)
  const join = (left: readonly Expr[]): Expr => left.reduce((all, next) => ({ ...expr, left: all, right: next }))
  const what = expr.operator === 'and' ? 'without this condition' : 'without this alternative'
  return [...inside(without(operands, what), join), ...inList(operands, conditionMutations, join)]
}

function chain(expr: Expr, operator: BinaryOperator): readonly Expr[] {
  const operands: Expr[] = []
  let left = expr
  while (left.kind === 'binary' && left.operator === operator) {
    operands.push(left.right)
    left = left.left
  }
  return [left, ...operands.reverse()]
}

/** Whether every operand of it has to hold, or one: then dropping those says more than dropping the whole. */
export function isChain(expr: Expr | undefined, operator: 'and' | 'or'): boolean {
  return expr?.kind === 'binary' && expr.operator === operator
}

const boundaries: Readonly<Partial<Record<BinaryOperator, BinaryOperator>>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
}

function valueMutations(expr: Expr): readonly Mutation<Expr>[] {
  switch (expr.kind) {
    case 'binary': {
      const { operator, left, right } = expr
      const other = boundaries[operator]
      return [
        ...(other === undefined
          ? []
          : [
              { nodes: [{ ...expr, operator: other }], at: expr.span, change: `with \`${other}\` for \`${operator}\`` },
            ]),
        ...(operator === 'in' && right.kind === 'set'
          ? inside(without(right.elements, 'without this element'), (elements) => ({
              ...expr,
              right: { ...right, elements },
            }))
          : []),
        ...inside(valueMutations(left), (mutated) => ({ ...expr, left: mutated })),
        ...inside(valueMutations(right), (mutated) => ({ ...expr, right: mutated })),
      ]
    }
    case 'conditional':
      return conditionMutations(expr)
    case 'unary':
      return conditionMutations(expr)
    case 'call':
      return [...fewerApprovals(expr), ...inList(expr.args, valueMutations, (args) => ({ ...expr, args }))]
    case 'method':
      return method(expr)
    case 'member':
    case 'has':
    case 'is':
      return inside(valueMutations(expr.of), (of) => ({ ...expr, of }))
    case 'index':
      return [
        ...inside(valueMutations(expr.of), (of) => ({ ...expr, of })),
        ...inside(valueMutations(expr.index), (index) => ({ ...expr, index })),
      ]
    default:
      return []
  }
}

/** One approval fewer. */
function fewerApprovals(expr: Expr & { readonly kind: 'call' }): readonly Mutation<Expr>[] {
  const [of, count] = expr.args
  if (expr.function.text !== 'approvedBy' || of === undefined || count?.kind !== 'int' || count.value < 2n) return []
  const fewer = { ...count, value: count.value - 1n }
  return [{ nodes: [{ ...expr, args: [of, fewer] }], at: count.span, change: `with ${fewer.value} approvals` }]
}

const quantifiers: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  containsAll: 'containsAny',
  containsAny: 'containsAll',
}

function method(expr: MethodCall): readonly Mutation<Expr>[] {
  const { name } = expr
  const other = Object.hasOwn(quantifiers, name.text) ? quantifiers[name.text] : undefined
  const ofArgument = (arg: Expr | Lambda): readonly Mutation<Expr | Lambda>[] =>
    arg.kind === 'lambda'
      ? inside(conditionMutations(arg.body), (body) => ({ ...arg, body }))
      : inside(valueMutations(arg), (mutated) => mutated)
  return [
    ...(other === undefined
      ? []
      : [
          {
            nodes: [{ ...expr, name: { ...name, text: other } }],
            at: name.span,
            change: `with \`${other}\` for \`${name.text}\``,
          },
        ]),
    ...inside(valueMutations(expr.of), (of) => ({ ...expr, of })),
    ...inList(expr.args, ofArgument, (args) => ({ ...expr, args })),
  ]
}
