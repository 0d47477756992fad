import type { Span } from '../../base/source.ts'
import type { Expr } from '../../ir/expr.ts'
import type { Role, Rule } from '../../ir/program.ts'
import { assigned, assignments } from '../../runtime/bodies/assigned.ts'
import { roleLine, withAgent, withoutAgent } from '../../runtime/bodies/body.ts'
import type { Formula } from '../../runtime/formula.ts'
import { disjunction } from '../../runtime/formula.ts'
import { ground } from '../../runtime/interpret.ts'
import { itemMatches } from '../../runtime/item-match.ts'
import type { AskedTarget } from '../../runtime/question.ts'
import type { Run } from '../../runtime/run.ts'
import type { Names, Scope } from '../../runtime/scope.ts'
import { scopeOf } from '../../runtime/scope.ts'
import type { Atom } from '../../runtime/system.ts'
import type { Entity } from '../../value/value.ts'

/** A rule or a role for one question. */
export interface Line {
  readonly of?: { readonly kind: 'rule' | 'role'; readonly at: Span }
  readonly formula: Formula
  readonly parts: readonly Part[]
  /** What facts say, of a role. */
  readonly given?: Formula
}

/** A condition of it; what stands beside it says whether it matters. */
export interface Part {
  readonly expr: Expr
  readonly scope: Scope
  readonly beside?: { readonly formula: Formula; readonly hidesIf: boolean }
}

type RuleNames = Names & { readonly action: string }

/** The rules that a question asks. */
export function rulesAsked(run: Run): readonly Line[] {
  const { target, agents } = run.question
  const names = namesOf(run)
  return [...ownRules(run, target, names), ...delegatedRules(run, target, names, agents)]
}

/** Limits and labels: of what is allowed. */
export function obligationsAsked(run: Run): readonly Line[] {
  const { target } = run.question
  const names = namesOf(run)
  return ruleLines(
    run,
    (['limit', 'label'] as const).flatMap((effect) => run.policy.rulesAbout(effect, names.action, target)),
    target,
    names,
  )
}

function namesOf({ question: { actor: subject, action, target } }: Run): RuleNames {
  return { subject, action, ...(target.kind === 'entity' ? { resource: target.entity } : {}) }
}

function ownRules(run: Run, target: AskedTarget, names: RuleNames): readonly Line[] {
  const rules = [
    ...run.policy.rulesAbout('allow', names.action, target),
    ...withoutAgent(run.policy.rulesAbout('deny', names.action, target)),
  ]
  return ruleLines(run, rules, target, names)
}

function delegatedRules(run: Run, target: AskedTarget, names: RuleNames, agents: readonly Entity[]): readonly Line[] {
  const rules = [
    ...run.policy.rulesAbout('delegate', names.action, target),
    ...withAgent(run.policy.rulesAbout('deny', names.action, target)),
  ]
  return agents.flatMap((agent) => ruleLines(run, rules, target, { ...names, agent }))
}

function ruleLines(run: Run, rules: readonly Rule[], target: AskedTarget, names: RuleNames): readonly Line[] {
  return rules.flatMap((rule) => {
    const matches = target.kind === 'entity' ? [{ locals: new Map() }] : itemMatches(rule.target, names.action, target)
    return matches.map(({ locals }): Line => {
      const scope = scopeOf(names, locals)
      const { condition: expr, at } = rule
      return { of: { kind: 'rule', at }, formula: ground(run, expr, scope), parts: [{ expr, scope }] }
    })
  })
}

/** What makes a role or a permission hold. */
export function linesOf(run: Run, atom: Atom): readonly Line[] {
  const { kind, relation: action, entity, subject } = atom
  if (kind === 'role') return roleLines(run, atom)
  if (entity === undefined) return []
  const target: AskedTarget = { kind: 'entity', entity }
  const names = { subject, action, resource: entity }
  return kind === 'permission' ? ownRules(run, target, names) : delegatedRules(run, target, names, run.question.agents)
}

/** (assigned or C) and not D. */
function roleLines(run: Run, { relation, entity, subject }: Atom): readonly Line[] {
  const scope = scopeOf({ subject, ...(entity === undefined ? {} : { resource: entity }) })
  return run.policy.roleLines(entity?.type, relation).map((role): Line => {
    const { condition, except, at } = role
    const given = assigned(run, role, entity, subject)
    const held = disjunction([given, ...(condition === undefined ? [] : [ground(run, condition, scope)])])
    return {
      of: { kind: 'role', at },
      formula: roleLine(run, role, entity, scope),
      given,
      parts: [
        ...(condition === undefined ? [] : [{ expr: condition, scope, beside: { formula: given, hidesIf: true } }]),
        ...(except === undefined ? [] : [{ expr: except, scope, beside: { formula: held, hidesIf: false } }]),
        ...carriedParts(run, role, entity, subject),
      ],
    }
  })
}

/** What the facts of a role carry, where they are about the subject. */
function carriedParts(run: Run, role: Role, entity: Entity | undefined, subject: Entity): readonly Part[] {
  return [...assignments(run, role, entity, subject)].flatMap(({ carried, matching }) =>
    carried === undefined
      ? []
      : [{ expr: carried.body, scope: carried.scope, beside: { formula: matching, hidesIf: false } }],
  )
}
