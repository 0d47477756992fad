import type { Expr } from '../../ir/expr.ts'
import type { Type } from '../../ir/type.ts'
import { type Code, js } from '../code.ts'
import { readsRegisters } from '../direct.ts'
import { kindOfType } from './kind.ts'
import type { Glance, Kind } from './operand.ts'
import { readOf } from './read.ts'
import { attributeOf } from './stored.ts'

/** A set that is asked what is in it, without being made into one. */
export interface SetSource {
  readonly when: readonly Code[]
  /** The list of the request as it came, or the set of the store. */
  readonly code: Code
  readonly from: 'request' | 'store'
  /** What its elements are; JSON may be anything. */
  readonly of: Kind | 'json'
}

export function setSourceOf(glance: Glance, expr: Expr): SetSource | undefined {
  const { body } = glance
  if (expr.kind !== 'field') return undefined
  if (expr.of.kind === 'variable' && expr.of.name === 'session' && expr.name === 'labels') {
    readsRegisters(body)
    return { when: [], code: js`${body.module.support('labels')}(r)`, from: 'store', of: 'string' }
  }
  const of = elementOf(expr.type)
  if (of === undefined) return undefined
  const read = readOf(body, expr)
  if (read !== undefined) return { when: [], code: read.first, from: 'request', of }
  const stored = attributeOf(glance, expr)
  return stored && { when: stored.when, code: stored.first, from: 'store', of }
}

/** Elements that are looked at one by one: texts of any kind, integers, doubles. */
function elementOf(type: Type): Kind | 'json' | undefined {
  if (type.kind === 'json') return 'json'
  // Of literals a text that is none of them is a gap, which is left to the general way.
  if (type.kind !== 'set' || type.of.kind === 'union' || type.of.kind === 'literal') return undefined
  const kind = kindOfType(type.of)
  return kind === 'string' || kind === 'int' || kind === 'number' || kind === 'json' ? kind : undefined
}
