import { didYouMean } from '../base/suggest.ts'
import { idProblem } from '../value/entity.ts'
import { hasOwnField } from '../value/plain-object.ts'
import { quoted } from '../value/text.ts'
import type { Entity } from '../value/value.ts'
import { type Checked, refused } from './reason.ts'
import type { FactSchema } from './schema.ts'

/** An entity of a declared type, by `Type:id` or in parts. May throw where a getter or a proxy does. */
export function checkName(schema: FactSchema, name: unknown, path: string): Checked<Entity> {
  if (typeof name === 'string') {
    const colon = name.indexOf(':')
    if (colon === -1) return refused('bad-entity', `${shown(name)} is no entity: write \`Type:id\``, path)
    return checkParts(schema, name.slice(0, colon), name.slice(colon + 1), path, name)
  }
  if (typeof name === 'object' && name !== null && hasOwnField(name, 'type') && hasOwnField(name, 'id')) {
    const { type, id } = name as { readonly type: unknown; readonly id: unknown }
    if (typeof type === 'string' && typeof id === 'string') return checkParts(schema, type, id, path, `${type}:${id}`)
  }
  return refused('bad-entity', 'expected an entity: `Type:id`, or an object with `type` and `id`', path)
}

/** As `checkName`, for a name that comes alone; never throws. */
export function checkEntityName(schema: FactSchema, name: unknown): Checked<Entity> {
  try {
    return checkName(schema, name, '')
  } catch {
    return refused('bad-entity', 'an entity that cannot be read')
  }
}

function checkParts(schema: FactSchema, type: string, id: string, path: string, key: string): Checked<Entity> {
  const declared = schema.types.get(type)
  if (declared === undefined) return unknownType(schema, type, path)
  const problem = idProblem(id)
  if (problem !== undefined) return refused('bad-entity', problem, path)
  // The declared name, not the slice of the input, which would keep the input's text alive.
  return { value: { kind: 'entity', type: declared.name, id, key } }
}

export function unknownType(schema: FactSchema, type: string, path: string): Checked<never> {
  return refused(
    'unknown-type',
    `there is no type ${shown(type)}`,
    path,
    didYouMean(type.slice(0, 100), schema.types.keys()),
  )
}

/** A name as it was given, quoted as code, and not at any length. */
export function shown(name: string): string {
  return `\`${quoted(name.slice(0, 100)).slice(1, -1)}\``
}
