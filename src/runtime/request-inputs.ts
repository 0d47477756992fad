import type { VariableName } from '../ir/expr.ts'
import type { Tool } from '../ir/program.ts'
import { evaluationError } from '../value/evaluation-error.ts'
import { maxNodes } from '../value/limits.ts'
import { hasOwnField, isPlainObject } from '../value/plain-object.ts'
import { setOf } from '../value/set.ts'
import type { EvaluationError, RecordValue, Value } from '../value/value.ts'
import { badRequest } from './asked-target.ts'
import type { Outcome, Unknown } from './cases.ts'
import { unknown } from './cases.ts'
import type { AskedTarget, UnknownInput } from './question.ts'
import type { Environment } from './request.ts'

/** What the variables of the request stand for. Of records only the outside is looked at: their fields are read with their types. */
export function inputsOf(
  resource: unknown,
  env: Environment,
  target: AskedTarget,
  now: number | Unknown,
  open: ReadonlySet<UnknownInput>,
): ReadonlyMap<VariableName, Outcome> | EvaluationError {
  const { context = {}, token = {}, client = {}, session } = env
  const args = target.kind === 'tool' || target.kind === 'prompt' ? argumentsOf(resource) : {}
  for (const [name, value] of Object.entries({ context, token, client, args })) {
    if (!isPlainObject(value)) return badRequest(`\`${name}\` is an object`)
  }
  const inputs = new Map<VariableName, Outcome>([
    ['context', open.has('context') ? unknown : record(context)],
    ['token', open.has('token') ? unknown : tokenRecord(token)],
    ['now', now === unknown ? unknown : { kind: 'datetime', milliseconds: now }],
    ['session', open.has('session') ? unknown : sessionRecord(session)],
  ])
  if (target.kind === 'entity') return inputs
  inputs.set('server', fixed({ name: target.server }))
  inputs.set('client', record(client))
  if (target.kind === 'tool') inputs.set('tool', fixed(annotations(target.tool)))
  if (target.kind === 'prompt') inputs.set('prompt', fixed({ name: target.name }))
  if (target.kind === 'tool' || target.kind === 'prompt')
    inputs.set('args', open.has('args') ? unknown : record(args as Raw))
  if (target.kind === 'resource') inputs.set('uri', target.uri)
  if (target.kind === 'template') inputs.set('uri', unknown)
  return inputs
}

type Raw = Readonly<Record<string, unknown>>

function argumentsOf(item: unknown): unknown {
  return (hasOwnField(item as object, 'args') ? (item as Raw).args : undefined) ?? {}
}

function record(raw: Raw): RecordValue {
  return { kind: 'record', raw, type: { kind: 'json' } }
}

function fixed(fields: Readonly<Record<string, Value>>): RecordValue {
  return { kind: 'record', raw: new Map(Object.entries(fields)), type: { kind: 'json' } }
}

function annotations({ name, readOnly, destructive, idempotent, openWorld }: Tool) {
  return { name, readOnly, destructive, idempotent, openWorld }
}

/** Claims are looked at when they are asked for, like all fields; those that are sets are empty where the token does not have them. */
export function tokenRecord(token: Raw): RecordValue {
  const raw: Record<string, unknown> = Object.create(null)
  const claim = (name: string, get: () => unknown) => Object.defineProperty(raw, name, { enumerable: true, get })
  for (const name of Object.getOwnPropertyNames(token)) if (!setClaims.includes(name)) claim(name, () => token[name])
  for (const name of setClaims) claim(name, () => (hasOwnField(token, name) ? token[name] : undefined) ?? [])
  return record(raw)
}

const setClaims: readonly string[] = ['scopes', 'roles', 'groups', 'permissions']

/** No session is not an empty one: every test of a label is an error. */
export const noSession: EvaluationError = evaluationError('no-session', 'the request has no session')

export function sessionRecord(session: Environment['session']): Outcome {
  if (session === undefined || session === null) return noSession
  const { labels } = session
  if (typeof labels === 'string' || typeof labels?.[Symbol.iterator] !== 'function')
    return badRequest('`session.labels` is a list')
  const found: Value[] = []
  for (const label of labels) {
    if (typeof label !== 'string' || found.length >= maxNodes)
      return badRequest('a label is a string, and there are not so many')
    found.push(label)
  }
  return { kind: 'record', raw: new Map([['labels', setOf(found)]]), type: { kind: 'json' } }
}
