import type { Constant, Expr, Field } from '../../ir/expr.ts'
import type { Type } from '../../ir/type.ts'
import type { Body } from '../body.ts'
import type { Code } from '../code.ts'
import { join, js, known } from '../code.ts'
import { constant } from '../constant.ts'
import { readsRegisters } from '../direct.ts'
import { entityCode } from './entity.ts'
import { kindOf, literalsOf } from './kind.ts'
import type { Glance, Kind, Operand } from './operand.ts'
import { readOf } from './read.ts'
import { attributeOf, bits, headOf } from './stored.ts'

const sure = (code: Code): Operand => ({ when: [], code })

export function constantOf(body: Body, expr: Constant, kind: Kind): Operand | undefined {
  const { value } = expr
  switch (value.kind) {
    case 'int':
      return (kind === 'int' || kind === 'number') && Number.isSafeInteger(Number(value.value))
        ? sure(constant(body, expr))
        : undefined
    case 'number':
      return kind === 'number' ? sure(constant(body, expr)) : undefined
    case 'datetime':
    case 'duration':
      if (kind !== value.kind) return undefined
      return sure(body.places?.has(expr) ? js`${constant(body, expr)}.milliseconds` : js`${value.value}`)
    default:
      return kind === value.kind ? sure(constant(body, expr)) : undefined
  }
}

export function variableOf(body: Body, expr: Expr, kind: Kind): Operand | undefined {
  if (expr.kind !== 'variable') return undefined
  if (kind === 'entity') {
    const code = entityCode(body, expr)
    if (code === undefined) return undefined
    return expr.name === 'actor' ? sure(code) : { when: [js`${code} !== undefined`], code }
  }
  if (expr.name !== 'action') readsRegisters(body)
  switch (expr.name) {
    case 'now':
      return kind === 'datetime' ? sure(js`r.now`) : undefined
    case 'action':
      return kind === 'string' && body.names.action ? sure(known('a')) : undefined
    case 'uri':
      return kind === 'string' ? { when: [js`typeof r.uri === 'string'`], code: js`r.uri` } : undefined
    default:
      return undefined
  }
}

/** Values of locals have been read already. */
export function localOf(body: Body, expr: Expr, kind: Kind): Operand | undefined {
  const code = expr.kind === 'local' ? body.locals.get(expr.name) : undefined
  if (code === undefined) return undefined
  switch (kind) {
    case 'entity':
      return kindOf(body, expr) === 'entity' ? { when: [js`typeof ${code} === 'number'`], code } : undefined
    case 'int':
      return { when: [js`Number.isSafeInteger(${code})`], code }
    case 'datetime':
    case 'duration':
      return { when: [js`typeof ${code} === 'object'`, js`${code}.kind === ${kind}`], code: js`${code}.milliseconds` }
    default:
      // A number may be an entity.
      return kindOf(body, expr) === 'entity' ? undefined : { when: [js`typeof ${code} === ${kind}`], code }
  }
}

export function fieldOf(glance: Glance, expr: Field, kind: Kind): Operand | undefined {
  const { body } = glance
  if (expr.of.kind === 'variable') {
    const given = itemField(expr.of.name, expr.name, kind)
    if (given !== undefined) {
      readsRegisters(body)
      return given
    }
  }
  const read = readOf(body, expr)
  if (read !== undefined) return rawAs(body, read.first, read.name, expr.type, kind)
  const attribute = attributeOf(glance, expr)
  if (attribute !== undefined) {
    const stored = storedAs(attribute.first, attribute.name, expr.type, kind)
    return stored && { ...stored, when: [...attribute.when, ...stored.when] }
  }
  if (kind !== 'entity') return undefined
  const head = headOf(glance, expr)
  const types = head === undefined ? undefined : numbersOf(body, expr.type)
  if (head === undefined || types === undefined) return undefined
  const isOne = types.map((number) => js`~${head.name} >>> ${bits(body.module)} === ${number}`)
  return { when: [...head.when, js`${head.first} < 0`, js`(${join(isOne, ' || ')})`], code: js`~${head.name}` }
}

