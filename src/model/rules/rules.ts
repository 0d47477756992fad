import { didYouMean, suggestion } from '../../base/suggest.ts'
import type { Expr as Ir } from '../../ir/expr.ts'
import type { Effect, Target } from '../../ir/program.ts'
import { mentions } from '../../ir/walk.ts'
import type { Condition, Name, Rule } from '../../syntax/ast.ts'
import { occurrences } from '../analysis/signs.ts'
import type { CheckedRule } from '../checked-policy.ts'
import { within } from '../expression/condition.ts'
import { outermostScope } from '../expression/expression.ts'
import { unknownType } from '../expression/literals.ts'
import type { Scope } from '../expression/scope.ts'
import { present } from '../expression/use.ts'
import type { Report } from '../report.ts'
import { itemActions, mcpActions, type Schema, type ServerInfo } from '../schema.ts'
import { checkItems } from './items.ts'

type TypesTarget = Extract<Target, { kind: 'types' }>

/** Every rule of a policy, checked where it stands. */
export function checkRules(schema: Schema, report: Report): readonly CheckedRule[] {
  const rules: CheckedRule[] = []
  const known = new Set([...schema.types.values()].flatMap(({ permissions }) => [...permissions]))
  const check = actionCheck(schema, known, report)
  for (const group of schema.groupDeclarations) {
    group.actions.forEach(check)
    noteActions(schema, group.actions, [...schema.types.keys()], report)
    for (const action of group.actions) noteServerAction(action, report)
  }
  const add = (rule: CheckedRule | undefined): void => {
    if (rule !== undefined) rules.push(rule)
  }
  for (const rule of schema.fileRules) add(checkFileRule(schema, rule, known, check, report))
  for (const type of schema.types.values()) {
    const target: TypesTarget = { kind: 'types', types: [type.name] }
    for (const rule of type.rules) add(checkTypeRule(schema, rule, target, type.name, known, report))
  }
  for (const server of [...schema.servers.values(), schema.everyServer])
    for (const rule of server.rules) add(checkServerRule(schema, rule, server, report))
  return rules
}

/** An action where no type is named: some type or the Model Context Protocol has it. `known`: what some `allow` grants on some type. */
function actionCheck(schema: Schema, known: ReadonlySet<string>, report: Report): (action: Name) => void {
  return (action) => {
    if (known.has(action.text) || mcpActions.has(action.text) || schema.groups.has(action.text)) return
    unknownAction(schema, action, [...known, ...mcpActions.keys(), ...schema.groups.keys()], report)
  }
}

/** The agents of a request may be named where they can only lose by it, so that none gets more than its user. */
function namesAgents({ verb }: Rule): boolean {
  return verb === 'deny' || verb === 'delegate'
}

function valuesOfAction(actions: readonly string[] | '*'): readonly string[] {
  return actions === '*' ? [] : actions
}

function checkFileRule(
  schema: Schema,
  rule: Rule,
  known: ReadonlySet<string>,
  check: (action: Name) => void,
  report: Report,
): CheckedRule | undefined {
  const types = rule.target.kind === 'file' ? rule.target.types : []
  if (types.length > 0) {
    for (const type of types) if (!schema.types.has(type.text)) unknownType({ schema, report }, type.text, type.span)
    for (const { text: name, span } of types) report.notes?.refer(span, { kind: 'type', name })
    const declared = types.filter((type) => schema.types.has(type.text))
    if (declared.length === 0) return undefined
    const target: TypesTarget = { kind: 'types', types: declared.map((t) => t.text) }
    return checkTypeRule(schema, rule, target, undefined, known, report)
  }
  if (!wellFormed(rule, report)) return undefined
  const actions = expand(schema, rule)
  rule.actions.forEach(check)
  noteActions(schema, rule.actions, [], report, rule)
  for (const action of rule.actions) noteServerAction(action, report)
  if (rule.verb === 'allow')
    report.add('broad-allow', rule.verbSpan, 'this grants on every type and every tool of every server', {
      help: 'name the types with `on`, or write the rule into a block',
    })
  return finish(
    rule,
    '',
    actions,
    { kind: 'everything' },
    outermostScope(schema, report, { actions: valuesOfAction(actions), agent: namesAgents(rule) }),
  )
}

