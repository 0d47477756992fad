import type { Span } from '../../base/source.ts'
import { builtins } from '../../ir/builtins.ts'
import type { Type } from '../../ir/type.ts'
import type { Lock } from '../../lock/format.ts'
import type {
  EntityDeclaration,
  FunctionDeclaration,
  Given,
  Inputs,
  Let,
  Name,
  Policy,
  RoleDeclaration,
  Server,
  Statement,
  Test,
} from '../../syntax/ast.ts'
import { claims, inputsOf, isVariable } from '../expression/variables.ts'
import type { Report } from '../report.ts'
import type { Declared, FunctionInfo, LetInfo, Schema } from '../schema.ts'
import { set, union } from '../shape.ts'
import { declareActions } from './actions.ts'
import { declareEntities } from './entities.ts'
import { closeScopes } from './scopes.ts'
import { declareServers } from './servers.ts'
import { declarable, isBuiltinType, resolveFields, resolveParams, resolveType, type TypeNames } from './types.ts'

const edition = 1

/** The locks of a policy, by the text of the `from` that names them; undefined where one could not be read, as reported. */
export type Locks = (server: Server) => Lock | undefined

/** Gathers what the files declare. Reports names that clash and types that do not exist, and looks at no condition. */
export function declare(policies: readonly Policy[], locks: Locks, report: Report, complete: boolean): Schema {
  const statements = policies.flatMap((policy) => policy.statements)
  const of = <K extends Statement['kind']>(kind: K) =>
    statements.filter((s): s is Extract<Statement, { kind: K }> => s.kind === kind)
  for (const policy of policies) checkEdition(policy, report)
  const broken = new Set<string>()
  let lenient = !complete
  for (const statement of of('broken')) {
    if (statement.name !== undefined) broken.add(statement.name)
    else if (!harmless.has(statement.keyword ?? '')) lenient = true
  }

  const names = uniqueNames(report)
  const entities = of('entity').filter((d) => names.type(d))
  const entityNames = new Set(entities.map((d) => d.name.text))
  const typeNames: TypeNames = {
    entities: entityNames,
    silent: (name) => lenient || broken.has(name),
    report,
  }
  const roles = new Map<string, RoleDeclaration>()
  for (const role of of('role')) {
    report.notes?.declare(role.name.span, { kind: 'role', name: role.name.text }, role)
    if (names.value(role.name)) roles.set(role.name.text, role)
  }
  const functions = new Map<string, FunctionInfo>()
  for (const declaration of of('function')) {
    report.notes?.declare(declaration.name.span, { kind: 'function', name: declaration.name.text }, declaration)
    if (names.callable(declaration)) functions.set(declaration.name.text, functionInfo(typeNames, declaration))
  }
  const lets = new Map<string, LetInfo>()
  for (const declaration of of('let')) {
    report.notes?.declare(declaration.name.span, { kind: 'let', name: declaration.name.text }, declaration)
    if (declaration.params === undefined ? names.value(declaration.name) : names.callable(declaration))
      lets.set(declaration.name.text, letInfo(typeNames, declaration))
  }

  const fileRules = of('rule')
  const actions = declareActions(of('action-group'), entities, fileRules, report)
  const servers = declareServers(of('server'), locks, lets, (declaration) => letInfo(typeNames, declaration), report)
  const types = declareEntities(entities, actions, typeNames, report)
  const actors = entities.filter((d) => d.actor).map((d) => d.name.text)
  const scopes = closeScopes(of('scope'), report)
  const context = inputs(of('inputs'), 'context', typeNames)
  const token = inputs(of('inputs'), 'token', typeNames)
  const labels = labelsOf(statements, report)
  return {
    types,
    actorContainers: actorContainers(entities),
    roles,
    lets,
    functions,
    groups: actions.groups,
    groupDeclarations: of('action-group'),
    scopes,
    context,
    token,
    ...servers,
    fileRules,
    usedLets: new Set(),
    inputs: inputsOf(actors, context, token, labels),
    givens: of('given') as readonly Given[],
    tests: of('test') as readonly Test[],
    broken,
    lenient,
  }
}

function actorContainers(entities: readonly EntityDeclaration[]): ReadonlySet<string> {
  const containers = new Map(entities.map((d) => [d.name.text, d.containers]))
  const reached = new Set(entities.filter((d) => d.actor).map((d) => d.name.text))
  // A Set hands out what is added while it is walked.
  for (const type of reached) for (const { text } of containers.get(type) ?? []) reached.add(text)
  return reached
}

