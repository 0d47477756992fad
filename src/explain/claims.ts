import type { Subject } from '../facts/store.ts'
import type { Expr } from '../ir/expr.ts'
import type { Role, Rule } from '../ir/program.ts'
import { assigned, assignments } from '../runtime/bodies/assigned.ts'
import { roleLine, withAgent, withoutAgent } from '../runtime/bodies/body.ts'
import { atomsIn, negation, never } from '../runtime/formula.ts'
import { ground } from '../runtime/interpret.ts'
import { itemMatches } from '../runtime/item-match.ts'
import { printExpression } from '../runtime/print-expression.ts'
import type { AskedTarget } from '../runtime/question.ts'
import type { Run } from '../runtime/run.ts'
import type { Names, Scope } from '../runtime/scope.ts'
import { scopeOf } from '../runtime/scope.ts'
import type { Atom } from '../runtime/system.ts'
import { describeEntity } from '../value/describe.ts'
import type { Entity } from '../value/value.ts'
import type { Claim } from './proof.ts'
import { valuesIn } from './values-in.ts'

/** What has been claimed so far: each role and permission is looked into once, and the whole stays readable. */
interface Walk {
  readonly run: Run
  readonly seen: Set<number>
  readonly open: Set<number>
  left: number
}

const maxClaims = 1000

/** The rules that concern the question, each with what it hangs on. */
export function claimsOf(run: Run): readonly Claim[] {
  const walk: Walk = { run, seen: new Set(), open: new Set(), left: maxClaims }
  const { actor: subject, action, agents, target } = run.question
  const resource = target.kind === 'entity' ? { resource: target.entity } : {}
  const names = { subject, action, ...resource }
  return [...ownClaims(walk, target, names), ...delegatedClaims(walk, target, names, agents)]
}

type RuleNames = Names & { readonly action: string }

function ownClaims(walk: Walk, target: AskedTarget, names: RuleNames): readonly Claim[] {
  const { policy } = walk.run
  const claims = (rules: readonly Rule[]) => rules.flatMap((rule) => ruleClaim(walk, rule, target, names))
  const allows = claims(policy.rulesAbout('allow', names.action, target))
  return [
    ...(allows.length === 0 ? [noRule(`allow ${names.action}`)] : allows),
    ...claims(withoutAgent(policy.rulesAbout('deny', names.action, target))),
  ]
}

function delegatedClaims(
  walk: Walk,
  target: AskedTarget,
  names: RuleNames,
  agents: readonly Entity[],
): readonly Claim[] {
  const { policy } = walk.run
  return agents.flatMap((agent) => {
    const claims = (rules: readonly Rule[]) =>
      rules.flatMap((rule) => ruleClaim(walk, rule, target, { ...names, agent }))
    const delegates = claims(policy.rulesAbout('delegate', names.action, target))
    return [
      ...(delegates.length === 0 ? [noRule(`delegate ${names.action} to ${describeEntity(agent)}`)] : delegates),
      ...claims(withAgent(policy.rulesAbout('deny', names.action, target))),
    ]
  })
}

/** What would be needed, and no rule is about. */
function noRule(what: string): Claim {
  return { text: `${what}: no rule is about this`, formula: never, children: [] }
}

function ruleClaim(walk: Walk, rule: Rule, target: AskedTarget, names: RuleNames): readonly Claim[] {
  const matches = target.kind === 'entity' ? [{ locals: new Map() }] : itemMatches(rule.target, names.action, target)
  return matches.map(({ locals }): Claim => {
    const scope = scopeOf(names, locals)
    const via = names.agent === undefined ? '' : ` to ${describeEntity(names.agent)}`
    const values = valuesIn(walk.run, rule.condition, scope)
    return {
      text: `${rule.effect} ${names.action}${via} if ${printExpression(rule.condition, scope)}`,
      formula: ground(walk.run, rule.condition, scope),
      rule: rule.id,
      effect: rule.effect,
      ...(values.length === 0 ? {} : { values }),
      ...(rule.doc === undefined ? {} : { doc: rule.doc }),
      at: rule.at,
      children: parts(walk, rule.condition, scope),
      chooses: rule.condition.kind === 'conditional',
    }
  })
}

function condition(walk: Walk, expr: Expr, scope: Scope): Claim {
  walk.left--
  const formula = ground(walk.run, expr, scope)
  const claim = { text: printExpression(expr, scope), formula, at: expr.at }
  // That somebody holds a role on one thing needs no second node that says so.
  if (formula.kind === 'atom' && !isComposed(expr)) return { ...atomClaim(walk, formula.atom), ...claim }
  const values = valuesIn(walk.run, expr, scope)
  return {
    ...claim,
    ...(values.length === 0 ? {} : { values }),
    children: parts(walk, expr, scope),
    chooses: expr.kind === 'conditional',
  }
}

