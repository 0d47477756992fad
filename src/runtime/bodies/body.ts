import type { Role, Rule } from '../../ir/program.ts'
import { describeEntity } from '../../value/describe.ts'
import { evaluationError } from '../../value/evaluation-error.ts'
import type { Entity } from '../../value/value.ts'
import type { Formula } from '../formula.ts'
import { conjunction, disjunction, failed, negation } from '../formula.ts'
import { ground } from '../interpret.ts'
import { ifKnown } from '../known.ts'
import type { Run } from '../run.ts'
import type { Names, Scope } from '../scope.ts'
import { scopeOf } from '../scope.ts'
import type { Atom } from '../system.ts'
import { assigned } from './assigned.ts'
import type { AgentLines, Line } from './lines.ts'
import { delegatedRight, ownRight } from './lines.ts'

/** Looks into every atom that has been reached, which may reach others, until there is none left. */
export function groundAtoms(run: Run): void {
  const { atoms, bodies } = run.system
  for (let atom = atoms[bodies.length]; atom !== undefined; atom = atoms[bodies.length]) bodies.push(bodyOf(run, atom))
}

function bodyOf(run: Run, atom: Atom): Formula {
  if (atom.kind === 'role') return roleBody(run, atom)
  const { entity, relation, subject } = atom
  if (entity === undefined) return failed(evaluationError('bad-value', 'a permission is on an entity'))
  if (atom.kind === 'permission') return ownRight(ownLines(run, relation, entity, subject))
  return delegatedRight(run.question.agents.map((agent) => agentLines(run, relation, entity, subject, agent)))
}

function roleBody(run: Run, { relation, entity, subject }: Atom): Formula {
  const lines = run.policy.roleLines(entity?.type, relation)
  if (lines.length === 0) {
    const of = entity === undefined ? '' : ` of \`${describeEntity(entity)}\``
    return failed(evaluationError('wrong-kind', `there is no role \`${relation}\`${of}`))
  }
  const scope = scopeOf({ subject, ...(entity === undefined ? {} : { resource: entity }) })
  const body = () => disjunction(lines.map((role) => roleLine(run, role, entity, scope)))
  const [first] = lines
  if (entity === undefined || first === undefined) return body()
  const found = ifKnown(run, entity, first.at, body)
  // To be assigned one of its roles is to be known.
  return found.kind === 'error'
    ? disjunction([found, ...lines.flatMap((role) => assignable(run, role, entity, subject))])
    : found
}

function assignable(run: Run, role: Role, entity: Entity | undefined, subject: Entity): readonly Formula[] {
  return run.supposing?.assignable?.(run, role, entity, subject) ?? []
}

/** (assigned or C) and not D. */
export function roleLine(run: Run, role: Role, entity: Entity | undefined, scope: Scope): Formula {
  const parts = function* (): Iterable<Formula> {
    yield disjunction(holders())
    if (role.except !== undefined) yield negation(ground(run, role.except, scope))
  }
  const holders = function* (): Iterable<Formula> {
    yield assigned(run, role, entity, scope.subject)
    yield* assignable(run, role, entity, scope.subject)
    if (role.condition !== undefined) yield ground(run, role.condition, scope)
  }
  return conjunction(parts())
}

/** The lines of U for an entity. */
export function ownLines(run: Run, action: string, entity: Entity, subject: Entity) {
  const names = { subject, resource: entity, action }
  return {
    allow: lines(run, run.policy.entityRules('allow', action, entity.type), names),
    deny: lines(run, withoutAgent(run.policy.entityRules('deny', action, entity.type)), names),
  }
}

/** The lines of A for an entity and one agent. */
export function agentLines(run: Run, action: string, entity: Entity, subject: Entity, agent: Entity): AgentLines {
  const names = { subject, resource: entity, action, agent }
  return {
    agent,
    delegate: lines(run, run.policy.entityRules('delegate', action, entity.type), names),
    deny: lines(run, withAgent(run.policy.entityRules('deny', action, entity.type)), names),
  }
}

export function withAgent(rules: readonly Rule[]): readonly Rule[] {
  return rules.filter(({ mentionsAgent }) => mentionsAgent)
}

export function withoutAgent(rules: readonly Rule[]): readonly Rule[] {
  return rules.filter(({ mentionsAgent }) => !mentionsAgent)
}

export function lineOf(run: Run, rule: Rule, found: Formula): Line {
  return { rule, condition: run.supposing?.rule?.(run, rule, found) ?? found }
}

/** One scope for all rules: their locals are their own. */
function lines(run: Run, rules: readonly Rule[], names: Names): readonly Line[] {
  const scope = scopeOf(names)
  return rules.map((rule) => lineOf(run, rule, ground(run, rule.condition, scope)))
}
