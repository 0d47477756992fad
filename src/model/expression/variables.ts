import type { Span } from '../../base/source.ts'
import type { VariableName } from '../../ir/expr.ts'
import type { Type } from '../../ir/type.ts'
import { boolean, datetime, entityType, json, type Shape, set, string, union, unknown } from '../shape.ts'
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
function variableShape(scope: Scope, name: VariableName): Shape | string {
  const field = (fieldName: string, type: Type, optional = false) => ({ name: fieldName, type, optional })
  const notHere = (present: boolean, where: string, type: Type): Type | string =>
    present ? type : `exists only ${where}`
  switch (name) {
    case 'actor': {
      if (scope.nobody) return 'does not exist here: name who is meant, such as `User:ann in Doc:1.viewer`'
      const { actors } = scope.schema
      return actors.length === 0 ? unknown : union(actors.map(entityType))
    }
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
      return { kind: 'record', fields: scope.schema.context }
    case 'token':
      return { kind: 'record', fields: [...claims, ...scope.schema.token] }
    case 'now':
      return datetime
    case 'session':
      return { kind: 'record', fields: [field('labels', scope.schema.labels)] }
    case 'server':
      return notHere(scope.items !== undefined, 'in a server block', {
        kind: 'record',
        fields: [field('name', string)],
      })
    case 'client':
      return notHere(scope.items !== undefined, 'in a server block', {
        kind: 'record',
        fields: [field('name', string, true), field('version', string, true)],
      })
    case 'tool':
      return notHere(scope.items?.tool === true, 'where every action of a rule is `call`', {
        kind: 'record',
        fields: [
          field('name', string),
          ...['readOnly', 'destructive', 'idempotent', 'openWorld'].map((hint) => field(hint, boolean)),
        ],
      })
    case 'args':
      return notHere(
        scope.items?.args !== undefined,
        'where every action of a rule is `call`, or every one `get`',
        scope.items?.args ?? json,
      )
    case 'prompt':
      return notHere(scope.items?.prompt === true, 'where every action of a rule is `get`', {
        kind: 'record',
        fields: [field('name', string)],
      })
    case 'uri':
      return notHere(scope.items?.uri === true, 'where every action of a rule is `read` or `subscribe`', string)
  }
}

/** What every token has: the sets are empty and the others absent where the token does not say. */
export const claims: readonly { readonly name: string; readonly type: Type; readonly optional: boolean }[] = [
  ...['scopes', 'roles', 'groups', 'permissions'].map((name) => ({ name, type: set(string), optional: false })),
  { name: 'amr', type: set(string), optional: true },
  { name: 'authTime', type: datetime, optional: true },
  ...['acr', 'clientId', 'tenant', 'iss', 'sub'].map((name) => ({ name, type: string, optional: true })),
]
