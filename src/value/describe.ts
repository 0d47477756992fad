import { assertNever } from '../base/assert-never.ts'
import { formatAddress, formatNetwork } from './address.ts'
import { formatDecimal } from './decimal.ts'
import { isError } from './evaluation-error.ts'
import { formatPath } from './path.ts'
import { readVisible, visibleNames } from './read.ts'
import { quoted } from './text.ts'
import { formatTime } from './time.ts'
import { formatUrl } from './url.ts'
import { absent, type Entity, type RecordValue, type SetValue, type Value } from './value.ts'

const maxLength = 120
const maxText = 60
const maxParts = 8
const maxNesting = 3

/** A value in the policy's own notation, for people: at most 120 characters, long texts and lists cut short. */
export function describe(value: Value): string {
  return cut(describeWithin(value, 0), maxLength)
}

/** `User:ann`, the id in quotes where it is more than words and hyphens; `anonymous` for the actor without a name. */
export function describeEntity(entity: Entity): string {
  if (entity.key === '') return 'anonymous'
  return /^\w+(?:-\w+)*$/.test(entity.id) ? entity.key : `${entity.type}:${quoted(entity.id)}`
}

function describeWithin(value: Value, depth: number): string {
  if (typeof value === 'string') return quoted(cut(value, maxText))
  if (typeof value !== 'object') return String(value)
  switch (value.kind) {
    case 'entity':
      return describeEntity(value)
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
      return describeSet(value, depth)
    case 'record':
      return describeRecord(value, depth)
    default:
      return assertNever(value)
  }
}

function describeSet(set: SetValue, depth: number): string {
  if (depth >= maxNesting) return '[…]'
  const parts = set.members.slice(0, maxParts).map((member) => describeWithin(member, depth + 1))
  const rest = set.members.length > maxParts || set.gap !== undefined ? ['…'] : []
  return `[${[...parts, ...rest].join(', ')}]`
}

function describeRecord(record: RecordValue, depth: number): string {
  const names = visibleNames(record)
  if (isError(names) || depth >= maxNesting) return '{…}'
  const parts: string[] = []
  for (const name of names.slice(0, maxParts)) {
    const value = readVisible(record, name)
    if (value === absent) continue
    const key = /^[A-Za-z_]\w*$/.test(name) ? name : quoted(cut(name, maxText))
    parts.push(`${key}: ${isError(value) ? '…' : describeWithin(value, depth + 1)}`)
  }
  return `{${[...parts, ...(names.length > maxParts ? ['…'] : [])].join(', ')}}`
}

/** Cut between characters, never inside a surrogate pair. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text
  return `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
