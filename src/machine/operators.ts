import type { Span } from '../base/source.ts'
import type { Ent } from '../facts/table.ts'
import type { Arithmetic, Compare, Element } from '../ir/expr.ts'
import type { HostFunction } from '../ir/program.ts'
import type { Type } from '../ir/type.ts'
import { unknown } from '../runtime/cases.ts'
import { construct, interpolate, type Part } from '../runtime/construct.ts'
import { elementOf } from '../runtime/element.ts'
import { relationOf } from '../runtime/field.ts'
import { callHost } from '../runtime/host-call.ts'
import { calculate, negate } from '../value/arithmetic.ts'
import { compare } from '../value/compare.ts'
import { evaluationError, isError } from '../value/evaluation-error.ts'
import { hasField, readField } from '../value/read.ts'
import { setOf } from '../value/set.ts'
import { absent, type EvaluationError, type Value } from '../value/value.ts'
import { Doubt, type Truth } from './doubt.ts'
import { boxed, isKnown, unboxed, unknownEntity } from './entity.ts'
import { failed, Gap, notSet, type Site, wrongKind } from './failure.ts'
import { related } from './fields.ts'
import { stopped, stops, strict } from './operand.ts'
import type { Outcome, Registers } from './registers.ts'

/** The operators of the language, on values as they are everywhere but for entities where it is said. */

export function compared(
  r: Registers,
  operator: Compare['operator'],
  left: Outcome,
  right: Outcome,
  site: Site,
): Outcome {
  if (stops(left) || stops(right)) return stopped(r, site, [left, right])
  return lifted(r, compare(operator, left as Value, right as Value), site.at)
}

export function calculated(
  r: Registers,
  operator: Arithmetic['operator'],
  domain: Arithmetic['domain'],
  left: Outcome,
  right: Outcome,
  site: Site,
): Outcome {
  if (stops(left) || stops(right)) return stopped(r, site, [left, right])
  return lifted(r, calculate(operator, domain, left as Value, right as Value), site.at)
}

export function negated(r: Registers, domain: 'int' | 'number' | 'time', operand: Outcome, site: Site): Outcome {
  return strict(r, site, [operand], ([value]) => lifted(r, negate(domain, value as Value), site.at))
}

export function element(r: Registers, kind: Element['in'], value: Outcome, of: Outcome, site: Site): Outcome {
  if (stops(value) || stops(of)) return stopped(r, site, [value, of])
  return lifted(r, elementOf(kind, value as Value, of as Value, site.at), site.at)
}

export function builtin(r: Registers, name: string, operands: readonly Outcome[], site: Site): Outcome {
  return strict(r, site, operands, (values) => {
    const result = r.builtins.get(name)?.(values)
    return lifted(
      r,
      result ?? evaluationError('wrong-kind', `\`${name}\` does not take values of these kinds`),
      site.at,
    )
  })
}

export function hostCall(r: Registers, declared: HostFunction, operands: readonly Outcome[], site: Site): Outcome {
  // Strict, but for a parameter that is optional.
  const isLeftOut = (i: number) => operands[i] === absent && declared.params[i]?.optional === true
  for (let i = 0; i < operands.length; i++) {
    const operand = operands[i]
    if (operand instanceof Doubt) return operand
    if (operand === absent && !isLeftOut(i)) return notSet(r, site, i)
  }
  if (operands.includes(unknown)) return unknown
  const values = operands.map((operand, i) => (isLeftOut(i) ? undefined : (operand as Value)))
  return lifted(r, callHost(r.functions, declared, values, site.at) as Value | EvaluationError, site.at)
}

export function indexed(r: Registers, of: Outcome, key: Outcome, type: Type, site: Site): Outcome {
  return strict(r, site, [of, key], ([value, name]) => {
    if (typeof name !== 'string') return wrongKind(r, 'a string as key', site.at)
    if (typeof value !== 'object' || value.kind !== 'record') return wrongKind(r, 'something with keys', site.at)
    const found = readField(value, name, type, site.at)
    return isError(found) ? failed(r, found, site.at) : found
  })
}