function labelsOf(statements: readonly Statement[], report: Report): Type {
  const labels = new Set<string>()
  const add = (rule: Statement | Server['members'][number] | EntityDeclaration['members'][number]): void => {
    if (rule.kind === 'rule' && rule.verb === 'label' && rule.as !== undefined) {
      declarable(report, rule.as.text, rule.as.span)
      labels.add(rule.as.text)
      report.notes?.declare(rule.as.span, { kind: 'label', name: rule.as.text }, rule)
    }
  }
  for (const statement of statements) {
    add(statement)
    if (statement.kind === 'entity' || statement.kind === 'server') statement.members.forEach(add)
  }
  return set(union([...labels].map((value) => ({ kind: 'literal', value }))))
}

/** Statements that declare no name: one that did not parse cannot be what an unknown name meant. */
const harmless: ReadonlySet<string> = new Set([
  'allow',
  'deny',
  'delegate',
  'limit',
  'label',
  'always',
  'never',
  'given',
  'test',
  'expect',
  'scope',
  'edition',
])

function checkEdition(policy: Policy, report: Report): void {
  policy.statements.forEach((statement, i) => {
    if (statement.kind !== 'edition') return
    if (i > 0) report.add('unknown-edition', statement.span, '`edition` belongs on the first line')
    else if (statement.edition !== edition)
      report.add('unknown-edition', statement.span, `there is no edition ${statement.edition} of the language`, {
        help: `this version knows edition ${edition}`,
      })
  })
}

/** Each name once in its space: types; global roles, `let`s and variables; functions and `let`s with parameters. */
function uniqueNames(report: Report) {
  const types = new Map<string, Declared>()
  const values = new Map<string, Declared>()
  const callables = new Map<string, Declared>()
  const reserved: ReadonlySet<string> = new Set([
    ...builtins.filter((b) => b.form === 'function').map((b) => b.name),
    'scope',
    'acr',
    'authAge',
    'confirmed',
    'approvedBy',
  ])
  const once = (space: Map<string, Declared>, name: Name): boolean => {
    // Declared all the same, so that its uses are not complained about.
    declarable(report, name.text, name.span)
    const first = space.get(name.text)
    if (first !== undefined) {
      duplicate(report, name, first.span)
      return false
    }
    space.set(name.text, { name: name.text, span: name.span })
    return true
  }
  return {
    type(declaration: EntityDeclaration): boolean {
      const { name } = declaration
      if (!isBuiltinType(name.text)) return once(types, name)
      report.add('duplicate-name', name.span, `\`${name.text}\` is a built-in type`)
      return false
    },
    value(name: Name): boolean {
      if (!isVariable(name.text)) return once(values, name)
      report.add('duplicate-name', name.span, `\`${name.text}\` is a variable of every request`)
      return false
    },
    callable({ name }: Let | FunctionDeclaration): boolean {
      if (!reserved.has(name.text)) return once(callables, name)
      report.add('duplicate-name', name.span, `\`${name.text}\` is a built-in function`)
      return false
    },
  }
}

function duplicate(report: Report, name: Name, first: Span): void {
  report.add('duplicate-name', name.span, `\`${name.text}\` is declared twice`, {
    related: [{ span: first, message: 'first here' }],
  })
}

function functionInfo(names: TypeNames, declaration: FunctionDeclaration): FunctionInfo {
  return {
    declaration,
    params: resolveParams(names, declaration.params),
    result: resolveType(names, declaration.result),
  }
}

function letInfo(names: TypeNames, declaration: Let): LetInfo {
  return declaration.params === undefined
    ? { declaration }
    : { declaration, params: resolveParams(names, declaration.params) }
}

function inputs(declarations: readonly Inputs[], of: Inputs['of'], names: TypeNames) {
  const fields = resolveFields(
    names,
    declarations.filter((d) => d.of === of).flatMap((d) => d.fields),
  )
  if (of === 'context') return fields
  for (const declaration of declarations)
    for (const field of declaration.of === 'token' ? declaration.fields : [])
      if (claims.some((claim) => claim.name === field.name.text))
        names.report.add('duplicate-name', field.name.span, `every token has \`${field.name.text}\` already`)
  return fields.filter((field) => !claims.some((claim) => claim.name === field.name))
}
