import type { Span } from '../base/source.ts'
import type { Ent, Relation } from '../facts/table.ts'
import type { Doubt } from './doubt.ts'
import { describe } from './entity.ts'
import { fail } from './failure.ts'
import type { Registers } from './registers.ts'

/** The subject of a fact with terms, if it is one entity and the fact in force; else -1. */
export function inForce(r: Registers, relation: Relation, code: number): number {
  const fact = relation.terms[~code]
  return fact?.kind === 'entity' && r.now < fact.until ? fact.entity : -1
}

/** A required field of entity type that holds nothing. */
export function notRelated(r: Registers, of: Ent, name: string, at: Span): Doubt {
  return fail(r, 'missing-attribute', () => `\`${name}\` of \`${describe(r, of)}\` is not set`, at)
}

/** Reflexive containment at the time of the request; the clock is left alone where nothing ends. */
export function isInside(r: Registers, subject: Ent, container: number): boolean {
  if (typeof subject !== 'number') return false
  const { table } = r
  return table.isWithin(subject, container, table.expiring === 0 ? 0 : r.now)
}

/** The subject, or something that contains it, is one of `sorted[from]` up to `sorted[to - 1]`, ascending. */
export function isInsideAny(r: Registers, subject: number, sorted: Int32Array, from: number, to: number): boolean {
  const { table } = r
  return table.isWithinAny(subject, sorted, from, to, table.expiring === 0 ? 0 : r.now)
}