/** An element that cannot be told leaves a gap. */
export function set(r: Registers, elements: readonly Outcome[], site: Site): Outcome {
  const members: Value[] = []
  let gap: EvaluationError | undefined
  for (const one of elements) {
    if (one === unknown) return unknown
    if (one === absent) gap ??= new Gap(notSet(r, { at: site.at, operands: [] }, 0))
    else if (one instanceof Doubt) gap ??= new Gap(one)
    else members.push(one as Value)
  }
  return setOf(members, gap)
}

export function record(r: Registers, keys: readonly string[], values: readonly Outcome[], site: Site): Outcome {
  return strict(r, site, values, (all) => ({
    kind: 'record',
    raw: new Map(keys.map((key, i) => [key, all[i] as Value])),
    type: { kind: 'json' },
  }))
}

/** Texts of the policy, and between them the operands in their order. */
export type Pattern = readonly (string | null)[]

function partsOf(pattern: Pattern, values: readonly Value[]): readonly Part[] {
  let next = 0
  return pattern.map((text) =>
    text === null ? { kind: 'value', value: values[next++] as Value } : { kind: 'text', text },
  )
}

/** The entity that a template names, as an `Ent`. */
export function constructed(
  r: Registers,
  type: string,
  pattern: Pattern,
  operands: readonly Outcome[],
  site: Site,
): Outcome {
  return strict(r, site, operands, (values) => {
    const result = construct(type, partsOf(pattern, values), site.at)
    return isError(result) ? failed(r, result, site.at) : unboxed(r, result)
  })
}

export function interpolated(r: Registers, pattern: Pattern, operands: readonly Outcome[], site: Site): Outcome {
  return strict(r, site, operands, (values) => lifted(r, interpolate(partsOf(pattern, values), site.at), site.at))
}

/** `of has name`; `of` as everywhere. */
export function has(r: Registers, of: Outcome, name: string, relation: boolean, site: Site): Outcome {
  return strict(r, site, [of], ([value]) => {
    if (typeof value === 'object' && value.kind === 'record') return lifted(r, hasField(value, name), site.at)
    if (typeof value !== 'object' || value.kind !== 'entity') return wrongKind(r, 'something with fields', site.at)
    const isRelation = relation || relationOf(r.policy, value, name) !== undefined
    return hasOfEntity(r, unboxed(r, value), name, isRelation, site.at)
  })
}

function hasOfEntity(r: Registers, of: Ent, name: string, relation: boolean, at: Span): Truth {
  if (!isKnown(r, of)) return unknownEntity(r, of, at)
  if (relation) return related(r, of, name).length > 0
  if (typeof of === 'string') return false
  return r.table.attribute(of >>> r.table.localBits, name).values[of & r.table.localMask] !== undefined
}

/** `of is T`, as everywhere. */
export function is(r: Registers, of: Outcome, type: string, site: Site): Outcome {
  return strict(r, site, [of], ([value]) =>
    typeof value === 'object' && value.kind === 'entity' ? value.type === type : wrongKind(r, 'an entity', site.at),
  )
}

/** Where a value as everywhere is wanted of what is an `Ent` here. */
export function asValue(r: Registers, of: Outcome): Outcome {
  return typeof of === 'number' || typeof of === 'string' ? boxed(r, of) : of
}

/**
 * Where an `Ent` is wanted of what is a value as everywhere; anything but an entity stays what it is. A number and a text do not: they
 * would be taken for entities.
 */
export function asEntity(r: Registers, of: Outcome): Outcome {
  if (typeof of === 'number' || typeof of === 'string') return false
  return typeof of === 'object' && !(of instanceof Doubt) && of.kind === 'entity' ? unboxed(r, of) : of
}

/** A boolean outcome as a condition. */
export function condition(r: Registers, outcome: Outcome, site: Site): Truth {
  if (typeof outcome === 'boolean' || outcome instanceof Doubt) return outcome
  if (outcome === unknown) return r.leaf
  return outcome === absent ? notSet(r, { at: site.at, operands: [] }, 0) : wrongKind(r, 'true or false', site.at)
}

function lifted(r: Registers, result: Value | typeof absent | EvaluationError, at: Span): Outcome {
  return isError(result) ? failed(r, result, at) : result
}
