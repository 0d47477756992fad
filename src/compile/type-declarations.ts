import { assertNever } from '../base/assert-never.ts'
import type { RecordField, Type } from '../ir/type.ts'
import { type Code, join, js } from './code.ts'

/**
 * Types of values as TypeScript has them. `given`: what may be handed over, which is what a typed read takes. `received`: what a host
 * function gets.
 */
export type Direction = 'given' | 'received'

export function typeCode(type: Type, direction: Direction): Code {
  const isGiven = direction === 'given'
  switch (type.kind) {
    case 'string':
    case 'ip':
    case 'cidr':
    case 'decimal':
    case 'ipaddr':
    case 'path':
    case 'url':
      return js`string`
    case 'boolean':
      return js`boolean`
    case 'int':
    case 'number':
      return isGiven || type.kind === 'int' ? js`number | bigint` : js`number`
    case 'datetime':
      return isGiven ? js`Date | string` : js`Date`
    case 'duration':
      return isGiven ? js`string` : js`number`
    case 'json':
    case 'dynamic':
      return js`unknown`
    case 'literal':
      return js`${type.value}`
    case 'set': {
      const of = typeCode(type.of, direction)
      return isGiven ? js`readonly (${of})[] | ReadonlySet<${of}>` : js`readonly (${of})[]`
    }
    case 'record':
      return record(type.fields, direction)
    case 'map':
      return js`Readonly<Record<string, ${typeCode(type.of, direction)}>>`
    case 'entity':
      return isGiven
        ? js`NameOf<${type.name}> | { readonly type: ${type.name}; readonly id: string }`
        : js`NameOf<${type.name}>`
    case 'union':
      return union(type.of.map((one) => typeCode(one, direction)))
    default:
      return assertNever(type)
  }
}

/** A member of an object type, whatever it is called. */
export interface Member {
  readonly name: string
  readonly optional?: boolean
  readonly code: Code
}

function record(fields: readonly RecordField[], direction: Direction): Code {
  const members = fields.map(
    ({ name, type, optional }) => js`readonly ${name}${optional ? js`?` : js``}: ${typeCode(type, direction)}`,
  )
  return members.length === 0 ? js`{}` : js`{ ${join(members, '; ')} }`
}

export function union(codes: readonly Code[]): Code {
  return codes.length === 0 ? js`never` : join(codes, ' | ')
}
