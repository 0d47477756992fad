import type { Span } from '../../base/source.ts'
import type { Expr } from '../../ir/expr.ts'
import type { Program } from '../../ir/program.ts'
import { conditionsOf } from './conditions.ts'

/** Something in the text of a policy of which tests can show that it holds, and that it does not. */
export interface Place {
  readonly kind: 'rule' | 'role' | 'condition'
  readonly at: Span
  /** The id of a rule, the name of a role. */
  readonly name?: string
  /** A rule without a condition: it always holds. */
  readonly always?: true
}

/** One place for one span, however many rules a `let` is in. */
export function keyOf({ file, start, end }: Span): string {
  return `${start}:${end}:${file}`
}

/** All places of a program, in the order of the text, each once. */
export function placesOf({ rules, roles, conditions }: Program): readonly Place[] {
  const places = new Map<string, Place>()
  const add = (place: Place) => {
    const key = `${place.kind === 'condition'} ${keyOf(place.at)}`
    if (!places.has(key)) places.set(key, place)
  }
  const addConditions = (expr: Expr | undefined) => {
    if (expr !== undefined) for (const { at } of conditionsOf(expr)) add({ kind: 'condition', at })
  }
  for (const { id, at, condition } of rules) {
    add({ kind: 'rule', at, name: id, ...(condition.kind === 'constant' ? { always: true } : {}) })
    addConditions(condition)
  }
  for (const { id, at, condition, except } of roles) {
    add({ kind: 'role', at, name: id })
    addConditions(condition)
    addConditions(except)
  }
  for (const { body } of conditions) addConditions(body)
  return [...places.values()].sort((a, b) =>
    a.at.file === b.at.file ? a.at.start - b.at.start || b.at.end - a.at.end : a.at.file < b.at.file ? -1 : 1,
  )
}
