import { matchUri } from '../../ir/uri-template.ts'
import { anonymous, entity } from '../../value/entity.ts'
import { evaluationError } from '../../value/evaluation-error.ts'
import type { Entity } from '../../value/value.ts'
import type { Line, Lines } from '../bodies/lines.ts'
import type { Formula } from '../formula.ts'
import { always, failed, never } from '../formula.ts'
import { ground } from '../interpret.ts'
import type { Run } from '../run.ts'
import type { Binding, Scope } from '../scope.ts'
import { scopeOf } from '../scope.ts'
import { demandAtom } from '../system.ts'
import type { EntityParts, Residual, ResidualBinding, ResidualLeaf, ResidualLine } from './residual.ts'
import type { WireFormula } from './wire-formula.ts'
import { fromWireFormula } from './wire-formula.ts'
import { fromWire } from './wire-value.ts'

/** Puts the inputs of a complete request into a residual: its atoms into the run's system, and its lines. */
export function complete(run: Run, residual: Residual): Lines {
  const atoms = residual.atoms.map(({ kind, relation, entity: of, subject }) =>
    demandAtom(
      run.system,
      { kind, relation, subject: entityOf(subject), ...(of === undefined ? {} : { entity: entityOf(of) }) },
      run.budget,
    ),
  )
  const leaves = residual.leaves.map((leaf) => leafFormula(run, leaf))
  const completed = (formula: WireFormula): Formula =>
    fromWireFormula(formula, {
      atom: (atom) => atoms[atom] ?? damaged(),
      leaf: (leaf) => leaves[leaf] ?? damaged(),
    })
  // The residual's atoms come first, so that their bodies do; leaves may have reached more, which are looked into afterwards.
  for (const { body } of residual.atoms) run.system.bodies.push(completed(body))
  const rules = new Map(run.policy.program.rules.map((rule) => [rule.id, rule]))
  const lines = (some: readonly ResidualLine[]): readonly Line[] =>
    some.flatMap(({ rule: id, condition }) => {
      const rule = rules.get(id)
      return rule === undefined ? [] : [{ rule, condition: completed(condition) }]
    })
  return {
    allow: lines(residual.allow),
    deny: lines(residual.deny),
    agents: residual.agents.map(({ agent, delegate, deny }) => ({
      agent: entityOf(agent),
      delegate: lines(delegate),
      deny: lines(deny),
    })),
  }
}

function leafFormula(run: Run, leaf: ResidualLeaf): Formula {
  if (leaf.kind === 'condition') return ground(run, leaf.expr, leafScope(leaf))
  const uri = run.question.inputs.get('uri')
  return typeof uri === 'string' && matchUri(leaf.template, uri) !== undefined ? always : never
}

function leafScope(leaf: Extract<ResidualLeaf, { kind: 'condition' }>): Scope {
  const { subject, resource, agent, action, locals } = leaf
  return scopeOf(
    {
      subject: entityOf(subject),
      ...(resource === undefined ? {} : { resource: entityOf(resource) }),
      ...(agent === undefined ? {} : { agent: entityOf(agent) }),
      ...(action === undefined ? {} : { action }),
    },
    new Map(locals.flatMap(([name, binding]) => bindingOf(name, binding))),
  )
}

/** One that cannot be read is left out: reading it is then an error. */
function bindingOf(name: string, binding: ResidualBinding): readonly (readonly [string, Binding])[] {
  if (binding.kind !== 'value') return [[name, binding]]
  const value = fromWire(binding.value)
  return value === undefined ? [] : [[name, { kind: 'value', value }]]
}

function entityOf({ type, id }: EntityParts): Entity {
  return type === '' ? anonymous : entity(type, id)
}

function damaged(): Formula {
  return failed(evaluationError('bad-request', 'a residual that refers to what it does not have'))
}