function checkTypeRule(
  schema: Schema,
  rule: Rule,
  target: TypesTarget,
  self: string | undefined,
  known: ReadonlySet<string>,
  report: Report,
): CheckedRule | undefined {
  if (!wellFormed(rule, report)) return undefined
  const { types } = target
  const actions = expand(schema, rule)
  noteActions(schema, rule.actions, types, report, rule)
  for (const action of rule.actions) {
    const stands = schema.groups.get(action.text) ?? [action.text]
    if (stands.some((one) => types.some((type) => schema.types.get(type)?.permissions.has(one)))) continue
    const elsewhere = stands.some((one) => known.has(one) || mcpActions.has(one))
    if (elsewhere && rule.verb === 'deny')
      report.add('deny-without-allow', action.span, `nothing allows \`${action.text}\` on \`${types.join('`, `')}\``)
    else {
      const candidates = [
        ...new Set(types.flatMap((type) => [...(schema.types.get(type)?.permissions ?? [])])),
        ...schema.groups.keys(),
      ]
      unknownAction(schema, action, candidates, report, types)
    }
  }
  const scope = outermostScope(schema, report, {
    actions: valuesOfAction(actions),
    agent: namesAgents(rule),
    resource: types,
    self,
  })
  return finish(rule, self ?? '', actions, target, scope)
}

/** A group, or an action: on each of these types, and declared by what allows it. */
function noteActions(
  schema: Schema,
  actions: readonly Name[],
  types: readonly string[],
  { notes }: Report,
  rule?: Rule,
): void {
  for (const { text: name, span } of notes === undefined ? [] : actions) {
    if (schema.groups.has(name)) notes?.refer(span, { kind: 'group', name })
    else if (rule?.verb !== 'allow') notes?.refer(span, { kind: 'action', name })
    else for (const of of types) notes?.declare(span, { kind: 'action', of, name }, rule)
  }
}

function noteServerAction({ text: name, span }: Name, { notes }: Report): void {
  if (mcpActions.has(name)) notes?.refer(span, { kind: 'mcp-action', name })
}

function unknownAction(
  schema: Schema,
  action: Name,
  candidates: readonly string[],
  report: Report,
  types: readonly string[] = [],
): void {
  const lenient = types.some((type) => schema.types.get(type)?.lenient)
  if (schema.broken.has(action.text) || schema.lenient || lenient) return
  if (types.length === 0 && [...schema.types.values()].some((type) => type.lenient)) return
  const on = types.length === 0 ? '' : ` on \`${types.join('`, `')}\``
  report.add(
    'unknown-action',
    action.span,
    `no \`allow\` can grant \`${action.text}\`${on}`,
    suggestion(action.text, candidates, action.span),
  )
}

