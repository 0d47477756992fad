import type { Expr, Name, RoleDeclaration, Rule } from '../syntax/ast.ts'
import { conditionMutations, isChain } from './expressions.ts'
import { inside, type Mutation, without } from './mutation.ts'

/** The actions that some `allow` grants on a type, and the types on which one grants an action. */
export interface Granted {
  readonly actions: (types: readonly string[]) => readonly string[]
  readonly types: (actions: readonly string[]) => readonly string[]
}

/**
 * The mutations of a rule. `self`: the type in whose block it stands. Limits and labels have none: no decision differs by them, so that
 * no test could notice. An `allow` does not become a `deny`, since whoever notices that it is gone notices that too.
 */
export function ruleMutations(rule: Rule, self: string | undefined, granted: Granted): readonly Mutation<Rule>[] {
  if (rule.verb !== 'allow' && rule.verb !== 'deny' && rule.verb !== 'delegate') return []
  const { condition } = rule
  return [
    { nodes: [never(rule)], at: rule.verbSpan, change: 'without this rule', whole: true },
    ...actionMutations(rule, self, granted),
    ...targetMutations(rule, granted),
    ...(condition.if === undefined
      ? []
      : [
          ...(isChain(condition.if, 'and') ? [] : [withoutIf(rule, condition.if)]),
          ...inside(conditionMutations(condition.if), (holds) => ({ ...rule, condition: { ...condition, if: holds } })),
        ]),
    ...(condition.unless === undefined
      ? []
      : [
          ...(isChain(condition.unless, 'or') ? [] : [withoutUnless(rule, condition.unless)]),
          ...inside(conditionMutations(condition.unless), (unless) => ({
            ...rule,
            condition: { ...condition, unless },
          })),
        ]),
  ]
}

/** A rule that never holds, rather than none: what it grants goes on being an action. */
function never(rule: Rule): Rule {
  return { ...rule, condition: { if: { kind: 'boolean', value: false, span: rule.verbSpan } } }
}

function withoutIf<T extends Rule | RoleDeclaration>(node: T, { span }: Expr): Mutation<T> {
  const { if: _, ...condition } = node.condition
  return { nodes: [{ ...node, condition }], at: span, change: 'without this condition' }
}

function withoutUnless<T extends Rule | RoleDeclaration>(node: T, { span }: Expr): Mutation<T> {
  const { unless: _, ...condition } = node.condition
  return { nodes: [{ ...node, condition }], at: span, change: 'without this exception' }
}

/** The dropped part goes on being named by a rule that never holds, as in `never`. */
function splitOff(rule: Rule, dropped: Partial<Rule>): readonly Rule[] {
  return rule.verb === 'allow' ? [never({ ...rule, ...dropped, annotations: [] })] : []
}

function actionMutations(rule: Rule, self: string | undefined, granted: Granted): readonly Mutation<Rule>[] {
  const { actions, target, verb } = rule
  const fewer = without(actions, '').flatMap(({ nodes: [left = []], at }): Mutation<Rule>[] => {
    const [dropped] = actions.filter((action) => !left.includes(action))
    if (dropped === undefined) return []
    return [
      {
        nodes: [{ ...rule, actions: left }, ...splitOff(rule, { actions: [dropped] })],
        at,
        change: `without \`${dropped.text}\` here`,
      },
    ]
  })
  if (target.kind === 'server' || actions.length === 0) return fewer
  const types = target.kind === 'file' ? target.types.map(({ text }) => text) : self === undefined ? [] : [self]
  if (types.length === 0) return fewer
  const named = new Set(actions.map(({ text }) => text))
  const others = granted.actions(types).filter((action) => !named.has(action))
  if (others.length === 0) return fewer
  const wider: Rule =
    verb === 'allow' ? { ...rule, actions: [...actions, ...others.map(named_(rule))] } : { ...rule, actions: [] }
  return [...fewer, { nodes: [wider], at: rule.actionsSpan, change: 'with every action here', wider: true }]
}

function named_({ actionsSpan }: Rule): (text: string) => Name {
  return (text) => ({ text, span: actionsSpan })
}

function targetMutations(rule: Rule, granted: Granted): readonly Mutation<Rule>[] {
  const { target, actions } = rule
  if (target.kind === 'block') return []
  if (target.kind === 'server') {
    const { items } = target
    const fewer = without(items, 'without this one').map(({ nodes: [left = []], ...rest }) => ({
      ...rest,
      nodes: [{ ...rule, target: { ...target, items: left } }],
    }))
    const [first] = items
    if (first === undefined || items.some(({ kind }) => kind === 'all')) return fewer
    const span = { ...first.span, end: items.at(-1)?.span.end ?? first.span.end }
    const all: Rule = { ...rule, target: { ...target, items: [{ kind: 'all', span }] } }
    return [...fewer, { nodes: [all], at: span, change: 'with `*` here', wider: true }]
  }
  const { types } = target
  const fewer = without(types, 'without this type').map(({ nodes: [left = []], ...rest }) => {
    const dropped = types.filter((type) => !left.includes(type))
    return {
      ...rest,
      nodes: [
        { ...rule, target: { ...target, types: left } },
        ...splitOff(rule, { target: { ...target, types: dropped } }),
      ],
    }
  })
  const [first] = types
  if (first === undefined) return fewer
  const named = new Set(types.map(({ text }) => text))
  const others = granted.types(actions.map(({ text }) => text)).filter((type) => !named.has(type))
  if (others.length === 0) return fewer
  const span = { ...first.span, end: types.at(-1)?.span.end ?? first.span.end }
  const wider: Rule = {
    ...rule,
    target: { ...target, types: [...types, ...others.map((text) => ({ text, span }))] },
  }
  return [...fewer, { nodes: [wider], at: span, change: 'with every type here', wider: true }]
}

/** The mutations of a role: without what derives it, without its exception, without each of those who can be assigned. */
export function roleMutations(role: RoleDeclaration): readonly Mutation<RoleDeclaration>[] {
  const { assignable, condition } = role
  const derived = condition.if
  const put = (holds: Expr): RoleDeclaration => ({ ...role, condition: { ...condition, if: holds } })
  const constant = (value: boolean, at: Expr): Expr => ({ kind: 'boolean', value, span: at.span })
  return [
    ...assignable.map(
      (one, i): Mutation<RoleDeclaration> => ({
        nodes: [
          {
            ...(derived === undefined && assignable.length === 1
              ? put({ kind: 'boolean', value: false, span: one.span })
              : role),
            assignable: assignable.toSpliced(i, 1),
          },
        ],
        at: one.span,
        change: 'where this cannot be assigned',
      }),
    ),
    ...(derived === undefined
      ? []
      : [
          ...(isChain(derived, 'or')
            ? []
            : [
                {
                  nodes: [put(constant(false, derived))],
                  at: derived.span,
                  change: 'where this does not make anybody one',
                },
              ]),
          ...(isChain(derived, 'and')
            ? []
            : [{ nodes: [put(constant(true, derived))], at: derived.span, change: 'where everybody is one' }]),
          ...inside(conditionMutations(derived), put),
        ]),
    ...(condition.unless === undefined
      ? []
      : [
          ...(isChain(condition.unless, 'or') ? [] : [withoutUnless(role, condition.unless)]),
          ...inside(conditionMutations(condition.unless), (unless) => ({
            ...role,
            condition: { ...condition, unless },
          })),
        ]),
  ]
}
