import type { Span } from '../base/source.ts'
import type { Ent } from '../facts/table.ts'
import type { Truth } from './doubt.ts'
import { isKnown, unknownEntity } from './entity.ts'
import type { Registers } from './registers.ts'

/** `x in y` for entities: true of an entity itself even where nothing is known of it. */
export function within(r: Registers, subject: Ent, container: Ent, at: Span): Truth {
  if (subject === container) return true
  if (typeof subject === 'number' && typeof container === 'number') {
    if (r.table.isWithin(subject, container, r.now)) return true
  }
  return isKnown(r, subject) ? false : unknownEntity(r, subject, at)
}