function checkServerRule(schema: Schema, rule: Rule, server: ServerInfo, report: Report): CheckedRule | undefined {
  if (!wellFormed(rule, report)) return undefined
  const actions = expand(schema, rule)
  for (const action of rule.actions) {
    if (schema.groups.has(action.text)) noteActions(schema, [action], [], report)
    else noteServerAction(action, report)
  }
  let known = true
  for (const action of rule.actions) {
    const stands = schema.groups.get(action.text) ?? [action.text]
    if (stands.every((one) => mcpActions.has(one))) continue
    known = false
    if (schema.broken.has(action.text)) continue
    report.add('unknown-action', action.span, `\`${action.text}\` is no action of the Model Context Protocol`, {
      help:
        didYouMean(action.text, [...mcpActions.keys(), ...schema.groups.keys()]) ??
        `there are ${[...mcpActions.keys()].map((a) => `\`${a}\``).join(', ')}`,
    })
  }
  if (!known || actions.length === 0) return undefined
  if (actions !== '*' && actions.includes('list') && rule.verb !== 'deny') {
    const help = 'an item is listed when some request for it could still be allowed; `deny list` hides more'
    report.add('bad-target', rule.actionsSpan, '`list` is only denied, never granted', { help })
    return undefined
  }
  const items = checkItems(server, rule, actions === '*' ? itemActions : actions, report)
  if (items.target.kind === 'items' && items.target.items.length === 0) return undefined
  const scope = outermostScope(schema, report, {
    actions: valuesOfAction(actions),
    agent: namesAgents(rule),
    server,
    items: items.scope,
    locals: items.locals,
    bound: items.bound,
  })
  return finish(rule, server.name ?? '*', actions, items.target, scope)
}

function expand(schema: Schema, rule: Rule): readonly string[] | '*' {
  const [only] = rule.actions
  if (only === undefined) return '*'
  if (rule.actions.length === 1) return schema.groups.get(only.text) ?? [only.text]
  return [...new Set(rule.actions.flatMap((action) => schema.groups.get(action.text) ?? [action.text]))]
}

/** The clauses that a verb has to have, and may not have. */
function wellFormed(rule: Rule, report: Report): boolean {
  if (rule.verb === 'always' || rule.verb === 'never') {
    report.add('reserved', rule.verbSpan, `\`${rule.verb}\` is reserved until there is a verifier`, {
      help: 'a `test` block holds examples today',
    })
    return false
  }
  if (rule.verb === 'allow' && rule.actions.length === 0) {
    report.add(
      'allow-all',
      rule.actionsSpan,
      '`allow *` grants nothing: the set of actions is what the allow rules name',
      {
        help: 'name the actions',
      },
    )
    return false
  }
  if ((rule.verb === 'limit') !== (rule.rate !== undefined)) {
    if (rule.rate === undefined)
      report.add('bad-clause', rule.verbSpan, '`limit` has no bound', { help: '`limit … to 30 per 1m`' })
    else report.add('bad-clause', rule.rate.span, `\`${rule.verb}\` takes no bound`, { help: '`limit` does' })
    return false
  }
  if (rule.rate !== undefined && (rule.rate.count < 1 || rule.rate.per < 1)) {
    report.add('bad-clause', rule.rate.span, 'a limit lets at least one request through, in at least a millisecond', {
      help: 'write a `deny` to let none through',
    })
    return false
  }
  if ((rule.verb === 'label') !== (rule.as !== undefined)) {
    if (rule.as === undefined)
      report.add('bad-clause', rule.verbSpan, '`label` has no label', { help: '`label … as untrusted`' })
    else report.add('bad-clause', rule.as.span, `\`${rule.verb}\` takes no label`, { help: '`label` does' })
    return false
  }
  return true
}

function finish(
  rule: Rule,
  scope: string,
  actions: readonly string[] | '*',
  target: Target,
  inside: Scope,
): CheckedRule {
  const { ir: condition, scope: after } = checkWhole(inside, rule.condition, rule.span)
  const by: Ir | undefined =
    rule.rate === undefined
      ? undefined
      : rule.rate.by === undefined
        ? { kind: 'variable', name: 'actor', at: rule.rate.span }
        : present(after, after.check(after, rule.rate.by))
  const checked: Mutable<CheckedRule> = {
    declaration: rule,
    scope,
    effect: rule.verb as Effect,
    actions,
    target,
    condition,
    occurrences: occurrences(condition),
    mentionsAgent: inside.agent && mentions(condition, 'agent'),
    at: rule.span,
  }
  if (rule.rate !== undefined && by !== undefined) checked.limit = { count: rule.rate.count, per: rule.rate.per, by }
  if (rule.as !== undefined) checked.label = rule.as.text
  return checked
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** `if C unless D` is C and not D; `unless` and what comes after know what C has shown. */
function checkWhole(scope: Scope, condition: Condition, at: Ir['at']): { readonly ir: Ir; readonly scope: Scope } {
  let ir: Ir | undefined
  let after = scope
  if (condition.if !== undefined) {
    const checked = scope.checkCondition(scope, condition.if)
    ir = checked.ir
    after = within(scope, checked.whenTrue)
  }
  if (condition.unless !== undefined) {
    const checked = after.checkCondition(after, condition.unless)
    const not: Ir = { kind: 'not', operand: checked.ir, at: condition.unless.span }
    ir = ir === undefined ? not : { kind: 'and', operands: [ir, not], at }
    after = within(after, checked.whenFalse)
  }
  return { ir: ir ?? { kind: 'constant', value: { kind: 'boolean', value: true }, at }, scope: after }
}
