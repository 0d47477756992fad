import type { Ent, Table } from '../facts/table.ts'
import type { Policy } from '../runtime/policy.ts'
import { hasOwnField } from '../value/plain-object.ts'
import { hasLoneSurrogate } from '../value/text.ts'
import { nameTest } from './name-test.ts'
import { plain } from './raw.ts'
import type { Raw } from './registers.ts'

/** An entity that a request brings with attributes and nothing else, and of which no fact says anything: it is read where it stands. */
export interface Inline {
  readonly key: string
  /** By number. */
  readonly type: number
  readonly acts: boolean
  /** Of a type of which everybody is known: whoever looks for it among the facts finds nothing wrong. */
  readonly virtual: boolean
  readonly raw: Raw
}

export const noInlines: readonly Inline[] = Object.freeze([])

/** What a request brings, read once: whoever answers otherwise the second time is held to the first. */
export interface Read<T> {
  readonly input: T
  /** Undefined: not to be told here. */
  readonly inline: Inline | undefined
}

export type ReadInline = <T>(input: T) => Read<T>

/** Names that have a meaning of their own in an entity of a request. */
const reserved: readonly string[] = ['type', 'id', 'in', 'attributes']

export function inlineReader({ schema, program, types: declared }: Policy, { lasting }: Table): ReadInline {
  const types = new Map(
    program.types.map(({ name, actor }, i) => {
      const fields = [...(schema.types.get(name)?.fields ?? [])].filter(([, { relation }]) => relation === undefined)
      const attributes = new Set(fields.map(([field]) => field).filter((field) => !reserved.includes(field)))
      const virtual = declared.get(name)?.virtual === true
      return [name, { number: i + 1, acts: actor, virtual, attributes, isName: nameTest(`${name}:`) }] as const
    }),
  )
  function inlineOf(copy: Raw): Inline | undefined {
    const { type: name, id } = copy
    const type = typeof name === 'string' && typeof id === 'string' ? types.get(name) : undefined
    if (type === undefined) return undefined
    for (const field in copy) if (field !== 'type' && field !== 'id' && !type.attributes.has(field)) return undefined
    const key = `${name}:${id}`
    if (!type.isName(key) || lasting.get(key) !== undefined) return undefined
    return { key, type: type.number, acts: type.acts, virtual: type.virtual, raw: copy }
  }

  return (input) => {
    const copy = copyOf(input)
    return copy === undefined ? { input, inline: undefined } : { input: copy, inline: inlineOf(copy as Raw) }
  }
}

/** Undefined where it may be no entity, or cannot be read: that is told the thorough way. */
function copyOf<T>(input: T): T | undefined {
  if (typeof input !== 'object' || input === null) return undefined
  try {
    if (Object.getPrototypeOf(input) !== plain || !hasOwnField(input, 'type') || !hasOwnField(input, 'id'))
      return undefined
    const copy = { ...input }
    // What is not to be enumerated counts for these names only.
    return named.every((name) => hasOwnField(input, name) === hasOwnField(copy, name)) ? copy : undefined
  } catch {
    return undefined
  }
}

const named: readonly string[] = ['type', 'id', 'attributes']

/** What an attribute is declared as that is told at a glance. */
export type InlineKind = 'string' | 'boolean' | 'int' | 'number'

/** An attribute of such an entity as the store would have it; undefined where that takes a closer look. */
export function inlineValue(
  { inlines }: { readonly inlines: readonly Inline[] },
  entity: Ent | undefined,
  type: number,
  name: string,
  kind: InlineKind,
): string | boolean | number | undefined {
  for (const one of inlines) if (one.key === entity && one.type === type) return valueIn(one.raw, name, kind)
  return undefined
}

function valueIn(raw: Raw, name: string, kind: InlineKind): string | boolean | number | undefined {
  const value = hasOwnField(raw, name) ? raw[name] : undefined
  switch (typeof value) {
    case 'string':
      return kind === 'string' && !hasLoneSurrogate(value) ? value : undefined
    case 'boolean':
      return kind === 'boolean' ? value : undefined
    case 'number': {
      const isOne = kind === 'int' ? Number.isSafeInteger(value) : kind === 'number' && Number.isFinite(value)
      // There is one zero.
      return isOne ? value + 0 : undefined
    }
    default:
      return undefined
  }
}
