import type { Expr } from '../../ir/expr.ts'
import type { Type } from '../../ir/type.ts'
import { isSplit, unknown } from '../../runtime/cases.ts'
import { evaluate } from '../../runtime/interpret.ts'
import type { Run } from '../../runtime/run.ts'
import type { Scope } from '../../runtime/scope.ts'
import { isError } from '../../value/evaluation-error.ts'
import { absent, type Value } from '../../value/value.ts'
import type { InputPlace, InputRoot, Place } from './edit.ts'

/** Where the value of an expression is stored or comes from, if it is no more than read there. */
export function placeOf(run: Run, expr: Expr, scope: Scope): Place | undefined {
  switch (expr.kind) {
    case 'field': {
      const { of, name, type, relation } = expr
      const input = inputOf(run, of, scope)
      if (input !== undefined) return { ...input, path: [...input.path, name], type }
      const entity = knownValue(run, of, scope)
      if (typeof entity !== 'object' || entity.kind !== 'entity' || entity.key === '') return undefined
      return { kind: 'field', entity, name, type, relation }
    }
    case 'entities': {
      const entity = knownValue(run, expr.of, scope)
      if (typeof entity !== 'object' || entity.kind !== 'entity' || entity.key === '') return undefined
      const type = run.policy.schema.types.get(entity.type)?.fields.get(expr.name)?.type
      return type === undefined ? undefined : { kind: 'field', entity, name: expr.name, type, relation: true }
    }
    case 'index':
    case 'local':
      return inputOf(run, expr, scope)
    case 'coalesce':
      return placeOf(run, expr.left, scope)
    default:
      return undefined
  }
}

const roots: readonly string[] = ['token', 'context', 'args'] satisfies InputRoot[]
const json: Type = { kind: 'json' }

/** A part of what comes with the request. */
function inputOf(run: Run, expr: Expr, scope: Scope): InputPlace | undefined {
  switch (expr.kind) {
    case 'variable':
      return roots.includes(expr.name)
        ? { kind: 'input', root: expr.name as InputRoot, path: [], type: json }
        : undefined
    case 'field': {
      const input = inputOf(run, expr.of, scope)
      return input && { ...input, path: [...input.path, expr.name], type: expr.type }
    }
    case 'index': {
      const input = inputOf(run, expr.of, scope)
      const key = input && knownValue(run, expr.key, scope)
      return input !== undefined && typeof key === 'string'
        ? { ...input, path: [...input.path, key], type: expr.type }
        : undefined
    }
    case 'local': {
      const binding = scope.locals.get(expr.name)
      if (binding?.kind !== 'context') return undefined
      return { kind: 'input', root: 'context', path: [binding.field.name], type: binding.field.type }
    }
    default:
      return undefined
  }
}

/** What an expression is, where it hangs on no role or permission and is no error. */
export function knownValue(run: Run, expr: Expr, scope: Scope): Value | undefined {
  const found = evaluate(run, expr, scope)
  return found === unknown || found === absent || isSplit(found) || isError(found) ? undefined : found
}
