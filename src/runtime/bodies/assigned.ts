import type { Fact } from '../../facts/store.ts'
import { globalObject } from '../../facts/store.ts'
import type { Expr } from '../../ir/expr.ts'
import type { Role } from '../../ir/program.ts'
import { evaluationError } from '../../value/evaluation-error.ts'
import type { Entity } from '../../value/value.ts'
import { unknown } from '../cases.ts'
import type { Formula } from '../formula.ts'
import { always, conjunction, disjunction, failed, never } from '../formula.ts'
import { ground } from '../interpret.ts'
import { containersOf, inForce, isKnown } from '../known.ts'
import { holds, within } from '../membership.ts'
import type { Run } from '../run.ts'
import { leafOf, step } from '../run.ts'
import type { Binding, Scope } from '../scope.ts'
import { scopeOf } from '../scope.ts'

/** Some fact assigns the role to a subject that this one is, or is in: in force now, and under the fact's condition. */
export function assigned(run: Run, role: Role, entity: Entity | undefined, subject: Entity): Formula {
  return disjunction(conditions(run, role, entity, subject))
}

function* conditions(run: Run, role: Role, entity: Entity | undefined, subject: Entity): Iterable<Formula> {
  for (const { condition } of assignments(run, role, entity, subject)) yield condition
}

/** A fact of a role, and whether it assigns the role to a subject. */
export interface Assignment {
  readonly fact: Fact
  readonly condition: Formula
  /** It is in force and about the subject. */
  readonly matching: Formula
  /** The condition that the fact carries, in the scope of its parameters. */
  readonly carried?: { readonly body: Expr; readonly scope: Scope } | undefined
}

export function* assignments(run: Run, role: Role, entity: Entity | undefined, subject: Entity): Iterable<Assignment> {
  for (const fact of candidates(run, entity?.key ?? globalObject, role.name, subject)) {
    step(run)
    const scope = scopeOf({ subject, ...(entity === undefined ? {} : { resource: entity }) })
    const parts = [current(run, fact, role, scope), matches(run, fact, subject, role)]
    const holds = fact.when === undefined ? [] : [carried(run, fact.when, role, scope)]
    const condition = conjunction([...parts, ...holds])
    yield {
      fact,
      condition: run.supposing?.assigned?.(run, role, entity, fact, condition) ?? condition,
      matching: conjunction(parts),
      ...(fact.when === undefined ? {} : { carried: carriedBy(run, fact.when, scope) }),
    }
  }
}

/** Of so many facts those about others are looked at, too, where the subject may be supposed to be in what it is not in. */
const maxSupposed = 256

/**
 * The facts that can matter: all of them, or, where that is fewer, those about a container of the subject and those whose
 * subject is no plain entity. Containment of what is not known is an error for every fact.
 */
function candidates(run: Run, key: string, relation: string, subject: Entity): Iterable<Fact> {
  const { facts } = run
  const all = facts.facts(key, relation)
  const { possible } = containersOf(run, subject)
  if (run.question.openFields) return all
  const few = run.supposing?.contained === undefined ? possible.size : Math.max(possible.size, maxSupposed)
  if (all.length <= few || isKnown(run, subject) !== true) return all
  const direct = [...possible].flatMap((container) => facts.direct(key, relation, container))
  return [...direct, ...facts.indirect(key, relation)]
}

function current(run: Run, fact: Fact, { at }: Role, scope: Scope): Formula {
  const force = inForce(fact, run.question.now)
  if (force !== unknown) return force ? always : never
  const until: Expr = { kind: 'constant', value: { kind: 'datetime', value: fact.until ?? 0 }, at }
  return leafOf(
    run,
    { kind: 'compare', operator: '<', left: { kind: 'variable', name: 'now', at }, right: until, at },
    scope,
  )
}

function matches(run: Run, { subject: assignee }: Fact, subject: Entity, { at }: Role): Formula {
  switch (assignee.kind) {
    case 'entity':
      return within(run, subject, assignee.entity, at)
    case 'any':
      // The anonymous actor is of no type.
      return subject.type === assignee.type ? always : never
    case 'holders':
      return holds(run, subject, assignee.role, false, assignee.entity, at)
  }
}

export function carried(run: Run, when: NonNullable<Fact['when']>, { at }: Role, scope: Scope): Formula {
  const found = carriedBy(run, when, scope)
  if (found === undefined) return failed(evaluationError('bad-value', `no fact can carry \`${when.let}\``, at))
  return ground(run, found.body, found.scope)
}

/** A parameter comes from the fact, else from the context. */
function carriedBy(run: Run, when: NonNullable<Fact['when']>, scope: Scope): Assignment['carried'] {
  const condition = run.policy.conditions.get(when.let)
  if (condition === undefined) return undefined
  const locals = condition.params.map((field): [string, Binding] => {
    const value = when.args.get(field.name)
    return [field.name, value === undefined ? { kind: 'context', field } : { kind: 'value', value }]
  })
  return { body: condition.body, scope: scopeOf(scope, new Map(locals)) }
}
