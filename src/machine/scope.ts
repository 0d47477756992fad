import type { Span } from '../base/source.ts'
import type { Ent } from '../facts/table.ts'
import type { VariableName } from '../ir/expr.ts'
import type { RecordField } from '../ir/type.ts'
import { matchUri } from '../ir/uri-template.ts'
import { unknown } from '../runtime/cases.ts'
import type { Binding } from '../runtime/scope.ts'
import { conform } from '../value/conform.ts'
import { isError } from '../value/evaluation-error.ts'
import { readField } from '../value/read.ts'
import { absent, type Value } from '../value/value.ts'
import { and, Doubt, or, type Truth } from './doubt.ts'
import { describe } from './entity.ts'
import { fail, failed, wrongKind } from './failure.ts'
import { inputOf } from './inputs.ts'
import type { Outcome, Registers } from './registers.ts'

/** What names stand for, and what holds the bodies of roles and permissions together. */

export function variable(r: Registers, name: VariableName, at: Span): Outcome {
  const value = inputOf(r, name)
  if (isError(value)) return failed(r, value, at)
  return value ?? fail(r, 'absent', () => `\`${name}\` has no value in this request`, at)
}

/** What a URI template bound. */
export function bound(
  r: Registers,
  bindings: ReadonlyMap<string, Binding> | undefined,
  name: string,
  at: Span,
): Outcome {
  const binding = bindings?.get(name)
  switch (binding?.kind) {
    case 'value':
      return binding.value
    case 'absent':
      return absent
    case 'uri': {
      const { uri } = r
      if (typeof uri !== 'string') return uri === unknown ? uri : absent
      return matchUri(binding.template, uri)?.get(binding.variable) ?? absent
    }
    default:
      return fail(r, 'absent', () => `\`${name}\` has no value here`, at)
  }
}

/** A parameter of a carried condition: of the fact, else of the context. */
export function parameter(r: Registers, args: ReadonlyMap<string, Value>, field: RecordField, at: Span): Outcome {
  const given = args.get(field.name)
  if (given !== undefined) return given
  const context = inputOf(r, 'context')
  if (context === unknown) return context
  if (isError(context)) return failed(r, context, at)
  const value =
    typeof context === 'object' && !(context instanceof Doubt) && context.kind === 'record'
      ? readField(context, field.name, field.type)
      : absent
  if (isError(value)) return failed(r, value, at)
  if (value !== absent) {
    const conforming = conform(value, field.type)
    return isError(conforming) ? failed(r, conforming, at) : conforming
  }
  if (field.optional) return absent
  return fail(r, 'missing-attribute', () => `neither the fact nor the context has \`${field.name}\``, at)
}

export function noRole(r: Registers, role: string, entity: Ent | undefined): Truth {
  const of = () => (entity === undefined ? '' : ` of \`${describe(r, entity)}\``)
  return fail(r, 'wrong-kind', () => `there is no role \`${role}\`${of()}`)
}

export function noCondition(r: Registers, name: string): Truth {
  return fail(r, 'bad-value', () => `no fact can carry \`${name}\``)
}

export function notDelegated(r: Registers, relation: string, at: Span): Truth {
  return fail(r, 'not-delegated', () => `\`${relation}\` is not known to be delegated`, at)
}

/** All agents have to be delegated to; one that is denied stops all. */
export function delegatedBy(
  r: Registers,
  subject: Ent,
  entity: Ent,
  delegate: (subject: Ent, entity: Ent, agent: Ent) => Truth,
  forbid: (subject: Ent, entity: Ent, agent: Ent) => Truth,
): Truth {
  let truth: Truth = true
  for (const agent of r.agents) {
    truth = and(truth, delegate(subject, entity, agent))
    if (truth === false) return false
  }
  let forbidden: Truth = false
  for (const agent of r.agents) forbidden = or(forbidden, forbid(subject, entity, agent))
  return and(truth, forbidden === true ? false : forbidden === false ? true : forbidden)
}

/** What comes of a test of somebody who is no entity. */
export function noSubject(r: Registers, subject: Outcome, at: Span): Truth {
  if (subject instanceof Doubt) return subject
  if (subject === unknown) return r.leaf
  return subject === absent ? fail(r, 'absent', () => 'a value that is not set', at) : wrongKind(r, 'an entity', at)
}

/** What comes of a test on something that is no entity. */
export function noEntity(r: Registers, of: Outcome, at: Span): Truth {
  if (of === absent) return false
  if (of === unknown) return r.leaf
  return of instanceof Doubt ? of : wrongKind(r, 'an entity', at)
}

interface Last {
  turn: number
  with: readonly unknown[]
  is: unknown
}

/** The shared part has been evaluated for the same names before, and nothing has changed since. */
export function isSame(r: Registers, last: Last, names: readonly unknown[]): boolean {
  return last.turn === r.turn && names.every((name, i) => name === last.with[i])
}

export function remember<T>(r: Registers, last: Last, names: readonly unknown[], value: T): T {
  last.turn = r.turn
  last.with = names
  last.is = value
  return value
}
