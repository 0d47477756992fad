import { assertNever } from '../base/assert-never.ts'
import { builtins } from '../ir/builtins.ts'
import type { Builtin, Constant, Expr, Holds, Obtainable } from '../ir/expr.ts'
import { describe, describeEntity } from '../value/describe.ts'
import { entity } from '../value/entity.ts'
import { quoted } from '../value/text.ts'
import { formatTime } from '../value/time.ts'
import type { Scope } from './scope.ts'

/** What the names of an expression are shown as; a name that is not bound is shown as itself. */
export type Shown = Pick<Scope, 'locals'> & Partial<Pick<Scope, 'resource' | 'subject'>>

const maxDepth = 12
const maxParts = 2_000

const unbound: Shown = { locals: new Map() }

/**
 * An expression of the IR in the notation of the language, for people: what a `let` or a coercion stood for is written out, and
 * the entity of a role's body is named. It reads as the policy does, and is not meant to be parsed.
 */
export function printExpression(expr: Expr, shown: Shown = unbound): string {
  return printed(expr, shown, { parts: maxParts }, 0)
}

function printed(expr: Expr, shown: Shown, left: { parts: number }, depth: number): string {
  // `let`s that use each other twice would be written out without end.
  left.parts -= 1
  if (depth > maxDepth || left.parts < 0) return '…'
  const print = (part: Expr) => printed(part, shown, left, depth + 1)
  const operand = (part: Expr) => (isCompound(part) ? `(${print(part)})` : print(part))
  switch (expr.kind) {
    case 'constant':
      return constant(expr)
    case 'variable':
      return expr.name === 'resource' && shown.resource !== undefined ? describeEntity(shown.resource) : expr.name
    case 'local': {
      const binding = shown.locals.get(expr.name)
      if (binding?.kind === 'value') return describe(binding.value)
      return binding?.kind === 'context' ? `context.${binding.field.name}` : plainName(expr.name)
    }
    case 'set':
      return `[${expr.elements.map(print).join(', ')}]`
    case 'record':
      return `{ ${expr.entries.map(({ key, value }) => `${key}: ${print(value)}`).join(', ')} }`
    case 'field':
      return `${operand(expr.of)}${expr.chain ? '?.' : '.'}${expr.name}`
    case 'entities':
      return `${operand(expr.of)}.${expr.name}`
    case 'index':
      return `${operand(expr.of)}[${print(expr.key)}]`
    case 'construct': {
      const [only, more] = expr.parts
      // In a string only paths can stand.
      const whole = more === undefined && typeof only === 'object' ? print(only) : template(expr.parts, print)
      return `${expr.type}[${whole}]`
    }
    case 'interpolate':
      return template(expr.parts, print)
    case 'builtin':
      return builtin(expr, operand, print)
    case 'host-call':
      return `${expr.function}(${expr.args.map(print).join(', ')})`
    case 'and':
    case 'or':
      return expr.operands.length === 0 ? `${expr.kind === 'and'}` : expr.operands.map(operand).join(` ${expr.kind} `)
    case 'not':
      return `not ${operand(expr.operand)}`
    case 'recover':
      return `recover(${print(expr.operand)}, false)`
    case 'compare':
    case 'arithmetic':
      return `${operand(expr.left)} ${expr.operator} ${operand(expr.right)}`
    case 'negate':
      return `-${operand(expr.operand)}`
    case 'holds':
      return holds(expr, operand)
    case 'contained':
      return `${operand(expr.subject)} in ${operand(expr.within)}`
    case 'element':
      return `${operand(expr.value)} in ${operand(expr.of)}`
    case 'has':
      return `${operand(expr.of)} has ${expr.name}`
    case 'is':
      return `${operand(expr.of)} is ${expr.type}`
    case 'conditional':
      return `${operand(expr.condition)} ? ${operand(expr.then)} : ${operand(expr.else)}`
    case 'coalesce':
      return `${operand(expr.left)} ?? ${operand(expr.right)}`
    case 'some':
    case 'every':
      return `${operand(expr.of)}.${expr.kind}(${plainName(expr.local)} => ${print(expr.body)})`
    case 'obtainable':
      return obtainable(expr)
    default:
      return assertNever(expr)
  }
}

/** Stands in parentheses where it is part of something else. */
export function isCompound({ kind }: Expr): boolean {
  switch (kind) {
    case 'and':
    case 'or':
    case 'not':
    case 'compare':
    case 'arithmetic':
    case 'negate':
    case 'contained':
    case 'element':
    case 'has':
    case 'is':
    case 'conditional':
    case 'coalesce':
      return true
    default:
      return false
  }
}

/** Locals are unique within a rule: what makes them so comes before or after the name that was written. */
function plainName(name: string): string {
  return /^(?:\w+ )?(\w+)/.exec(name)?.[1] ?? name
}

function constant({ value }: Constant): string {
  switch (value.kind) {
    case 'string':
      return quoted(value.value)
    case 'entity':
      return describeEntity(entity(value.type, value.id))
    case 'datetime':
      return `datetime("${formatTime({ kind: 'datetime', milliseconds: value.value })}")`
    case 'duration':
      return formatTime({ kind: 'duration', milliseconds: value.value })
    default:
      return `${value.value}`
  }
}

function template(parts: readonly (string | Expr)[], print: (part: Expr) => string): string {
  const texts = parts.map((part) => (typeof part === 'string' ? quoted(part).slice(1, -1) : `{${print(part)}}`))
  return `"${texts.join('')}"`
}

function builtin({ name, args }: Builtin, operand: (part: Expr) => string, print: (part: Expr) => string): string {
  const [first, second] = args
  // What an operator came down to that met values of which nothing is known.
  if (name === 'same' && first !== undefined && second !== undefined) return `${operand(first)} == ${operand(second)}`
  const written = name.endsWith('Same') ? name.slice(0, -'Same'.length) : name
  return called(written, args, operand, print)
}

function called(
  name: string,
  args: readonly Expr[],
  operand: (part: Expr) => string,
  print: (part: Expr) => string,
): string {
  const [first, ...rest] = args
  const known = builtins.filter((one) => one.name === name && one.params.length === rest.length)
  // `path` is a function of a text and a property of a URL: what it is applied to tells.
  const ofUrl = first?.kind === 'builtin' && first.name === 'url'
  const isFunction = !ofUrl && builtins.some((one) => one.name === name && one.form === 'function')
  const form = isFunction ? 'function' : (known.find((one) => one.form !== 'function')?.form ?? 'function')
  if (first === undefined || form === 'function') return `${name}(${args.map(print).join(', ')})`
  return form === 'property' ? `${operand(first)}.${name}` : `${operand(first)}.${name}(${rest.map(print).join(', ')})`
}

/** The actor is left out, as where the coercion is used. */
function holds({ subject, of, relation }: Holds, operand: (part: Expr) => string): string {
  const path = of === undefined ? relation : `${operand(of)}.${relation}`
  return subject.kind === 'variable' && subject.name === 'actor' ? path : `${operand(subject)} in ${path}`
}

function obtainable({ fact }: Obtainable): string {
  switch (fact.kind) {
    case 'scope':
      return `scope(${quoted(fact.scope)})`
    case 'acr':
      return `acr(${quoted(fact.acr)})`
    case 'auth-age':
      return `authAge() ${fact.strict ? '<' : '<='} ${formatTime({ kind: 'duration', milliseconds: fact.atMost })}`
    case 'confirmed':
      return 'confirmed()'
    case 'approved':
      return `approvedBy(${fact.of}${fact.count === 1 ? '' : `, ${fact.count}`})`
  }
}
