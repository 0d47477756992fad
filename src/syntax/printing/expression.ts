import { assertNever } from '../../base/assert-never.ts'
import type { Binary, Expr, Key, Lambda, RecordLiteral, StringPart } from '../ast.ts'
import { precedence } from '../grammar/operators.ts'
import { isBareId } from '../literals.ts'
import { bodyFor } from '../strings.ts'

/** Tighter than every operator: what a dot, bracket or argument list may follow. */
const suffixed = precedence.negate + 1

/** Canonical text of an expression, on one line. */
export function printExpression(expr: Expr): string {
  return printed(expr, 0)
}

/** The text of an expression where only one that binds at least so tightly may stand without parentheses. */
function printed(expr: Expr, atLeast: number): string {
  const text = bare(expr)
  return tightness(expr) < atLeast ? `(${text})` : text
}

function tightness(expr: Expr): number {
  switch (expr.kind) {
    case 'conditional':
      return 0
    case 'binary':
      return precedence[expr.operator]
    case 'unary':
      return expr.operator === 'not' ? precedence.not : precedence.negate
    case 'has':
    case 'is':
      return precedence.has
    default:
      return suffixed
  }
}

function bare(expr: Expr): string {
  switch (expr.kind) {
    case 'boolean':
    case 'int':
      return String(expr.value)
    case 'number':
      return printNumber(expr.value)
    case 'duration':
      return expr.text
    case 'string':
      return `"${expr.parts.map(printPart).join('')}"`
    case 'regex':
      return `/${expr.source}/`
    case 'entity-literal':
      return printEntity(expr)
    case 'set':
      return `[${expr.elements.map(printExpression).join(', ')}]`
    case 'record':
      return printRecord(expr)
    case 'name':
      return expr.name
    case 'call':
      return `${expr.function.text}(${expr.args.map(printArgument).join(', ')})`
    case 'member':
      return `${printed(expr.of, suffixed)}${expr.optional ? '?.' : '.'}${expr.name.text}`
    case 'method':
      return `${printed(expr.of, suffixed)}${expr.optional ? '?.' : '.'}${expr.name.text}(${expr.args.map(printArgument).join(', ')})`
    case 'index':
      return `${printed(expr.of, suffixed)}[${printExpression(expr.index)}]`
    case 'unary':
      return expr.operator === 'not'
        ? `not ${printed(expr.operand, precedence.not)}`
        : `-${printed(expr.operand, precedence.negate)}`
    case 'binary':
      return printBinary(expr)
    case 'has':
      return `${printed(expr.of, precedence.has + 1)} has ${printKey(expr.key)}`
    case 'is':
      return `${printed(expr.of, precedence.is + 1)} is ${expr.type.text}`
    case 'conditional':
      return `${printed(expr.condition, precedence.or)} ? ${printExpression(expr.then)} : ${printExpression(expr.else)}`
    default:
      return assertNever(expr)
  }
}

interface Link {
  readonly operator?: string
  readonly expr: Expr
  readonly text: string
}

/** Operands of `left op right op …` with the operator before each but the first; iteratively, as such a chain may be long. */
export function chainOf(expr: Binary): readonly Link[] {
  const chain: Link[] = []
  const binds = precedence[expr.operator]
  // Between `or` an `and` stands in parentheses: the grammar does not ask for them, readers do.
  const operandAtLeast = expr.operator === 'or' ? precedence.not : binds + 1
  let left: Expr = expr
  while (left.kind === 'binary' && precedence[left.operator] === binds) {
    chain.push({ operator: left.operator, expr: left.right, text: printed(left.right, operandAtLeast) })
    left = left.left
    // A comparison cannot be compared again; every other operator associates to the left.
    if (binds === precedence.in) break
  }
  chain.push({ expr: left, text: printed(left, operandAtLeast) })
  return chain.reverse()
}

function printBinary(expr: Binary): string {
  return chainOf(expr)
    .map(({ operator, text }) => (operator === undefined ? text : `${operator} ${text}`))
    .join(' ')
}

function printArgument(arg: Expr | Lambda): string {
  return arg.kind === 'lambda' ? `${arg.param.text} => ${printExpression(arg.body)}` : printExpression(arg)
}

export function printRecord({ entries }: RecordLiteral): string {
  if (entries.length === 0) return '{}'
  return `{ ${entries.map(({ key, value }) => `${printKey(key)}: ${printExpression(value)}`).join(', ')} }`
}

export function printKey({ text, quoted }: Key): string {
  return quoted ? quote(text) : text
}

/** A string where nothing interpolates. */
export function quote(value: string): string {
  return `"${bodyFor(value, false)}"`
}

export function printEntity({ type, id }: { readonly type: string; readonly id: string }): string {
  return `${type}:${isBareId(id) ? id : quote(id)}`
}

function printPart(part: StringPart): string {
  return part.kind === 'text' ? bodyFor(part.value, true) : `{${part.names.map(({ text }) => text).join('.')}}`
}

/** The grammar wants digits on both sides of the point, also before an exponent. */
function printNumber(value: number): string {
  const [mantissa = '0', exponent] = String(value).split('e')
  const fraction = mantissa.includes('.') ? mantissa : `${mantissa}.0`
  return exponent === undefined ? fraction : `${fraction}e${exponent}`
}
