import { containment, type Fact } from '../../facts/store.ts'
import type { Expr, VariableName } from '../../ir/expr.ts'

import { nodes } from '../../ir/walk.ts'
import { carried } from '../../runtime/bodies/assigned.ts'
import { spend } from '../../runtime/budget.ts'
import { conjunction, disjunction, type Formula } from '../../runtime/formula.ts'
import { containersOf, inForce } from '../../runtime/known.ts'
import { leafOf, type Run } from '../../runtime/run.ts'
import { type Scope, scopeOf } from '../../runtime/scope.ts'
import type { Supposing } from '../../runtime/supposing.ts'
import { demandLeaf } from '../../runtime/system.ts'
import { no, type Truth, unsure, yes } from '../../runtime/truth.ts'
import type { Entity } from '../../value/value.ts'
import { type Edit, factInput, scopeKey } from './edit.ts'
import { valueEdits } from './values.ts'

/** A leaf of the system: what it is now, and what would make it true or false. */
export interface Supposed {
  readonly present: Truth
  edits(wanted: boolean): readonly Edit[]
}

const maxContainers = 8
const none: readonly Edit[] = []

/**
 * Takes every condition on a fact or a value, every assignment of a role, every containment and every `deny` as something that may
 * be otherwise: a leaf, beside what it is now. `leaves` gets them, by number.
 */
export function supposing(leaves: Map<number, Supposed>): Supposing {
  const supposed = (run: Run, formula: Formula, what: () => Supposed): Formula => {
    if (formula.kind === 'leaf' && !leaves.has(formula.leaf)) {
      spend(run.budget, 'atoms', 1)
      leaves.set(formula.leaf, what())
    }
    return formula
  }
  const named = (run: Run, key: readonly unknown[], present: Truth, edits: Supposed['edits']): Formula =>
    supposed(run, demandLeaf(run.system, { kind: 'supposed', key: JSON.stringify(key) }), () => ({ present, edits }))
  /** True now, and false after any of the edits. */
  const lasting = (run: Run, key: readonly unknown[], edits: readonly Edit[]) =>
    named(run, key, yes, (wanted) => (wanted ? none : edits))
  /** False now, and true after any of the edits. */
  const possible = (run: Run, key: readonly unknown[], edits: readonly Edit[]) =>
    named(run, key, no, (wanted) => (wanted ? edits : none))

  return {
    condition: (run, expr, scope, found) => {
      switch (expr.kind) {
        case 'constant':
        case 'and':
        case 'or':
        case 'not':
        case 'conditional':
        case 'obtainable':
          return found
        default:
      }
      if (!mayChange(expr, scope)) return found
      const isSettled = found.kind === 'constant' || found.kind === 'error'
      if (!isSettled && expr.kind !== 'contained') return found
      const leaf = () => leafOf(run, expr, scope)
      const edits = (wanted: boolean) => valueEdits(run, expr, scope, wanted)
      if (isSettled) {
        const present = found.kind === 'error' ? unsure : found.value ? yes : no
        const orSaid = (wanted: boolean): readonly Edit[] => {
          const some = edits(wanted)
          return some.length > 0 ? some : [{ kind: 'condition', expr, scope, holds: wanted }]
        }
        return supposed(run, leaf(), () => ({ present, edits: orSaid }))
      }
      const ways = edits(true)
      return ways.length === 0 ? found : disjunction([found, possible(run, ['or', expr.at, scopeKey(scope)], ways)])
    },
    rule: (run, rule, found) =>
      rule.effect === 'deny' ? conjunction([found, lasting(run, ['rule', rule.id], [{ kind: 'rule', rule }])]) : found,
    assignable: (run, role, entity, subject) =>
      role.assignable.flatMap((to) => {
        if (to.kind !== 'entity') return []
        return assignees(run, subject, to.type).map((assignee) => {
          const when = to.when === undefined ? {} : { when: { let: to.when, args: new Map() } }
          const fact: Fact = { subject: { kind: 'entity', entity: assignee }, ...when }
          const edit: Edit = { kind: 'add', object: entity, relation: role.name, fact, at: role.at }
          const leaf = possible(run, ['add', factInput(entity, role.name, fact)], [edit])
          if (fact.when === undefined) return leaf
          const scope = scopeOf({ subject, ...(entity === undefined ? {} : { resource: entity }) })
          return conjunction([leaf, carried(run, fact.when, role, scope)])
        })
      }),
    assigned: (run, role, entity, fact, found) => {
      if (found.kind === 'constant' && !found.value) return found
      const edit: Edit = { kind: 'remove', object: entity, relation: role.name, fact, at: role.at }
      return conjunction([found, lasting(run, ['fact', factInput(entity, role.name, fact)], [edit])])
    },
    contained: (run, subject, container, found) => {
      if (found.kind !== 'constant') return found
      const key = ['in', subject.key, container.key]
      if (found.value) return lasting(run, key, wayOut(run, subject, container))
      const fits = run.policy.schema.types.get(subject.type)?.containers.has(container.type) === true
      if (!fits) return found
      const fact: Fact = { subject: { kind: 'entity', entity: container } }
      return possible(run, key, [{ kind: 'add', object: subject, relation: containment, fact }])
    },
  }
}

/** The subject, where it can be assigned the role itself; else what it is in that can. */
function assignees(run: Run, subject: Entity, type: string): readonly Entity[] {
  if (subject.type === type) return [subject]
  const found = [...containersOf(run, subject).certain].filter((key) => key.startsWith(`${type}:`)).sort()
  return found.slice(0, maxContainers).map((key) => ({ kind: 'entity', type, id: key.slice(type.length + 1), key }))
}

/** What leads from the subject to what contains it, each taken away. */
function wayOut(run: Run, subject: Entity, container: Entity): readonly Edit[] {
  const links = run.facts.facts(subject.key, containment).filter((fact) => {
    if (fact.subject.kind !== 'entity' || inForce(fact, run.question.now) !== true) return false
    return containersOf(run, fact.subject.entity).certain.has(container.key)
  })
  return links.map(({ subject: to }) => ({
    kind: 'remove',
    object: subject,
    relation: containment,
    fact: { subject: to },
  }))
}

const given: ReadonlySet<VariableName> = new Set(['context', 'token', 'session', 'now', 'client', 'args'])
const fixed: ReadonlySet<VariableName> = new Set(['tool', 'server', 'prompt'])

/** Whether something that a condition looks at could be otherwise for the same question. */
function mayChange(expr: Expr, scope: Scope): boolean {
  return nodes(expr).some((node) => {
    switch (node.kind) {
      case 'holds':
      case 'contained':
      case 'host-call':
      case 'entities':
        return true
      case 'variable':
        return given.has(node.name)
      case 'field':
      case 'has':
      case 'index':
        return !(node.of.kind === 'variable' && fixed.has(node.of.name))
      case 'local':
        return scope.locals.get(node.name)?.kind === 'context'
      default:
        return false
    }
  })
}
