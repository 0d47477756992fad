import type { EntityInput, FactInput } from './fact.ts'

/** Facts as JSON and back: large integers, which JSON has none of, are strings that begin with this, and so are those that do anyway. */
const mark = '\u0000'

type Given = FactInput | EntityInput

export function toJson(facts: readonly Given[]): readonly Given[] {
  return mapped(facts, (value) => {
    if (typeof value === 'bigint') return `${mark}${value}`
    return typeof value === 'string' && value.startsWith(mark) ? `${mark}${value}` : value
  })
}

export function fromJson(facts: readonly Given[]): readonly Given[] {
  return mapped(facts, (value) => {
    if (typeof value !== 'string' || !value.startsWith(mark)) return value
    return value.startsWith(mark, 1) ? value.slice(1) : BigInt(value.slice(1))
  })
}

function mapped<T>(value: T, leaf: (value: unknown) => unknown): T {
  if (typeof value !== 'object' || value === null) return leaf(value) as T
  if (Array.isArray(value)) return value.map((one) => mapped(one, leaf)) as T
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapped(member, leaf)])) as T
}
