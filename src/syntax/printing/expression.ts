import { assertNever } from '../../base/assert-never.ts'
import type { Binary, Conditional, Expr, Key, Lambda, RecordLiteral, StringPart } from '../ast.ts'
import { precedence } from '../grammar/operators.ts'
import { isBareId } from '../literals.ts'
import { bodyFor } from '../strings.ts'
import { concat, type Doc, enclosed, group, join, line, nest, nothing, softline, space, token } from './document.ts'

/** Tighter than every operator: what a dot, bracket or argument list may follow. */
const suffixed = precedence.negate + 1

/** An expression: chains and choices break before their operators, what is enclosed an item a line. */
export function expression(expr: Expr): Doc {
  return bound(expr, 0)
}

/** An expression that stands on lines of its own, so that what goes on in it needs no indentation. */
export function ownExpression(expr: Expr): Doc {
  return expr.kind === 'binary' ? group(chain(expr)) : bare(expr)
}

/** An expression where only one that binds at least so tightly may stand without parentheses. */
function bound(expr: Expr, atLeast: number): Doc {
  const doc = bare(expr)
  return tightness(expr) < atLeast ? concat('(', doc, ')') : doc
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

function bare(expr: Expr): Doc {
  switch (expr.kind) {
    case 'boolean':
    case 'int':
      return token(String(expr.value))
    case 'number':
      return token(printNumber(expr.value))
    case 'duration':
      return token(expr.text)
    case 'string':
      return token(`"${expr.parts.map(printPart).join('')}"`)
    case 'regex':
      return token(`/${expr.source}/`)
    case 'entity-literal':
      return token(entityText(expr))
    case 'set':
      return enclosed(['[', ']'], expr.elements.map(expression), softline)
    case 'record':
      return record(expr)
    case 'name':
      return token(expr.name)
    case 'call':
      return concat(expr.function.text, argumentList(expr.args))
    case 'member':
      return concat(bound(expr.of, suffixed), expr.optional ? '?.' : '.', expr.name.text)
    case 'method':
      return concat(bound(expr.of, suffixed), expr.optional ? '?.' : '.', expr.name.text, argumentList(expr.args))
    case 'index':
      return concat(bound(expr.of, suffixed), '[', expression(expr.index), ']')
    case 'unary':
      return expr.operator === 'not'
        ? concat('not', space, bound(expr.operand, negated(expr.operand)))
        : concat('-', bound(expr.operand, precedence.negate))
    case 'binary':
      return precedence[expr.operator] === precedence.in ? chain(expr) : group(nest(chain(expr)))
    case 'has':
      return concat(bound(expr.of, precedence.has + 1), space, 'has', space, keyText(expr.key))
    case 'is':
      return concat(bound(expr.of, precedence.is + 1), space, 'is', space, expr.type.text)
    case 'conditional':
      return group(choice(expr))
    default:
      return assertNever(expr)
  }
}

/** What `not` is about stands in parentheses unless it is one thing: the grammar does not ask for them, readers do. */
function negated(operand: Expr): number {
  return operand.kind === 'unary' ? precedence.not : suffixed
}

/** `left op right op …`, an operand a line where it is too long; iteratively, as such a chain may be long. */
function chain(expr: Binary): Doc {
  const links: Doc[] = []
  const binds = precedence[expr.operator]
  // Between `or` an `and` stands in parentheses: the grammar does not ask for them, readers do.
  const operandAtLeast = expr.operator === 'or' ? precedence.not : binds + 1
  let left: Expr = expr
  while (left.kind === 'binary' && precedence[left.operator] === binds) {
    // A comparison stays on its line: what it compares with breaks inside.
    links.push(concat(binds === precedence.in ? space : line, left.operator, space, bound(left.right, operandAtLeast)))
    left = left.left
    // A comparison cannot be compared again; every other operator associates to the left.
    if (binds === precedence.in) break
  }
  links.push(bound(left, operandAtLeast))
  return concat(...links.reverse())
}

function choice(expr: Conditional): Doc {
  return concat(
    bound(expr.condition, precedence.or),
    nest(concat(line, '?', space, expression(expr.then), line, ':', space, expression(expr.else))),
  )
}

function argumentList(args: readonly (Expr | Lambda)[]): Doc {
  return enclosed(
    ['(', ')'],
    args.map((arg) =>
      arg.kind === 'lambda' ? concat(arg.param.text, space, '=>', space, expression(arg.body)) : expression(arg),
    ),
    softline,
  )
}

/** `{ a: x, b: y }`, or an entry a line where that is too long or was written so. */
export function record({ entries }: RecordLiteral): Doc {
  return enclosed(
    ['{', '}'],
    entries.map(({ key, value }) => concat(keyText(key), ':', space, expression(value))),
    line,
    true,
  )
}

export function keyText({ text, quoted }: Key): string {
  return quoted ? quote(text) : text
}

/** A string where nothing interpolates. */
export function quote(value: string): string {
  return `"${bodyFor(value, false)}"`
}

export function entityText({ type, id }: { readonly type: string; readonly id: string }): string {
  return `${type}:${isBareId(id) ? id : quote(id)}`
}

/** `word a, b`, or nothing where there are none. */
export function listed(word: string, items: readonly string[], separator: readonly (Doc | string)[]): Doc {
  return items.length === 0 ? nothing : concat(space, word, space, join(items, ...separator))
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
