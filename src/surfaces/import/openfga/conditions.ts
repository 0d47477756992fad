import { type ASTNode, parse } from '@marcbachmann/cel-js'
import type { Expr, Let, TypeExpr } from '../../../syntax/ast.ts'
import { type Names, wordNames } from '../names.ts'
import {
  binary,
  boolean,
  call,
  conditional,
  has,
  index,
  joined,
  lambda,
  lead,
  member,
  method,
  name,
  negative,
  not,
  number,
  ref,
  set,
  setOf,
  span,
  string,
  typeName,
} from '../tree.ts'
import { operandsOf, readDynamically } from './map-keys.ts'
import type { ConditionDefinition, ParameterType } from './model.ts'
import { variables } from './schema.ts'
import { durationOf, inRange, timestampOf, Untranslatable } from './values.ts'

/** A condition as a `let` with parameters. @throws Untranslatable, with an offset into the expression */
export function conditionOf(definition: ConditionDefinition, called: string, paramNames: Names): Let {
  const expression = parsed(definition.expression)
  const dynamic = readDynamically(expression)
  const params = definition.params.map(({ name: param, type }) => ({
    ...{ name: name(paramNames.of(param)), optional: false },
    ...{ type: dynamic.has(param) ? typeName('json') : typeOf(type), span },
  }))
  const locals = new Map(
    definition.params.map(({ name: param, type }) => [
      param,
      { name: paramNames.of(param), type, dynamic: dynamic.has(param) },
    ]),
  )
  const value = new Translation(locals).condition(expression)
  return { kind: 'let', name: name(called), params, value, ...lead(definition.comments) }
}

/** The type of a parameter, also where it is read from the context. */
function typeOf({ kind, of }: ParameterType): TypeExpr {
  switch (kind) {
    case 'bool':
      return typeName('boolean')
    case 'uint':
      return typeName('int')
    case 'double':
      return typeName('number')
    case 'timestamp':
      return typeName('datetime')
    case 'ipaddress':
      return typeName('ip')
    case 'any':
      return typeName('json')
    case 'list':
      return setOf(of === undefined ? typeName('json') : typeOf(of))
    case 'map':
      return { kind: 'type-map', key: name('string'), of: of === undefined ? typeName('json') : typeOf(of), span }
    default:
      return typeName(kind)
  }
}

function parsed(expression: string): ASTNode {
  try {
    return parse(expression).ast
  } catch (error) {
    const at = (error as { range?: { start?: number } }).range?.start ?? 0
    throw new Untranslatable(`this is no CEL: ${String((error as Error).message).split('\n', 1)[0]}`, at)
  }
}

interface Local {
  readonly name: string
  readonly type: ParameterType
  /** A map that is read at keys that may be missing. */
  readonly dynamic?: boolean
}

const string_: ParameterType = { kind: 'string' }

/** What JSON has values of. */
const plain: ReadonlySet<string> = new Set(['bool', 'string', 'int', 'uint', 'double'])

