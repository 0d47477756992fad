import type { Expr } from '../ir/expr.ts'
import type { Program } from '../ir/program.ts'
import type { Type } from '../ir/type.ts'

/** What the names of one body are of. */
export interface Names {
  /** The types that `actor` can have. */
  readonly actor: readonly string[]
  readonly resource: readonly string[]
  /** There is an action: in the body of a role there is none. */
  readonly action: boolean
  readonly locals: ReadonlyMap<string, Type | undefined>
}

/** The types of the entity that an expression is, or undefined where it is no entity or may be something else. */
export function entityTypes(program: Program, expr: Expr, names: Names): readonly string[] | undefined {
  const of = (other: Expr) => entityTypes(program, other, names)
  switch (expr.kind) {
    case 'constant':
      return expr.value.kind === 'entity' ? [expr.value.type] : undefined
    case 'variable':
      if (expr.name === 'actor') return names.actor
      if (expr.name === 'agent') return ['Agent']
      return expr.name === 'resource' && names.resource.length > 0 ? names.resource : undefined
    case 'local': {
      const type = names.locals.get(expr.name)
      return type && entitiesOfType(type)
    }
    case 'field':
      return of(expr.of) === undefined && !isRecord(program, expr.of, names) ? undefined : entitiesOfType(expr.type)
    case 'index':
      return entitiesOfType(expr.type)
    case 'construct':
      return [expr.type]
    case 'conditional': {
      const [then, otherwise] = [of(expr.then), of(expr.else)]
      return then && otherwise && [...new Set([...then, ...otherwise])]
    }
    case 'coalesce': {
      const [left, right] = [of(expr.left), of(expr.right)]
      return left && right && [...new Set([...left, ...right])]
    }
    case 'host-call': {
      const result = program.functions.find(({ name }) => name === expr.function)?.result
      return result && entitiesOfType(result)
    }
    default:
      return undefined
  }
}

/** One record, not a set of them: a field of a set is a set, whatever the field's own type is. */
function isRecord(program: Program, expr: Expr, names: Names): boolean {
  switch (expr.kind) {
    case 'variable':
      return expr.name !== 'actor' && expr.name !== 'agent' && expr.name !== 'resource'
    case 'field':
      return (
        isOne(expr.type) && (isRecord(program, expr.of, names) || entityTypes(program, expr.of, names) !== undefined)
      )
    case 'index':
      return isOne(expr.type)
    default:
      return false
  }
}

function isOne({ kind }: Type): boolean {
  return kind === 'record' || kind === 'map'
}

function entitiesOfType(type: Type): readonly string[] | undefined {
  if (type.kind === 'entity') return [type.name]
  if (type.kind !== 'union') return undefined
  const names = type.of.map((one) => (one.kind === 'entity' ? one.name : undefined))
  return names.every((name) => name !== undefined) ? names : undefined
}

/** The types of what a step over a field of entity type, or several, ends in. */
export function stepTypes(program: Program, expr: Expr, names: Names): readonly string[] | undefined {
  if (expr.kind !== 'entities' && expr.kind !== 'field') return entityTypes(program, expr, names)
  const from = stepTypes(program, expr.of, names)
  if (from === undefined) return undefined
  const found = new Set<string>()
  for (const name of from) {
    const field = program.types.find((type) => type.name === name)?.fields.find((one) => one.name === expr.name)
    if (field === undefined) continue
    const types = entitiesOfType(field.type.kind === 'set' ? field.type.of : field.type)
    if (types === undefined) return undefined
    for (const type of types) found.add(type)
  }
  return [...found]
}

/** The type of what a set has in it, where that is known. */
export function elementType(program: Program, of: Expr, names: Names): Type | undefined {
  const types = stepTypes(program, of, names)
  if (types !== undefined) return { kind: 'union', of: types.map((name): Type => ({ kind: 'entity', name })) }
  return of.kind === 'field' && of.type.kind === 'set' ? of.type.of : undefined
}
