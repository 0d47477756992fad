import type { Expr, Field } from '../../ir/expr.ts'
import type { Tool } from '../../ir/program.ts'
import { createBuiltins } from '../../runtime/builtins/registry.ts'
import { elementOf } from '../../runtime/element.ts'
import { regexes } from '../../runtime/regexes.ts'
import { calculate, negate } from '../../value/arithmetic.ts'
import { compare } from '../../value/compare.ts'
import { conform } from '../../value/conform.ts'
import { isError } from '../../value/evaluation-error.ts'
import { integer } from '../../value/integer.ts'
import { setOf } from '../../value/set.ts'
import { type Absent, absent, type EvaluationError, type Value } from '../../value/value.ts'
import { mapParts } from './condition-parts.ts'

/** What is the same for all requests that a condition is for. */
export interface Knowledge {
  readonly action?: string
  readonly server?: string
  readonly tool?: Tool
  readonly prompt?: string
}

/**
 * The condition without what can be told beforehand. Only whole conditions are replaced, by true or by false, and an operand is
 * dropped only where another decides whatever it comes to; what errs stays, to err in the same words.
 */
export function fold(root: Expr, knowledge: Knowledge = {}): Expr {
  const done = new Map<Expr, Expr>()
  const values = new Map<Expr, Value | undefined>()
  const builtins = createBuiltins(regexes)
  const isOfOne = knowledge.action !== undefined && knowledge.action !== 'list'

  function folded(expr: Expr): Expr {
    let result = done.get(expr)
    if (result === undefined) {
      result = foldNew(expr)
      done.set(expr, result)
    }
    return result
  }

  function foldNew(expr: Expr): Expr {
    switch (expr.kind) {
      case 'and':
      case 'or': {
        const decided = expr.kind === 'or'
        const parts = mapParts(expr, folded)
        if (parts.kind !== 'and' && parts.kind !== 'or') return parts
        const operands = parts.operands.filter((operand) => truthOf(operand) !== !decided)
        const deciding = operands.find((operand) => truthOf(operand) === decided)
        if (deciding !== undefined) return deciding
        const [only] = operands
        if (only === undefined) return constant(!decided, expr)
        if (operands.length === 1) return only
        return operands.length === parts.operands.length ? parts : { ...parts, operands }
      }
      case 'not': {
        const parts = mapParts(expr, folded)
        const truth = parts.kind === 'not' ? truthOf(parts.operand) : undefined
        return truth === undefined ? parts : constant(!truth, expr)
      }
      case 'recover': {
        const parts = mapParts(expr, folded)
        const truth = parts.kind === 'recover' ? truthOf(parts.operand) : undefined
        if (truth !== undefined) return constant(truth, expr)
        // In a list it matters which inputs it mentions.
        return isOfOne ? parts : expr
      }
      case 'conditional': {
        const truth = truthOf(folded(expr.condition))
        return truth === undefined ? mapParts(expr, folded) : folded(truth ? expr.then : expr.else)
      }
      case 'some':
      case 'every':
      case 'obtainable':
        return mapParts(expr, folded)
      case 'constant':
        return expr
      default: {
        const value = known(expr)
        return typeof value === 'boolean' ? constant(value, expr) : expr
      }
    }
  }

  function known(expr: Expr): Value | undefined {
    if (!values.has(expr)) values.set(expr, told(newValue(expr, knowledge, builtins, known)))
    return values.get(expr)
  }

  return folded(root)
}

function truthOf(expr: Expr): boolean | undefined {
  return expr.kind === 'constant' && expr.value.kind === 'boolean' ? expr.value.value : undefined
}

function constant(value: boolean, { at }: Expr): Expr {
  return { kind: 'constant', value: { kind: 'boolean', value }, at }
}

type Result = Value | Absent | EvaluationError | undefined

function told(result: Result): Value | undefined {
  return result === absent || isError(result) ? undefined : result
}

/** What an expression comes to whatever is asked, if it does not err. */
function newValue(
  expr: Expr,
  knowledge: Knowledge,
  builtins: ReturnType<typeof createBuiltins>,
  of: (expr: Expr) => Value | undefined,
): Result {
  const all = (operands: readonly Expr[], apply: (values: readonly Value[]) => Result): Result => {
    const values = operands.map(of)
    return values.includes(undefined) ? undefined : apply(values as readonly Value[])
  }
  const two = (left: Expr, right: Expr, apply: (a: Value, b: Value) => Result) =>
    all([left, right], ([a, b]) => apply(a as Value, b as Value))
  switch (expr.kind) {
    case 'constant':
      return literal(expr.value)
    case 'variable':
      return expr.name === 'action' ? knowledge.action : undefined
    case 'field':
      return fieldOf(expr, knowledge)
    case 'set':
      return all(expr.elements, (values) => setOf(values))
    case 'compare':
      return two(expr.left, expr.right, (a, b) => compare(expr.operator, a, b))
    case 'arithmetic':
      return two(expr.left, expr.right, (a, b) => calculate(expr.operator, expr.domain, a, b))
    case 'negate':
      return all([expr.operand], ([operand]) => negate(expr.domain, operand as Value))
    case 'element':
      return two(expr.value, expr.of, (value, set) => elementOf(expr.in, value, set, expr.at))
    case 'builtin':
      return all(expr.args, (values) => builtins.get(expr.name)?.(values))
    default:
      return undefined
  }
}

function literal(value: Extract<Expr, { readonly kind: 'constant' }>['value']): Value | undefined {
  switch (value.kind) {
    case 'int':
      return integer(BigInt(value.value))
    case 'string':
    case 'boolean':
    case 'number':
      return value.value
    case 'datetime':
    case 'duration':
      return { kind: value.kind, milliseconds: value.value }
    case 'entity':
      return undefined
  }
}

/** Of what the request is about. */
function fieldOf({ of, name, type }: Field, { server, tool, prompt }: Knowledge): Result {
  if (of.kind !== 'variable') return undefined
  const fields: Readonly<Record<string, Readonly<Record<string, Value>> | undefined>> = {
    server: server === undefined ? undefined : { name: server },
    prompt: prompt === undefined ? undefined : { name: prompt },
    tool: tool && { ...tool },
  }
  const found = Object.hasOwn(fields, of.name) ? fields[of.name] : undefined
  if (found === undefined || !Object.hasOwn(found, name)) return undefined
  const value = found[name]
  return value === undefined ? undefined : conform(value, type)
}
