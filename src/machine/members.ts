import type { Span } from '../base/source.ts'
import type { Ent } from '../facts/table.ts'
import { unknown } from '../runtime/cases.ts'
import { absent, type Value } from '../value/value.ts'
import { and, Doubt, or, type Truth } from './doubt.ts'
import { unboxed } from './entity.ts'
import { failed, notSet, type Site, wrongKind } from './failure.ts'
import type { Outcome, Registers } from './registers.ts'

/** Whether it holds of some entity of `of`, which is a value as everywhere: one entity or a set; absent is the empty set. */
export function anyOf(r: Registers, of: Outcome, each: (entity: Ent) => Truth, at: Span): Truth {
  if (of === absent) return false
  if (of === unknown) return r.leaf
  if (of instanceof Doubt) return of
  if (typeof of !== 'object') return wrongKind(r, 'an entity', at)
  if (of.kind === 'entity') return each(unboxed(r, of))
  if (of.kind !== 'set') return wrongKind(r, 'an entity', at)
  let truth: Truth = false
  for (const member of of.members) {
    const isEntity = typeof member === 'object' && member.kind === 'entity'
    const one = isEntity ? each(unboxed(r, member)) : wrongKind(r, 'an entity', at)
    if (one === true) return true
    truth = or(truth, one)
  }
  return of.gap === undefined ? truth : or(truth, failed(r, of.gap, at))
}

/** `some` and `every` over the members of a set and its gap. */
export function quantified(
  r: Registers,
  kind: 'some' | 'every',
  of: Outcome,
  each: (member: Value) => Truth,
  site: Site,
): Truth {
  if (of instanceof Doubt) return of
  if (of === absent) return notSet(r, site, 0)
  if (of === unknown) return r.leaf
  if (typeof of !== 'object' || of.kind !== 'set') return wrongKind(r, 'a set', site.at)
  const decided = kind === 'some'
  let truth: Truth = !decided
  for (const member of of.members) {
    const one = each(member)
    if (one === decided) return decided
    truth = decided ? or(truth, one) : and(truth, one)
  }
  if (of.gap === undefined) return truth
  const gap = failed(r, of.gap, site.at)
  return decided ? or(truth, gap) : and(truth, gap)
}
