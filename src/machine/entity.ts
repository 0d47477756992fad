import type { Span } from '../base/source.ts'
import type { Ent } from '../facts/table.ts'
import { describeEntity } from '../value/describe.ts'
import { anonymous, entity } from '../value/entity.ts'
import type { Entity } from '../value/value.ts'
import type { Doubt, Truth } from './doubt.ts'
import { fail } from './failure.ts'
import type { Registers } from './registers.ts'

/** As values are everywhere else. */
export function boxed({ table }: Pick<Registers, 'table'>, entityOrKey: Ent): Entity {
  const key = keyOf(table, entityOrKey)
  if (key === '') return anonymous
  const colon = key.indexOf(':')
  return entity(key.slice(0, colon), key.slice(colon + 1))
}

export function unboxed({ table }: Pick<Registers, 'table'>, { key }: Entity): Ent {
  return table.ids.get(key) ?? key
}

function keyOf(table: Registers['table'], entityOrKey: Ent): string {
  return typeof entityOrKey === 'number' ? table.keyOf(entityOrKey) : entityOrKey
}

/** The number of its type; 0 of the anonymous actor. */
export function typeOf({ table }: Pick<Registers, 'table'>, entityOrKey: Ent): number {
  if (typeof entityOrKey === 'number') return entityOrKey >>> table.localBits
  return entityOrKey === '' ? 0 : (table.typeNumber(entityOrKey.slice(0, entityOrKey.indexOf(':'))) ?? 0)
}

/** Known: by a record or a fact in force, for being the request's actor, or by the kind of its type. */
export function isKnown(r: Registers, entityOrKey: Ent): boolean {
  if (entityOrKey === r.actor) return true
  const { table } = r
  if (typeof entityOrKey === 'number') {
    const type = table.types[entityOrKey >>> table.localBits]
    if (type?.certain[entityOrKey & table.localMask] === 1) return true
    if (table.known(entityOrKey, r.now)) return true
  }
  const name = table.types[typeOf(r, entityOrKey)]?.name
  return name !== undefined && r.policy.types.get(name)?.virtual === true
}

/** What comes of a fact that says nothing of the subject: of an unknown one it cannot be told. */
export function missed(r: Registers, subject: Ent, at: Span): Truth {
  return isKnown(r, subject) ? false : unknownEntity(r, subject, at)
}

export function unknownEntity(r: Registers, entityOrKey: Ent, at: Span): Doubt {
  return fail(r, 'unknown-entity', () => `nothing is known of \`${describe(r, entityOrKey)}\``, at)
}

export function describe(r: Registers, entityOrKey: Ent): string {
  return describeEntity(boxed(r, entityOrKey))
}
