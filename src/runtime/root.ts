import type { Effect, Rule } from '../ir/program.ts'
import type { Entity } from '../value/value.ts'
import { agentLines, lineOf, ownLines, withAgent, withoutAgent } from './bodies/body.ts'
import type { Line, Lines } from './bodies/lines.ts'
import type { Formula } from './formula.ts'
import { conjunction, disjunction } from './formula.ts'
import { ground } from './interpret.ts'
import { itemMatches } from './item-match.ts'
import type { AskedTarget } from './question.ts'
import type { Run } from './run.ts'
import type { Names } from './scope.ts'
import { scopeOf } from './scope.ts'
import { demandLeaf } from './system.ts'

/** What a question hangs on: the lines of all rules that concern its action and target. */
export function rootLines(run: Run, action = run.question.action): Lines {
  const { actor: subject, agents, target } = run.question
  if (target.kind === 'entity') {
    return {
      ...ownLines(run, action, target.entity, subject),
      agents: agents.map((agent) => agentLines(run, action, target.entity, subject, agent)),
    }
  }
  const rules = (effect: Effect) => run.policy.itemRules(effect, action, target.server)
  const of = (some: readonly Rule[], agent?: Entity) =>
    itemLines(run, some, target, { subject, action, ...(agent === undefined ? {} : { agent }) })
  return {
    allow: of(rules('allow')),
    deny: of(withoutAgent(rules('deny'))),
    agents: agents.map((agent) => ({
      agent,
      delegate: of(rules('delegate'), agent),
      deny: of(withAgent(rules('deny')), agent),
    })),
  }
}

type Item = Exclude<AskedTarget, { readonly kind: 'entity' }>

function itemLines(
  run: Run,
  rules: readonly Rule[],
  item: Item,
  names: Names & { readonly action: string },
): readonly Line[] {
  return rules.flatMap((rule) => {
    const matches = itemMatches(rule.target, names.action, item)
    if (matches.length === 0) return []
    const conditions = matches.map(({ locals, open }): Formula => {
      const condition = ground(run, rule.condition, scopeOf(names, locals))
      return open === undefined
        ? condition
        : conjunction([demandLeaf(run.system, { kind: 'uri', template: open }), condition])
    })
    return [lineOf(run, rule, disjunction(conditions))]
  })
}
