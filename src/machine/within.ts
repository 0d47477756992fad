import type { Span } from '../base/source.ts'
import type { Ent } from '../facts/table.ts'
import type { Truth } from './doubt.ts'
import { missed } from './entity.ts'
import type { Registers } from './registers.ts'
import { isInside } from './step.ts'

/** `x in y` for entities: true of an entity itself even where nothing is known of it. */
export function within(r: Registers, subject: Ent, container: Ent, at: Span): Truth {
  if (subject === container) return true
  if (typeof container === 'number' && isInside(r, subject, container)) return true
  return subject === r.actor ? false : missed(r, subject, at)
}
