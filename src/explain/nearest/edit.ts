import type { Span } from '../../base/source.ts'
import type { FactInput, SubjectInput } from '../../facts/fact.ts'
import type { Fact, Subject } from '../../facts/store.ts'
import type { Expr } from '../../ir/expr.ts'
import type { Rule } from '../../ir/program.ts'
import type { Type } from '../../ir/type.ts'
import type { MissingFact } from '../../runtime/decision.ts'
import { printExpression } from '../../runtime/print-expression.ts'
import type { Scope } from '../../runtime/scope.ts'
import { canonicalKey } from '../../value/canonical-key.ts'
import { isError } from '../../value/evaluation-error.ts'
import { toPlain } from '../../value/plain.ts'
import { formatTime } from '../../value/time.ts'
import type { Entity, Value } from '../../value/value.ts'
import type { Change } from './change.ts'

export type InputRoot = 'token' | 'context' | 'args'

/** What a change does to the request, the facts or the policy, as an evaluation sees them. */
export type Edit =
  /** `expr` in `scope` is what asks for it. */
  | { readonly kind: 'obtain'; readonly fact: MissingFact; readonly expr: Expr; readonly scope: Scope }
  | {
      readonly kind: 'add' | 'remove'
      readonly object: Entity | undefined
      readonly relation: string
      readonly fact: Fact
      readonly at?: Span
    }
  /** A field of an entity, of entity type or not, holds one value, or none. */
  | { readonly kind: 'set'; readonly place: FieldPlace; readonly value: Value | undefined; readonly why: Why }
  | { readonly kind: 'input'; readonly place: InputPlace; readonly value: Value | undefined; readonly why: Why }
  | { readonly kind: 'condition'; readonly expr: Expr; readonly scope: Scope; readonly holds: boolean }
  | { readonly kind: 'rule'; readonly rule: Rule }

export interface FieldPlace {
  readonly kind: 'field'
  readonly entity: Entity
  readonly name: string
  readonly type: Type
  /** Stored as facts. */
  readonly relation: boolean
}

export interface InputPlace {
  readonly kind: 'input'
  readonly root: InputRoot
  readonly path: readonly string[]
  readonly type: Type
}

export type Place = FieldPlace | InputPlace

/** The condition that an edit of a value is for, and what the value was. */
export interface Why {
  readonly expr: Expr
  readonly scope: Scope
  readonly was: Value | undefined
}

/** As it is told. */
export function changeOf(edit: Edit): Change {
  switch (edit.kind) {
    case 'obtain':
      return { kind: 'obtain', fact: edit.fact, at: edit.expr.at }
    case 'add':
    case 'remove': {
      const { kind, object, relation, fact, at } = edit
      return { kind, fact: factInput(object, relation, fact), ...(at === undefined ? {} : { at }) }
    }
    case 'set':
    case 'input': {
      const { place, value, why } = edit
      const dynamic = place.type.kind === 'dynamic'
      const plain = (one: Value) => jsonOf(toPlain(one, dynamic))
      return {
        kind: 'set',
        of: place.kind === 'field' ? place.entity.key : place.root,
        path: place.kind === 'field' ? [place.name] : place.path,
        to: value === undefined ? null : plain(value),
        ...(why.was === undefined ? {} : { from: plain(why.was) }),
        condition: printExpression(why.expr, why.scope),
        at: why.expr.at,
      }
    }
    case 'condition': {
      const { expr, scope, holds } = edit
      return { kind: 'condition', condition: printExpression(expr, scope), holds, at: expr.at }
    }
    case 'rule':
      return { kind: 'rule', rule: edit.rule.id, at: edit.rule.at }
  }
}

/** What an edit is about: two edits of one place contradict each other. */
export function placeKey(edit: Edit): string | undefined {
  if (edit.kind === 'set') return JSON.stringify([edit.place.entity.key, edit.place.name])
  if (edit.kind === 'input') return JSON.stringify([edit.place.root, ...edit.place.path])
  return edit.kind === 'obtain' && edit.fact.kind === 'acr' ? 'acr' : undefined
}

/** A text that two edits share exactly when they do the same. */
export function editKey(edit: Edit): string {
  switch (edit.kind) {
    case 'condition':
      return JSON.stringify(['condition', printExpression(edit.expr), edit.holds, scopeKey(edit.scope), edit.expr.at])
    case 'obtain': {
      // The same words may ask for approval by different people in different places.
      const where = edit.fact.kind === 'approved' ? [edit.expr.at, scopeKey(edit.scope)] : []
      return JSON.stringify(['obtain', edit.fact, ...where])
    }
    case 'set':
    case 'input': {
      const key = edit.value === undefined ? null : canonicalKey(edit.value)
      return JSON.stringify([edit.kind, placeKey(edit), isError(key) ? key.code : key])
    }
    case 'add':
    case 'remove':
      return JSON.stringify([edit.kind, factInput(edit.object, edit.relation, edit.fact)])
    case 'rule':
      return JSON.stringify(['rule', edit.rule.id])
  }
}

/** What a scope binds: two of one key mean the same by every name. */
export function scopeKey({ subject, resource, agent, action, locals }: Scope): string {
  const bound = [...locals].map(([name, binding]) => {
    if (binding.kind !== 'value') return [name, binding.kind]
    const key = canonicalKey(binding.value)
    return [name, isError(key) ? key.code : key]
  })
  return JSON.stringify([subject.key, resource?.key, agent?.key, action, bound])
}

export function factInput(object: Entity | undefined, relation: string, { subject, until, when }: Fact): FactInput {
  return {
    ...(object === undefined ? {} : { object: object.key }),
    relation,
    subject: subjectInput(subject),
    ...(until === undefined ? {} : { until: formatTime({ kind: 'datetime', milliseconds: until }) }),
    ...(when === undefined ? {} : { when: whenInput(when) }),
  }
}

function whenInput({ let: name, args }: NonNullable<Fact['when']>): NonNullable<FactInput['when']> {
  if (args.size === 0) return { let: name }
  return { let: name, args: Object.fromEntries([...args].map(([key, value]) => [key, jsonOf(toPlain(value))])) }
}

function subjectInput(subject: Subject): SubjectInput {
  switch (subject.kind) {
    case 'entity':
      return subject.entity.key
    case 'holders':
      return { entity: subject.entity.key, role: subject.role }
    case 'any':
      return { any: subject.type }
  }
}

/** JSON has no integers beyond doubles. */
function jsonOf(plain: unknown): unknown {
  if (typeof plain === 'bigint') return `${plain}`
  if (typeof plain !== 'object' || plain === null) return plain
  if (Array.isArray(plain)) return plain.map(jsonOf)
  return Object.fromEntries(Object.entries(plain).map(([name, member]) => [name, jsonOf(member)]))
}
