import { assertNever } from '../base/assert-never.ts'
import { formatAddress, formatNetwork } from './address.ts'
import { formatDecimal } from './decimal.ts'
import { tagOf } from './dynamic.ts'
import { isError } from './evaluation-error.ts'
import { formatPath } from './path.ts'
import { readVisible, visibleNames } from './read.ts'
import { formatTime } from './time.ts'
import { formatUrl } from './url.ts'
import { absent, type RecordValue, type Value } from './value.ts'

/**
 * A value as the data that `decode` reads back as it: text, booleans, numbers and bigints, arrays and objects without a
 * prototype. What cannot be read is left out. For values that have been materialised, which bounds their depth. `dynamic`: it will be
 * read with no type that tells what its texts are, so that they are marked.
 */
export function toPlain(value: Value, dynamic = false): unknown {
  const tag = dynamic ? tagOf(value) : undefined
  return tag === undefined ? written(value, dynamic) : { [tag]: written(value, dynamic) }
}

function written(value: Value, dynamic: boolean): unknown {
  if (typeof value !== 'object') return value
  switch (value.kind) {
    case 'entity':
      return value.key
    case 'datetime':
    case 'duration':
      return formatTime(value)
    case 'ip':
    case 'cidr':
      return formatAddress(value)
    case 'decimal':
      return formatDecimal(value)
    case 'ipaddr':
      return formatNetwork(value)
    case 'path':
      return formatPath(value)
    case 'url':
      return formatUrl(value)
    case 'set':
      return value.members.map((member) => toPlain(member, dynamic))
    case 'record':
      return recordToPlain(value, dynamic)
    default:
      return assertNever(value)
  }
}

function recordToPlain(record: RecordValue, dynamic: boolean): unknown {
  const plain: Record<string, unknown> = Object.create(null)
  const { type } = record
  const names = visibleNames(record)
  for (const name of isError(names) ? [] : names) {
    const value = readVisible(record, name)
    if (value === absent || isError(value)) continue
    const field = type.kind === 'record' ? type.fields.find((one) => one.name === name)?.type : undefined
    plain[name] = toPlain(value, dynamic || type.kind === 'dynamic' || field?.kind === 'dynamic')
  }
  return plain
}
