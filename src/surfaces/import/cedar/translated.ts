import type { EntityLiteral, Expr as Licet } from '../../../syntax/ast.ts'
import { call, entity } from '../tree.ts'
import type { Expr, Uid } from './cedar.ts'
import type { RecordType } from './schema.ts'
import { dynamic, type Shape } from './shape.ts'
import { type Errors, noErrors, together } from './sources-of-error.ts'
import type { World } from './world.ts'

/** What a policy's expressions are about. */
export interface Place {
  readonly world: World
  /** The types that the principal and the resource can have. */
  readonly principals: readonly string[]
  readonly resources: readonly string[]
  /** The actions that are asked about, by `uidKey`. */
  readonly actions: readonly string[]
  /** Undefined: any key may be there, or not. */
  readonly context: RecordType | undefined
}

/** Something that has no counterpart here. `word`: what to look for in the policy's text, to tell where it stands. */
export class Untranslatable extends Error {
  readonly word: string | undefined

  constructor(message: string, word?: string) {
    super(message)
    this.word = word
  }
}

export interface Translated {
  readonly expr: Licet
  readonly shape: Shape
  readonly errors: Errors
}

export function mayErr({ errors }: Translated): boolean {
  return errors.all.size > 0
}

export const truth: Shape = { kind: 'boolean' }

export function sure(expr: Licet, shape: Shape): Translated {
  return { expr, shape, errors: noErrors }
}

export function isOpen({ shape }: Translated): boolean {
  return shape.kind === 'dynamic'
}

/** Where the checker would say that it can never be: it is asked anyway, and Cedar's answer comes out. */
export function asDynamic(of: Translated): Translated {
  return isOpen(of) ? of : { expr: call('dynamic', of.expr), shape: dynamic, errors: of.errors }
}

/** Something of these kinds, as far as is known; whatever else it is makes an error. */
export function ofKind({ world }: Place, expr: Expr, of: Translated, ...kinds: readonly Shape['kind'][]): Translated {
  if (kinds.includes(of.shape.kind)) return of
  return { ...asDynamic(of), errors: together([of.errors], `${world.keyOf(expr)} is no ${kinds.join()}`) }
}

/** An entity as it is written. */
export function literal(world: World, { type, id }: Uid): EntityLiteral {
  if (id === '') throw new Untranslatable('an entity with an empty id, which none has here', '""')
  return entity(world.typeName(type), id)
}
