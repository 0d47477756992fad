import type { EntityInput, FactInput } from '../../src/facts/fact.ts'
import { memoryStore } from '../../src/facts/memory.ts'
import { factSchema } from '../../src/facts/schema.ts'
import type { Facts } from '../../src/facts/store.ts'
import type { Compare, Expr, Obtainable, VariableName } from '../../src/ir/expr.ts'
import type { EntityType, ItemPattern, Program, Role, Rule, Target } from '../../src/ir/program.ts'
import { irVersion } from '../../src/ir/program.ts'
import type { Type } from '../../src/ir/type.ts'
import { parseUriTemplate } from '../../src/ir/uri-template.ts'

/** Programs written by hand, as small as the cases that they are for. */
export const at = { file: 'test', start: 0, end: 0 }

export const string: Type = { kind: 'string' }
export const boolean: Type = { kind: 'boolean' }
export const integer: Type = { kind: 'int' }
export const json: Type = { kind: 'json' }
export const setType = (of: Type): Type => ({ kind: 'set', of })
export const entityType = (name: string): Type => ({ kind: 'entity', name })

export const text = (value: string): Expr => ({ kind: 'constant', value: { kind: 'string', value }, at })
export const int = (value: number | bigint): Expr => ({
  kind: 'constant',
  value: { kind: 'int', value: `${value}` },
  at,
})
export const yes: Expr = { kind: 'constant', value: { kind: 'boolean', value: true }, at }
export const no: Expr = { kind: 'constant', value: { kind: 'boolean', value: false }, at }
export const named = (key: string): Expr => {
  const [type = '', id = ''] = key.split(':')
  return { kind: 'constant', value: { kind: 'entity', type, id }, at }
}
export const variable = (name: VariableName): Expr => ({ kind: 'variable', name, at })
export const local = (name: string): Expr => ({ kind: 'local', name, at })
export const list = (...elements: Expr[]): Expr => ({ kind: 'set', elements, at })
export const and = (...operands: Expr[]): Expr => ({ kind: 'and', operands, at })
export const or = (...operands: Expr[]): Expr => ({ kind: 'or', operands, at })
export const not = (operand: Expr): Expr => ({ kind: 'not', operand, at })
export const compare = (left: Expr, operator: Compare['operator'], right: Expr): Expr => ({
  kind: 'compare',
  operator,
  left,
  right,
  at,
})
export const plus = (left: Expr, right: Expr): Expr => ({
  kind: 'arithmetic',
  operator: '+',
  domain: 'int',
  left,
  right,
  at,
})
export const when = (condition: Expr, then: Expr, otherwise: Expr): Expr => ({
  kind: 'conditional',
  condition,
  then,
  else: otherwise,
  at,
})
export const orElse = (left: Expr, right: Expr): Expr => ({ kind: 'coalesce', left, right, at })
export const builtin = (name: string, ...args: Expr[]): Expr => ({ kind: 'builtin', name, args, at })
export const element = (value: Expr, of: Expr, kind: 'set' | 'keys' | 'cidr' | 'path' | 'json' = 'set'): Expr => ({
  kind: 'element',
  in: kind,
  value,
  of,
  at,
})
export const some = (of: Expr, name: string, body: Expr): Expr => ({ kind: 'some', of, local: name, body, at })
export const every = (of: Expr, name: string, body: Expr): Expr => ({ kind: 'every', of, local: name, body, at })
export const contained = (subject: Expr, within: Expr): Expr => ({ kind: 'contained', subject, within, at })
export const has = (of: Expr, name: string, relation = false): Expr => ({ kind: 'has', of, name, relation, at })
export const obtainable = (fact: Obtainable['fact']): Expr => ({ kind: 'obtainable', fact, at })
export const scope = (name: string): Expr => obtainable({ kind: 'scope', scope: name })
export const construct = (type: string, ...parts: (string | Expr)[]): Expr => ({ kind: 'construct', type, parts, at })

interface FieldOptions {
  readonly optional?: boolean
  readonly relation?: boolean
  readonly chain?: boolean
}
export const field = (of: Expr, name: string, type: Type, options: FieldOptions = {}): Expr => ({
  kind: 'field',
  of,
  name,
  type,
  optional: options.optional ?? false,
  relation: options.relation ?? false,
  chain: options.chain ?? false,
  at,
})
export const arg = (name: string, type: Type, optional = false): Expr =>
  field(variable('args'), name, type, { optional })
