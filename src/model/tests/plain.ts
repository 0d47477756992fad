import type { Expr } from '../../syntax/ast.ts'

/** A value as JSON has it, or why an expression is none: facts and the inputs of tests are data, not conditions. */
export type Plain = { readonly value: unknown } | { readonly problem: string; readonly at: Expr['span'] }

const readers: ReadonlySet<string> = new Set(['datetime', 'duration', 'ip', 'cidr', 'path', 'url'])

export function plain(expr: Expr): Plain {
  switch (expr.kind) {
    case 'boolean':
    case 'number':
      return { value: expr.value }
    case 'int':
      return { value: integer(expr.value) }
    case 'duration':
      return { value: expr.text }
    case 'string':
      return expr.parts.every((part) => part.kind === 'text')
        ? { value: expr.parts.map((part) => part.value).join('') }
        : { problem: 'a string without interpolation is expected here', at: expr.span }
    case 'entity-literal':
      return { value: `${expr.type}:${expr.id}` }
    case 'unary':
      if (expr.operator === '-' && expr.operand.kind === 'int') return { value: integer(-expr.operand.value) }
      if (expr.operator === '-' && expr.operand.kind === 'number') return { value: -expr.operand.value }
      break
    case 'set':
      return list(expr.elements)
    case 'record': {
      // A Map first: a key such as `__proto__` must not reach a prototype.
      const value = new Map<string, unknown>()
      for (const entry of expr.entries) {
        const read = plain(entry.value)
        if ('problem' in read) return read
        value.set(entry.key.text, read.value)
      }
      return { value: Object.fromEntries(value) }
    }
    case 'call':
      // `datetime("…")` and the like are written as they are read: as their text.
      if (readers.has(expr.function.text) && expr.args.length === 1 && expr.args[0]?.kind === 'string')
        return plain(expr.args[0])
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

function list(elements: readonly Expr[]): Plain {
  const values: unknown[] = []
  for (const element of elements) {
    const read = plain(element)
    if ('problem' in read) return read
    values.push(read.value)
  }
  return { value: values }
}