const comparisons = { '==': '==', '!=': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' } as const
const arithmetic = { '+': '+', '-': '-', '*': '*' } as const

/** Methods of texts that have another name here. */
const textMethods: Readonly<Record<string, string>> = {
  startsWith: 'startsWith',
  endsWith: 'endsWith',
  contains: 'includes',
}

class Translation {
  readonly locals: ReadonlyMap<string, Local>
  /** Inside of a quantifier, where no other may stand. */
  readonly quantified: boolean

  constructor(locals: ReadonlyMap<string, Local>, quantified = false) {
    this.locals = locals
    this.quantified = quantified
  }

  condition(node: ASTNode): Expr {
    if (node.op === '&&') return this.conjunction(node)
    if (node.op === '||')
      return joined(
        'or',
        operandsOf(node, '||').map((one) => this.condition(one)),
      )
    return this.expr(node)
  }

  /** That something is not null says nothing beside a comparison that needs it. */
  conjunction(node: ASTNode): Expr {
    const operands = operandsOf(node, '&&')
    const needed = new Set(
      operands.flatMap((one) => (one.op in comparisons && notNull(one) === undefined ? sidesOf(one) : [])),
    )
    const kept = operands.filter((one) => {
      const param = notNull(one)
      return param === undefined || !needed.has(param)
    })
    return joined(
      'and',
      kept.map((one) => this.condition(one)),
    )
  }

  expr(node: ASTNode): Expr {
    switch (node.op) {
      case 'value':
        return this.literal(node)
      case 'id': {
        const local = this.locals.get(node.args)
        if (local === undefined) return this.fail(node, `there is no parameter \`${node.args}\``)
        if (local.type.kind === 'any') return this.fail(node, 'a value of any type has no counterpart')
        return ref(local.name)
      }
      case '&&':
      case '||':
        return this.condition(node)
      case '!_':
        return not(this.condition(node.args))
      case '-_':
        if (node.args.op === 'value' && typeof node.args.args === 'bigint') return inRange(-node.args.args, node.start)
        return negative(this.expr(node.args))
      case '?:': {
        const [condition, then, otherwise] = node.args
        return conditional(this.condition(condition), this.expr(then), this.expr(otherwise))
      }
      case '==':
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=':
        return this.comparison(node, node.op)
      case '+':
      case '-':
      case '*': {
        const [left, right] = node.args
        if (this.typeOf(left)?.kind === 'list') return this.fail(node, 'lists cannot be joined')
        // A product of two that are not written out is one of `dynamic`.
        if (node.op === '*' && left.op !== 'value' && right.op !== 'value')
          return binary('*', call('dynamic', this.expr(left)), this.expr(right))
        return binary(arithmetic[node.op], this.expr(left), this.expr(right))
      }
      case 'in': {
        const [left, right] = node.args
        if (this.typeOf(right)?.kind === 'map' && left.op === 'value' && typeof left.args === 'string')
          return has(this.expr(right), left.args)
        return binary('in', this.expr(left), this.expr(right))
      }
      case '[]':
        return this.index(node, ...node.args)
      case '.': {
        const [of, field] = node.args
        if (this.typeOf(of)?.kind !== 'map') return this.fail(node, `there is no \`${field}\` of this`)
        return member(this.expr(of), field)
      }
      case 'list':
        return set(node.args.map((item) => this.expr(item)))
      case 'call':
        return this.call(node, ...node.args)
      case 'rcall':
        return this.method(node, ...node.args)
      default:
        return this.fail(node, `\`${node.op}\` has no counterpart`)
    }
  }

  literal(node: ASTNode & { op: 'value' }): Expr {
    const value = node.args
    if (typeof value === 'string') return string(value)
    if (typeof value === 'boolean') return boolean(value)
    if (typeof value === 'bigint') return inRange(value, node.start)
    if (typeof value === 'number') return number(value)
    if (value !== null && 'value' in value) return inRange(BigInt(value.value as bigint), node.start)
    return this.fail(node, value === null ? 'nothing can be null but in a comparison' : 'bytes have no counterpart')
  }

  comparison(node: ASTNode & { args: unknown }, operator: keyof typeof comparisons): Expr {
    const [left, right] = node.args as [ASTNode, ASTNode]
    if (isNull(left) || isNull(right)) return this.nullity(node, isNull(left) ? right : left, operator)
    const type = this.typeOf(left) ?? this.typeOf(right)
    if (type?.kind === 'list' || type?.kind === 'map')
      return this.fail(node, 'whole lists and maps cannot be compared as they are in CEL')
    if (type?.kind === 'string' && operator !== '==' && operator !== '!=') return this.fail(node, 'texts have no order')
    return binary(comparisons[operator], this.expr(left), this.expr(right))
  }

  /** A parameter that is there is not null; one that is missing is an error, as it is in any comparison. */
  nullity(node: ASTNode, operand: ASTNode, operator: string): Expr {
    if (operator !== '==' && operator !== '!=') return this.fail(node, 'null has no order')
    const type = this.typeOf(operand)
    if (operand.op !== 'id' || type === undefined || type.kind === 'list' || type.kind === 'map')
      return this.fail(node, 'only a parameter can be compared with null')
    return binary(operator === '!=' ? '==' : '!=', this.expr(operand), this.expr(operand))
  }

  index(node: ASTNode, of: ASTNode, at: ASTNode): Expr {
    const type = this.typeOf(of)
    if (type?.kind !== 'map')
      return this.fail(node, 'a list is a set here, which has no first element and no other one')
    const isDynamic = of.op === 'id' && this.locals.get(of.args)?.dynamic === true
    if (isDynamic && type.of !== undefined && !plain.has(type.of.kind))
      return this.fail(node, 'only texts, numbers and truths can be read at a key that may be missing')
    return index(this.expr(of), this.expr(at))
  }

  call(node: ASTNode, called: string, args: readonly ASTNode[]): Expr {
    const [arg] = args
    const literal = arg?.op === 'value' && typeof arg.args === 'string' ? arg.args : undefined
    if (arg !== undefined && args.length === 1)
      switch (called) {
        case 'timestamp':
          return literal === undefined
            ? this.fail(node, 'only a literal can be made a time')
            : timestampOf(literal, arg.start)
        case 'duration':
          return literal === undefined
            ? this.fail(node, 'only a literal can be made a duration')
            : durationOf(literal, arg.start)
        case 'ipaddress':
          return call('ip', this.expr(arg))
        case 'size':
          return this.size(node, arg)
        case 'has':
          if (arg.op === '.' && this.typeOf(arg.args[0])?.kind === 'map')
            return has(this.expr(arg.args[0]), arg.args[1])
      }
    return this.fail(node, `\`${called}\` has no counterpart`)
  }

  method(node: ASTNode, called: string, receiver: ASTNode, args: readonly ASTNode[]): Expr {
    const [arg, body] = args
    const type = this.typeOf(receiver)
    if (called === 'size' && args.length === 0) return this.size(node, receiver)
    if (called === 'getHours' && (type === undefined || type.kind === 'timestamp')) {
      if (arg === undefined) return method(this.expr(receiver), 'hourIn', string('UTC'))
      if (args.length === 1 && arg.op === 'value') return method(this.expr(receiver), 'hourIn', this.expr(arg))
    }
    if (arg === undefined) return this.fail(node, `\`${called}\` has no counterpart`)
    const textMethod = Object.hasOwn(textMethods, called) ? textMethods[called] : undefined
    if (textMethod !== undefined && args.length === 1) return method(this.expr(receiver), textMethod, this.expr(arg))
    if (called === 'matches' && args.length === 1) {
      if (arg.op !== 'value' || typeof arg.args !== 'string') return this.fail(node, 'only a literal can be a pattern')
      return method(this.expr(receiver), 'matches', { kind: 'regex', source: regexSource(arg.args, arg.start), span })
    }
    if (called === 'in_cidr' && args.length === 1)
      return binary('in', this.expr(receiver), call('cidr', this.expr(arg)))
    if ((called === 'exists' || called === 'all') && body !== undefined && args.length === 2)
      return this.quantifier(node, called === 'exists' ? 'some' : 'every', receiver, type, arg, body)
    return this.fail(node, `\`${called}\` has no counterpart`)
  }

  quantifier(
    node: ASTNode,
    called: string,
    receiver: ASTNode,
    type: ParameterType | undefined,
    param: ASTNode,
    body: ASTNode,
  ): Expr {
    if (this.quantified) return this.fail(node, 'quantifiers do not stand inside one another')
    if (type?.kind !== 'list' || type.of === undefined || param.op !== 'id')
      return this.fail(node, 'only the elements of a list are quantified over')
    const used = new Set([...this.locals.values()].map(({ name }) => name))
    const local = wordNames([param.args], { taken: (word) => used.has(word) || variables.has(word) }).of(param.args)
    const inner = new Translation(new Map([...this.locals, [param.args, { name: local, type: type.of }]]), true)
    return method(this.expr(receiver), called, lambda(local, inner.condition(body)))
  }

  size(node: ASTNode, of: ASTNode): Expr {
    if (this.typeOf(of)?.kind !== 'string') return this.fail(node, 'only texts have the length that they have in CEL')
    return member(this.expr(of), 'length')
  }

  /** As far as it matters. */
  typeOf(node: ASTNode): ParameterType | undefined {
    switch (node.op) {
      case 'id':
        return this.locals.get(node.args)?.type
      case 'value':
        return typeof node.args === 'string' ? string_ : undefined
      case '[]':
      case '.':
        return this.typeOf(node.args[0])?.of
      case 'list':
        return { kind: 'list', ...(node.args[0] === undefined ? {} : ofType(this.typeOf(node.args[0]))) }
      case 'map':
        return { kind: 'map' }
      case '+':
        return this.typeOf(node.args[0]) ?? this.typeOf(node.args[1])
      case '?:':
        return this.typeOf(node.args[1])
      default:
        return undefined
    }
  }

  fail(node: ASTNode, message: string): never {
    throw new Untranslatable(message, node.start)
  }
}

function ofType(of: ParameterType | undefined): { readonly of?: ParameterType } {
  return of === undefined ? {} : { of }
}

function isNull(node: ASTNode): boolean {
  return node.op === 'value' && node.args === null
}

/** The parameter that this says is not null. */
function notNull(node: ASTNode): string | undefined {
  if (node.op !== '!=') return undefined
  const [left, right] = node.args
  const other = isNull(left) ? right : isNull(right) ? left : undefined
  return other?.op === 'id' ? other.args : undefined
}

function sidesOf(node: ASTNode): readonly string[] {
  return (node.args as readonly ASTNode[]).flatMap((one) => (one.op === 'id' ? [one.args] : []))
}

/** Both are RE2; a slash ends the literal here. */
function regexSource(pattern: string, at: number): string {
  if (pattern === '' || /[\n\r\u2028\u2029]/.test(pattern))
    throw new Untranslatable('this pattern cannot be written on a line', at)
  const source = pattern.replace(/\\.|\//g, (part) => (part === '/' ? '\\/' : part))
  return source.startsWith('*') ? `(?:)${source}` : source
}