export const entities = (of: Expr, name: string, optional = false): Expr => ({
  kind: 'entities',
  of,
  name,
  optional,
  at,
})
export const holds = (relation: string, of?: Expr, subject: Expr = variable('actor')): Expr => ({
  kind: 'holds',
  subject,
  ...(of === undefined ? {} : { of }),
  types: [],
  relation,
  permission: false,
  at,
})
export const may = (action: string, of: Expr, subject: Expr = variable('actor')): Expr => ({
  kind: 'holds',
  subject,
  of,
  types: [],
  relation: action,
  permission: true,
  at,
})
export const resource = variable('resource')
/** The actor holds this role on the resource. */
export const mine = (relation: string): Expr => holds(relation, resource)

export const type = (name: string, more: Partial<EntityType> = {}): EntityType => ({
  name,
  actor: false,
  open: false,
  virtual: false,
  containers: [],
  fields: [],
  ...more,
})
export const actorType = (name: string, more: Partial<EntityType> = {}): EntityType =>
  type(name, { actor: true, ...more })

export const declared = (name: string, of: Type, optional = false) => ({ name, type: of, optional, contextual: false })

export const role = (path: string, more: Partial<Role> = {}): Role => {
  const [of, name] = path.includes('.') ? path.split('.') : [undefined, path]
  return {
    id: path,
    ...(of === undefined ? {} : { type: of }),
    name: name ?? '',
    contextual: false,
    assignable: [],
    at,
    ...more,
  }
}

export const rule = (
  effect: Rule['effect'],
  actions: string | '*',
  target: Target,
  condition: Expr = yes,
  more: Partial<Rule> = {},
): Rule => ({
  id: `${effect} ${actions} ${JSON.stringify(target).length}`,
  effect,
  actions: actions === '*' ? '*' : actions.split(', '),
  target,
  condition,
  mentionsAgent: effect === 'delegate',
  at,
  ...more,
})
export const on = (...types: string[]): Target => ({ kind: 'types', types })
export const everything: Target = { kind: 'everything' }
export const items = (...patterns: ItemPattern[]): Target => ({ kind: 'items', server: 's', items: patterns })
export const all: ItemPattern = { kind: 'all' }
export const names = (...given: string[]): ItemPattern => ({ kind: 'names', names: given })
export const uris = (template: string): ItemPattern => {
  const parsed = parseUriTemplate(template).template
  if (parsed === undefined) throw new Error(`not a template: ${template}`)
  return { kind: 'uri', template: parsed, locals: Object.fromEntries(parsed.variables.map((name) => [name, name])) }
}

export const program = (parts: Partial<Program>): Program => ({
  version: irVersion,
  types: [actorType('User')],
  roles: [],
  rules: [],
  conditions: [],
  functions: [],
  scopes: [],
  servers: [],
  context: [],
  token: [],
  actions: ['read', 'write', 'delete'].map((action) => ({
    action,
    types: (parts.types ?? []).map(({ name }) => name),
  })),
  groups: [],
  delegates: false,
  ...parts,
})

/** Facts that the program lets in; whatever it refuses is a mistake in the test. */
export function factsOf(of: Program, inputs: Iterable<FactInput | EntityInput>): Facts {
  const store = memoryStore(factSchema(of))
  const rejected = store.load(inputs)
  if (rejected.length > 0) throw new Error(JSON.stringify(rejected))
  return store.snapshot()
}

/** `Doc:1.reader = User:ann`, or `employee = User:ann` for a global role. */
export const fact = (line: string, more: Partial<FactInput> = {}): FactInput => {
  const [left = '', subject = ''] = line.split(' = ')
  const dot = left.lastIndexOf('.')
  return {
    ...(dot === -1 ? {} : { object: left.slice(0, dot) }),
    relation: left.slice(dot + 1),
    subject: subjectOf(subject),
    ...more,
  }
}

function subjectOf(subject: string): FactInput['subject'] {
  if (subject.startsWith('any ')) return { any: subject.slice(4) }
  const dot = subject.lastIndexOf('.')
  return dot === -1 ? subject : { entity: subject.slice(0, dot), role: subject.slice(dot + 1) }
}
