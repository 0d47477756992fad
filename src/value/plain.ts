import { assertNever } from '../base/assert-never.ts'
import { formatAddress } from './address.ts'
import { isError } from './evaluation-error.ts'
import { formatPath } from './path.ts'
import { readVisible, visibleNames } from './read.ts'
import { formatTime } from './time.ts'
import { formatUrl } from './url.ts'
import { absent, type RecordValue, type Value } from './value.ts'

/**
 * A value as the data that `decode` reads back as it: text, booleans, numbers and bigints, arrays and objects without a
 * prototype. What cannot be read is left out. For values that have been materialised, which bounds their depth.
 */
export function toPlain(value: Value): unknown {
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
    case 'path':
      return formatPath(value)
    case 'url':
      return formatUrl(value)
    case 'set':
      return value.members.map(toPlain)
    case 'record':
      return recordToPlain(value)
    default:
      return assertNever(value)
  }
}

function recordToPlain(record: RecordValue): unknown {
  const plain: Record<string, unknown> = Object.create(null)
  const names = visibleNames(record)
  for (const name of isError(names) ? [] : names) {
    const value = readVisible(record, name)
    if (value !== absent && !isError(value)) plain[name] = toPlain(value)
  }
  return plain
}
