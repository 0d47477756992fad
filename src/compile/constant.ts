import { assertNever } from '../base/assert-never.ts'
import type { Constant } from '../ir/expr.ts'
import type { Body } from './body.ts'
import type { Code } from './code.ts'
import { js } from './code.ts'

/** A literal of the policy: an entity as a number, anything else as values are everywhere. */
export function constant({ module, places }: Body, expr: Constant): Code {
  const { value } = expr
  const given = places?.get(expr)
  if (given !== undefined && value.kind !== 'boolean') return js`k.literals[${given}]`
  switch (value.kind) {
    case 'string':
    case 'boolean':
    case 'number':
      return js`${value.value}`
    case 'int': {
      const number = Number(value.value)
      return Number.isSafeInteger(number) ? js`${number}` : js`BigInt(${value.value})`
    }
    case 'duration':
    case 'datetime':
      return module.constant(value.kind, js`{ kind: ${value.kind}, milliseconds: ${value.value} }`)
    case 'entity':
      return module.constant(`${value.type}$${value.id}`, js`r.table.pin(${`${value.type}:${value.id}`})`)
    default:
      return assertNever(value)
  }
}

/** The literal itself, where it is the same for all that the code is for. */
export function literalOf({ places }: Body, expr: Constant): Constant['value'] | undefined {
  return places?.has(expr) === true && expr.value.kind !== 'boolean' ? undefined : expr.value
}