/** What the request itself says of the item that it is about. */
function itemField(of: string, name: string, kind: Kind): Operand | undefined {
  if (of === 'server' && name === 'name' && kind === 'string')
    return { when: [js`r.server !== undefined`], code: js`r.server` }
  if (of === 'prompt' && name === 'name' && kind === 'string')
    return { when: [js`r.prompt !== undefined`], code: js`r.prompt` }
  if (of !== 'tool') return undefined
  const kinds: Readonly<Record<string, Kind>> = {
    name: 'string',
    readOnly: 'boolean',
    destructive: 'boolean',
    idempotent: 'boolean',
    openWorld: 'boolean',
  }
  return Object.hasOwn(kinds, name) && kinds[name] === kind
    ? { when: [js`r.tool !== undefined`], code: js`r.tool.${known(name)}` }
    : undefined
}

/** The numbers of the types that an entity may be of. */
function numbersOf({ module }: Body, type: Type): readonly number[] | undefined {
  const types = type.kind === 'union' ? type.of : [type]
  const numbers = types.map((one) =>
    one.kind === 'entity' ? module.program.types.findIndex(({ name }) => name === one.name) + 1 : 0,
  )
  return numbers.length === 0 || numbers.includes(0) || numbers.length > 4 ? undefined : numbers
}

/** A value from outside, looked at as the typed read would. */
function rawAs(body: Body, first: Code, name: Code, type: Type, kind: Kind): Operand | undefined {
  const literals = literalsOf(type)
  if (literals !== undefined) return kind === 'string' ? oneOf(first, name, literals) : undefined
  const isJson = type.kind === 'json'
  const support = (called: string) => body.module.support(called)
  switch (kind) {
    case 'string':
      if (!isJson && type.kind !== 'string') return undefined
      return { when: [js`typeof ${first} === 'string'`], text: js`${support('isText')}(${name})`, code: name }
    case 'boolean':
      return isJson || type.kind === 'boolean' ? { when: [js`typeof ${first} === 'boolean'`], code: name } : undefined
    case 'int':
    case 'number':
      if (!isJson && type.kind !== 'int' && type.kind !== 'number') return undefined
      return {
        when: [
          kind === 'int' || type.kind === 'int' ? js`Number.isSafeInteger(${first})` : js`Number.isFinite(${first})`,
        ],
        code: name,
      }
    case 'datetime':
    case 'duration': {
      if (type.kind !== kind) return undefined
      const t = body.temporary()
      return {
        when: [js`(${t} = ${support(kind === 'datetime' ? 'instant' : 'duration')}(${first})) === ${t}`],
        code: t,
      }
    }
    case 'entity': {
      const [number, ...others] = numbersOf(body, type) ?? []
      if (number === undefined || others.length > 0) return undefined
      const t = body.temporary()
      const prefix = `${body.module.program.types[number - 1]?.name ?? ''}:`
      return {
        when: [js`(${t} = ${support('entityNamed')}(r, ${first}, ${number}, ${prefix})) !== undefined`],
        code: t,
      }
    }
  }
}

/** A value that the store has, which is of a kind already: whether it is of this one. */
function storedAs(first: Code, name: Code, type: Type, kind: Kind): Operand | undefined {
  const literals = literalsOf(type)
  if (literals !== undefined) return kind === 'string' ? oneOf(first, name, literals) : undefined
  const isJson = type.kind === 'json'
  switch (kind) {
    case 'string':
    case 'boolean':
      return isJson || type.kind === kind ? { when: [js`typeof ${first} === ${kind}`], code: name } : undefined
    case 'int':
    case 'number':
      if (!isJson && type.kind !== 'int' && type.kind !== 'number') return undefined
      return {
        when: [
          kind === 'int' || type.kind === 'int' ? js`Number.isSafeInteger(${first})` : js`typeof ${first} === 'number'`,
        ],
        code: name,
      }
    case 'datetime':
    case 'duration':
      return type.kind === kind
        ? { when: [js`typeof ${first} === 'object'`, js`${name}.kind === ${kind}`], code: js`${name}.milliseconds` }
        : undefined
    case 'entity':
      return undefined
  }
}

const fewLiterals = 12

/** A text that is one of these; what is none of them is refused. */
function oneOf(first: Code, name: Code, literals: readonly string[]): Operand | undefined {
  if (literals.length > fewLiterals) return undefined
  const [head, ...rest] = literals
  const is = [js`${first} === ${head}`, ...rest.map((literal) => js`${name} === ${literal}`)]
  return { when: [js`(${join(is, ' || ')})`], code: name }
}