/** Its parts are told of even where only one of them matters. */
function isComposed({ kind }: Expr): boolean {
  return kind === 'and' || kind === 'or' || kind === 'not' || kind === 'conditional'
}

/** What the value of a condition comes from. */
function parts(walk: Walk, expr: Expr, scope: Scope): readonly Claim[] {
  if (walk.left <= 0) return []
  const each = (...some: readonly Expr[]) => some.map((part) => condition(walk, part, scope))
  switch (expr.kind) {
    case 'and':
    case 'or':
      return each(...expr.operands)
    case 'not':
    case 'recover':
      return each(expr.operand)
    case 'conditional':
      return each(expr.condition, expr.then, expr.else)
    case 'obtainable':
      return []
    default:
      return [...atomsIn(ground(walk.run, expr, scope))].map((atom) => atomClaim(walk, atom))
  }
}

function atomClaim(walk: Walk, index: number): Claim {
  walk.left--
  const atom = walk.run.system.atoms[index]
  if (atom === undefined) throw new Error('invariant: an atom of the system')
  const claim = { text: atomText(atom), formula: { kind: 'atom', atom: index } as const }
  if (walk.open.has(index)) return { ...claim, repeated: 'cycle', children: [] }
  if (walk.seen.has(index) || walk.left <= 0) return { ...claim, repeated: 'above', children: [] }
  walk.seen.add(index)
  walk.open.add(index)
  const children = atom.kind === 'role' ? roleClaims(walk, atom) : permissionClaims(walk, atom)
  walk.open.delete(index)
  return { ...claim, children }
}

function atomText({ kind, relation, entity, subject }: Atom): string {
  const path = entity === undefined ? relation : `${describeEntity(entity)}.${relation}`
  return `${describeEntity(subject)} in ${path}${kind === 'delegation' ? ', delegated' : ''}`
}

function permissionClaims(walk: Walk, { kind, relation: action, entity, subject }: Atom): readonly Claim[] {
  if (entity === undefined) return []
  const target: AskedTarget = { kind: 'entity', entity }
  const names = { subject, action, resource: entity }
  return kind === 'permission'
    ? ownClaims(walk, target, names)
    : delegatedClaims(walk, target, names, walk.run.question.agents)
}

function roleClaims(walk: Walk, { relation, entity, subject }: Atom): readonly Claim[] {
  const roles = walk.run.policy.roleLines(entity?.type, relation)
  const scope = scopeOf({ subject, ...(entity === undefined ? {} : { resource: entity }) })
  const lines = roles.map((role): Claim => {
    const { condition: grant, except } = role
    return {
      text: `role ${role.name}`,
      formula: roleLine(walk.run, role, entity, scope),
      at: role.at,
      ...(role.doc === undefined ? {} : { doc: role.doc }),
      children: [
        ...assignmentClaims(walk, role, entity, subject),
        ...(grant === undefined ? [] : [condition(walk, grant, scope)]),
        ...(except === undefined ? [] : [exception(walk, except, scope)]),
      ],
    }
  })
  const [only] = lines
  return only !== undefined && lines.length === 1 ? only.children : lines
}

function exception(walk: Walk, except: Expr, scope: Scope): Claim {
  const claim = condition(walk, except, scope)
  return { ...claim, text: `unless ${claim.text}`, formula: negation(claim.formula) }
}

function assignmentClaims(walk: Walk, role: Role, entity: Entity | undefined, subject: Entity): readonly Claim[] {
  if (role.assignable.length === 0) return []
  const facts: Claim[] = []
  for (const { fact, condition: formula } of assignments(walk.run, role, entity, subject)) {
    if (walk.left <= 0) break
    walk.left--
    const children = [...atomsIn(formula)].map((atom) => atomClaim(walk, atom))
    facts.push({ text: subjectText(fact.subject), formula, minor: true, children })
  }
  return [
    { text: 'assigned by a fact', formula: assigned(walk.run, role, entity, subject), at: role.at, children: facts },
  ]
}

function subjectText(subject: Subject): string {
  switch (subject.kind) {
    case 'entity':
      return `to ${describeEntity(subject.entity)}`
    case 'any':
      return `to any ${subject.type}`
    case 'holders':
      return `to ${describeEntity(subject.entity)}.${subject.role}`
  }
}
