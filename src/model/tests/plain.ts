import type { Type } from '../../ir/type.ts'
import type { Expr } from '../../syntax/ast.ts'

/** A value as JSON has it, or why an expression is none: facts and the inputs of tests are data, not conditions. */
export type Plain = { readonly value: unknown } | { readonly problem: string; readonly at: Expr['span'] }

const readers: ReadonlySet<string> = new Set(['datetime', 'duration', 'ip', 'cidr', 'decimal', 'ipaddr', 'path', 'url'])

/** `type`: what it is read as; where that is `dynamic`, an entity or a time is marked, since its text would not tell. */
export function plain(expr: Expr, type?: Type): Plain {
  switch (expr.kind) {
    case 'boolean':
    case 'number':
      return { value: expr.value }
    case 'int':
      return { value: integer(expr.value) }
    case 'duration':
      return marked('duration', expr.text, type)
    case 'string':
      return expr.parts.every((part) => part.kind === 'text')
        ? { value: expr.parts.map((part) => part.value).join('') }
        : { problem: 'a string without interpolation is expected here', at: expr.span }
    case 'entity-literal':
      return marked('entity', `${expr.type}:${expr.id}`, type)
    case 'unary':
      if (expr.operator === '-' && expr.operand.kind === 'int') return { value: integer(-expr.operand.value) }
      if (expr.operator === '-' && expr.operand.kind === 'number') return { value: -expr.operand.value }
      break
    case 'set':
      return list(expr.elements, partOf(type))
    case 'record': {
      // A Map first: a key such as `__proto__` must not reach a prototype.
      const value = new Map<string, unknown>()
      for (const entry of expr.entries) {
        const read = plain(entry.value, partOf(type, entry.key.text))
        if ('problem' in read) return read
        value.set(entry.key.text, read.value)
      }
      return { value: Object.fromEntries(value) }
    }
    case 'call':
      // `datetime("…")` and the like are written as they are read: as their text.
      if (readers.has(expr.function.text) && expr.args.length === 1 && expr.args[0]?.kind === 'string') {
        const read = plain(expr.args[0])
        return 'value' in read ? marked(expr.function.text, read.value, type) : read
      }
      break
  }
  return {
    problem: 'a value is expected here: text, a number, a set, a record, an entity or `datetime("…")`',
    at: expr.span,
  }
}

function integer(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
}

function marked(kind: string, text: unknown, type: Type | undefined): Plain {
  return { value: type?.kind === 'dynamic' ? { [`$${kind}`]: text } : text }
}

/** The type of a part: of a field of this name, or of an element. */
function partOf(type: Type | undefined, name?: string): Type | undefined {
  if (type?.kind === 'record') return type.fields.find((field) => field.name === name)?.type
  return type?.kind === 'set' || type?.kind === 'map' ? type.of : type
}

function list(elements: readonly Expr[], type: Type | undefined): Plain {
  const values: unknown[] = []
  for (const element of elements) {
    const read = plain(element, type)
    if ('problem' in read) return read
    values.push(read.value)
  }
  return { value: values }
}
