import type { ActionGroup, EntityDeclaration, Expr, Rule } from '../../syntax/ast.ts'
import type { Report } from '../report.ts'
import { mcpActions } from '../schema.ts'
import { declarable } from './types.ts'

/** What the action groups stand for, and the permissions of each type: the set of actions is closed by the `allow` rules. */
export interface Actions {
  readonly groups: ReadonlyMap<string, readonly string[]>
  /** By type: the actions that some `allow` grants on it. */
  readonly permissions: (type: string) => ReadonlySet<string>
  /** Those of them that are more than a member of that name: all but what `allow viewer if viewer` alone grants. */
  readonly derived: (type: string) => ReadonlySet<string>
}

export function declareActions(
  declarations: readonly ActionGroup[],
  entities: readonly EntityDeclaration[],
  fileRules: readonly Rule[],
  report: Report,
): Actions {
  const groups = expandGroups(declarations, report)
  const expand = (rule: Rule, into: Set<string>): void => {
    for (const { text } of rule.actions) for (const action of groups.get(text) ?? [text]) into.add(action)
  }
  const everywhere = new Set<string>()
  const byType = new Map<string, Set<string>>()
  const derived = new Map<string, Set<string>>()
  const grant = (type: string, rule: Rule): void => {
    const all = byType.get(type) ?? new Set()
    const more = derived.get(type) ?? new Set()
    expand(rule, all)
    if (!asksForMember(rule)) expand(rule, more)
    for (const action of rule.actions) declarable(report, action.text, action.span)
    byType.set(type, all)
    derived.set(type, more)
  }
  for (const rule of fileRules) {
    if (rule.verb !== 'allow' || rule.target.kind !== 'file') continue
    if (rule.target.types.length === 0) expand(rule, everywhere)
    for (const type of rule.target.types) grant(type.text, rule)
  }
  for (const entity of entities)
    for (const member of entity.members)
      if (member.kind === 'rule' && member.verb === 'allow') grant(entity.name.text, member)
  for (const own of [...byType.values(), ...derived.values()]) for (const action of everywhere) own.add(action)
  return {
    groups,
    permissions: (type) => byType.get(type) ?? everywhere,
    derived: (type) => derived.get(type) ?? everywhere,
  }
}

/** `allow viewer if viewer`: who has the role, or is in the field, may be asked for like any action. */
function asksForMember({ actions, target, condition }: Rule): boolean {
  const [action, ...others] = actions
  const { if: holds, unless } = condition
  return (
    target.kind === 'block' &&
    others.length === 0 &&
    unless === undefined &&
    holds !== undefined &&
    ownMember(holds) === action?.text
  )
}

/** `viewer`, or `resource.viewer`. */
function ownMember(expr: Expr): string | undefined {
  if (expr.kind === 'name') return expr.name
  const isOwn = expr.kind === 'member' && !expr.optional && expr.of.kind === 'name' && expr.of.name === 'resource'
  return isOwn ? expr.name.text : undefined
}

function expandGroups(declarations: readonly ActionGroup[], report: Report): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, ActionGroup>()
  for (const declaration of declarations) {
    const { text, span } = declaration.name
    declarable(report, text, span)
    report.notes?.declare(span, { kind: 'group', name: text }, declaration)
    const first = byName.get(text)
    if (first !== undefined)
      report.add('duplicate-name', span, `\`${text}\` is declared twice`, {
        related: [{ span: first.name.span, message: 'first here' }],
      })
    else if (mcpActions.has(text))
      report.add('action-group', span, `\`${text}\` is an action of the Model Context Protocol`, {
        help: 'give the group a name of its own',
      })
    else byName.set(text, declaration)
  }
  const expanded = new Map<string, readonly string[]>()
  for (const declaration of byName.values()) {
    const actions = new Set<string>()
    const seen = new Set<ActionGroup>()
    const open: ActionGroup[] = [declaration]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue
      seen.add(next)
      for (const name of next.actions) {
        const group = byName.get(name.text)
        if (group === declaration)
          report.add('action-group', name.span, `the group \`${declaration.name.text}\` contains itself`)
        else if (group !== undefined) open.push(group)
        else actions.add(name.text)
      }
    }
    expanded.set(declaration.name.text, [...actions])
  }
  return expanded
}
