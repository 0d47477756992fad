import { policySetTextToParts, policyToJson, templateToJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { SourceFile } from '../../../index.ts'
import { Unreadable } from '../imported.ts'
import type { ActionScope, Binary, Clause, Expr, Policy, Scope, Slot, Uid, Variable } from './cedar.ts'
import { type PolicyText, splitPolicies, tooDeepAt } from './scan.ts'

type Json = Readonly<Record<string, unknown>>

export interface PolicyFile {
  readonly policies: readonly Policy[]
  /** After the last policy. */
  readonly comments: readonly string[]
}

/**
 * The policies of a text, in their order. Cedar's own parser reads them; where they stand, their comments and their integers beyond
 * 2^53, of which it tells nothing, come from the text.
 */
export function readPolicies(
  source: SourceFile,
  ids: (index: number) => string = (index) => `policy${index}`,
): PolicyFile {
  const deep = tooDeepAt(source.text)
  if (deep !== undefined)
    throw new Unreadable([{ kind: 'untranslated', message: 'this is nested too deeply', source, at: deep }])
  const whole = policySetTextToParts(source.text)
  if (whole.type === 'failure') throw notParsed(source, whole.errors)
  const { policies, comments } = splitPolicies(source.text)
  return { policies: policies.map((one, index) => readPolicy(source, one, ids(index))), comments }
}

interface CedarError {
  readonly message: string
  readonly help?: string | null
  readonly sourceLocations?: readonly { readonly start: number }[]
}

function notParsed(source: SourceFile, errors: readonly CedarError[]): Unreadable {
  return new Unreadable(
    errors.map(({ message, help, sourceLocations }) => ({
      kind: 'untranslated',
      message: `this is no Cedar policy: ${message}${help ? `; ${help}` : ''}`,
      source,
      at: utf16(source.text, sourceLocations?.[0]?.start ?? 0),
    })),
  )
}

/** Cedar counts bytes of UTF-8. */
function utf16(text: string, byte: number): number {
  return Buffer.from(text, 'utf8').subarray(0, byte).toString('utf8').length
}

function readPolicy(source: SourceFile, one: PolicyText, id: string): Policy {
  const asPolicy = policyToJson(one.text)
  const answer = asPolicy.type === 'success' ? asPolicy : templateToJson(one.text)
  if (answer.type === 'failure') throw notParsed({ ...source, text: one.text }, answer.errors)
  const policy = policyOf(answer.json as unknown as Json, id, (number) => {
    const exact = one.ints[Math.abs(number) - 1] ?? 0n
    return number < 0 ? -exact : exact
  })
  return { ...policy, comments: one.comments, at: one.at, end: one.end }
}

/** A policy as Cedar's JSON has it; `exact` gives the integer that a number stands for. */
export function policyOf(json: Json, id: string, exact: (number: number) => bigint = BigInt): Policy {
  const annotations = Object.entries((json.annotations ?? {}) as Readonly<Record<string, string | null>>)
  const named = annotations.find(([name]) => name === 'id')?.[1]
  const [principal, resource] = [scope(json.principal as Json), scope(json.resource as Json)]
  return {
    id,
    ...(named ? { named } : {}),
    effect: json.effect === 'forbid' ? 'forbid' : 'permit',
    principal,
    action: actionScope(json.action as Json),
    resource,
    clauses: (json.conditions as readonly Json[]).map(
      ({ kind, body }): Clause => ({
        kind: kind === 'unless' ? 'unless' : 'when',
        body: expression(body as Json, exact),
      }),
    ),
    annotations: annotations.filter(([name]) => name !== 'id').map(([name, value]) => [name, value ?? '']),
    comments: [],
    at: 0,
    end: 0,
    template: [principal, resource].some(hasSlot),
  }
}

function hasSlot(scope: Scope): boolean {
  const to = scope.kind === 'is' ? scope.in : scope.kind === 'all' ? undefined : scope.to
  return to !== undefined && 'slot' in to
}

function scope({ op, entity_type: type, in: within, ...rest }: Json): Scope {
  switch (op) {
    case '==':
    case 'in':
      return { kind: op, to: target(rest) }
    case 'is':
      return { kind: 'is', type: String(type), ...(within ? { in: target(within as Json) } : {}) }
    default:
      return { kind: 'all' }
  }
}

function target({ entity, slot }: Json): Uid | Slot {
  return entity === undefined ? { slot: slot === '?resource' ? '?resource' : '?principal' } : uidOf(entity)
}

function actionScope({ op, entity, entities }: Json): ActionScope {
  if (op === '==') return { kind: '==', to: uidOf(entity) }
  if (op !== 'in') return { kind: 'all' }
  return { kind: 'in', to: (entities === undefined ? [entity] : (entities as readonly unknown[])).map(uidOf) }
}

/** `{ type, id }`, or that under `__entity`. */
export function uidOf(json: unknown): Uid {
  const { __entity: inner, type, id } = json as Json
  return inner === undefined ? { type: String(type), id: String(id) } : uidOf(inner)
}

/** What `uidOf` reads. */
export function isUid(json: unknown): boolean {
  if (typeof json !== 'object' || json === null) return false
  const { __entity: inner, type, id } = json as Json
  return inner === undefined ? typeof type === 'string' && typeof id === 'string' : isUid(inner)
}

/** An extension value, as JSON has it. */
export function isCall(json: unknown): json is Json & { readonly fn: string } {
  return typeof json === 'object' && json !== null && typeof (json as Json).fn === 'string'
}

const binaries: ReadonlySet<string> = new Set<Binary>([
  '==',
  '!=',
  'in',
  '<',
  '<=',
  '>',
  '>=',
  '&&',
  '||',
  '+',
  '-',
  '*',
  'contains',
  'containsAll',
  'containsAny',
  'getTag',
  'hasTag',
])

function expression(json: Json, exact: (number: number) => bigint): Expr {
  const of = (part: unknown) => expression(part as Json, exact)
  const [operator = '', body] = Object.entries(json)[0] ?? []
  const parts = body as Json
  if (binaries.has(operator)) {
    return { kind: 'binary', operator: operator as Binary, left: of(parts.left), right: of(parts.right) }
  }
  switch (operator) {
    case 'Value':
      return literal(body, exact)
    case 'Var':
      return { kind: 'variable', name: body as unknown as Variable }
    case '!':
    case 'neg':
    case 'isEmpty':
      return { kind: 'unary', operator, operand: of(parts.arg) }
    case '.':
      return { kind: 'attribute', of: of(parts.left), name: String(parts.attr) }
    case 'has':
      return { kind: 'has', of: of(parts.left), path: [parts.attr].flat().map(String) }
    case 'like': {
      const pattern = parts.pattern as readonly ('Wildcard' | { readonly Literal: string })[]
      return {
        kind: 'like',
        of: of(parts.left),
        pattern: pattern.map((one) =>
          one === 'Wildcard' ? { wildcard: true } : { wildcard: false, text: one.Literal },
        ),
      }
    }
    case 'is':
      return {
        kind: 'is',
        of: of(parts.left),
        type: String(parts.entity_type),
        ...(parts.in === undefined ? {} : { in: of(parts.in) }),
      }
    case 'if-then-else':
      return { kind: 'if', condition: of(parts.if), then: of(parts.then), otherwise: of(parts.else) }
    case 'Set':
      return { kind: 'set', elements: (body as readonly unknown[]).map(of) }
    case 'Record':
      return { kind: 'record', entries: Object.entries(parts).map(([key, value]) => [key, of(value)]) }
    default:
      return { kind: 'call', name: operator, args: (body as readonly unknown[]).map(of) }
  }
}

function literal(value: unknown, exact: (number: number) => bigint): Expr {
  switch (typeof value) {
    case 'boolean':
      return { kind: 'boolean', value }
    case 'number':
      return { kind: 'long', value: exact(value) }
    case 'bigint':
      return { kind: 'long', value }
    case 'string':
      return { kind: 'string', value }
    default:
      return composite(value, exact)
  }
}

/** Only policies that were written as JSON have these among their values. */
function composite(value: unknown, exact: (number: number) => bigint): Expr {
  if (Array.isArray(value)) return { kind: 'set', elements: value.map((one) => literal(one, exact)) }
  const { __entity: entity, __extn: extension } = value as Json
  if (isUid(entity)) return { kind: 'entity', uid: uidOf(entity) }
  if (isCall(extension)) {
    const { fn, arg, args } = extension
    return {
      kind: 'call',
      name: fn,
      args: [args ?? arg ?? []].flat().map((one) => literal(one, exact)),
    }
  }
  return { kind: 'record', entries: Object.entries(value as Json).map(([key, part]) => [key, literal(part, exact)]) }
}
