import type { Span } from '../../base/source.ts'
import type { VariableName } from '../../ir/expr.ts'
import type { RecordField, Type } from '../../ir/type.ts'
import { boolean, datetime, entityType, type Shape, set, string, union, unknown } from '../shape.ts'
import type { Checked } from './checked.ts'
import { narrowShape } from './narrowing.ts'
import { checkedValue, fail, type Scope } from './scope.ts'

export const variableNames: ReadonlySet<string> = new Set<VariableName>([
  'actor',
  'agent',
  'action',
  'resource',
  'context',
  'token',
  'now',
  'session',
  'server',
  'client',
  'tool',
  'args',
  'prompt',
  'uri',
])

/** Names that a member of an entity had better not have, and that a `let` or a global role cannot take. */
export function isVariable(name: string): boolean {
  return variableNames.has(name)
}

/** A variable of the request, where there is one of that name here. */
export function checkVariable(scope: Scope, name: VariableName, span: Span): Checked {
  const shape = variableShape(scope, name)
  if (typeof shape === 'string') return fail(scope, 'not-available-here', span, `\`${name}\` ${shape}`)
  return checkedValue(
    narrowShape(scope.narrowing, name, shape),
    { kind: 'variable', name, at: span },
    {
      path: name,
      stored: name === 'resource',
    },
  )
}

/** The shape of a variable here, or why there is none. */
export function variableShape(scope: Scope, name: VariableName): Shape | string {
  const { inputs } = scope.schema
  switch (name) {
    case 'actor':
      return scope.nobody ? 'does not exist here: name who is meant, such as `User:ann in Doc:1.viewer`' : inputs.actor
    case 'agent':
      if (!scope.agent)
        return 'may be named only in `delegate` and `deny`, so that an agent can never get more than its user'
      if (scope.schema.types.get('Agent')?.declaration.actor !== true && !scope.schema.broken.has('Agent'))
        return 'has the type `Agent`, which is not declared: write `actor Agent { … }`'
      return entityType('Agent')
    case 'action':
      return scope.actions === undefined
        ? 'does not exist here: a role is the same whatever is asked'
        : scope.actions.length === 0
          ? string
          : union(scope.actions.map((value) => ({ kind: 'literal', value })))
    case 'resource':
      if (scope.resource !== undefined) return union(scope.resource.map(entityType))
      return scope.items === undefined
        ? 'has no type here: name the types with `on`'
        : 'does not exist in a server block: there are `tool`, `args`, `prompt` and `uri`'
    case 'context':
      return inputs.context
    case 'token':
      return inputs.token
    case 'now':
      return datetime
    case 'session':
      return inputs.session
    case 'server':
      return scope.items === undefined ? 'exists only in a server block' : server
    case 'client':
      return scope.items === undefined ? 'exists only in a server block' : client
    case 'tool':
      return scope.items?.tool === true ? tool : 'exists only where every action of a rule is `call`'
    case 'args':
      return scope.items?.args ?? 'exists only where every action of a rule is `call`, or every one `get`'
    case 'prompt':
      return scope.items?.prompt === true ? prompt : 'exists only where every action of a rule is `get`'
    case 'uri':
      return scope.items?.uri === true ? string : 'exists only where every action of a rule is `read` or `subscribe`'
  }
}

function record(...fields: readonly RecordField[]): Type {
  return { kind: 'record', fields }
}

function field(name: string, type: Type, optional = false): RecordField {
  return { name, type, optional }
}

/** The variables that are the same in every rule of a policy. */
export interface Inputs {
  readonly actor: Shape
  readonly context: Type
  readonly token: Type
  /** With the labels that some `label` marks a session with, a closed set. */
  readonly session: Type
}

export function inputsOf(
  actors: readonly string[],
  context: readonly RecordField[],
  token: readonly RecordField[],
  labels: Type,
): Inputs {
  return {
    actor: actors.length === 0 ? unknown : union(actors.map(entityType)),
    context: record(...context),
    token: record(...claims, ...token),
    session: record(field('labels', labels)),
  }
}

const server = record(field('name', string))
const prompt = record(field('name', string))
const client = record(field('name', string, true), field('version', string, true))
const tool = record(
  field('name', string),
  ...['readOnly', 'destructive', 'idempotent', 'openWorld'].map((hint) => field(hint, boolean)),
)

/** What every token has: the sets are empty and the others absent where the token does not say. */
export const claims: readonly RecordField[] = [
  ...['scopes', 'roles', 'groups', 'permissions'].map((name) => ({ name, type: set(string), optional: false })),
  { name: 'amr', type: set(string), optional: true },
  { name: 'authTime', type: datetime, optional: true },
  ...['acr', 'clientId', 'tenant', 'iss', 'sub'].map((name) => ({ name, type: string, optional: true })),
]
