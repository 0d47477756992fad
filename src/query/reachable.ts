import type { Expr } from '../ir/expr.ts'
import type { Effect, Role } from '../ir/program.ts'
import { nodes } from '../ir/walk.ts'
import { usesOf } from '../runtime/mcp-actions.ts'
import type { Policy } from '../runtime/policy.ts'
import type { AskedTarget } from '../runtime/question.ts'

/** What the conditions that a question can come to have to do with whoever asks it. */
export interface Traits {
  /** They look at the token or the session, or at what a caller can go and get: those of one caller say nothing of another. */
  readonly requestBound: boolean
  /** They ask for the permissions of somebody else, for whom no agent acts. */
  readonly judgesOthers: boolean
}

const effects: readonly Effect[] = ['allow', 'deny', 'delegate']

export function traitsOf(policy: Policy, action: string, target: AskedTarget): Traits {
  const conditions = reachable(policy, rootConditions(policy, action, target))
  let requestBound = false
  let judgesOthers = false
  for (const condition of conditions) {
    for (const node of nodes(condition)) {
      if (node.kind === 'obtainable') requestBound = true
      if (node.kind === 'variable' && (node.name === 'token' || node.name === 'session')) requestBound = true
      if (
        node.kind === 'holds' &&
        node.permission &&
        !(node.subject.kind === 'variable' && node.subject.name === 'actor')
      )
        judgesOthers = true
    }
  }
  return { requestBound, judgesOthers }
}

function rootConditions(policy: Policy, action: string, target: AskedTarget): readonly Expr[] {
  // What is listed hangs on what can be done with it.
  const actions = action === 'list' ? [action, ...usesOf(target)] : [action]
  return actions.flatMap((one) =>
    effects.flatMap((effect) => policy.rulesAbout(effect, one, target).map(({ condition }) => condition)),
  )
}

/** With the conditions of all roles and permissions that they depend on, of all lines and whatever facts carry. */
function reachable(policy: Policy, roots: readonly Expr[]): ReadonlySet<Expr> {
  const found = new Set(roots)
  const asked = new Set<string>()
  const add = (condition: Expr | undefined) => {
    if (condition !== undefined) found.add(condition)
  }
  const addRole = (type: string | undefined, name: string) => {
    const lines = policy.roleLines(type, name)
    if (isNew(asked, `${name} of ${type ?? ''}`)) for (const line of lines) addLine(line)
  }
  const addLine = ({ condition, except, assignable }: Role) => {
    add(condition)
    add(except)
    for (const { kind, type, role, when } of assignable) {
      if (kind === 'holders' && role !== undefined) addRole(type, role)
      if (when !== undefined) add(policy.conditions.get(when)?.body)
    }
  }
  // A set hands out what is added while it is walked.
  for (const condition of found) {
    for (const node of nodes(condition)) {
      if (node.kind !== 'holds') continue
      const { relation, permission, types, of } = node
      if (!permission) for (const type of of === undefined ? [undefined] : types) addRole(type, relation)
      else
        for (const type of types)
          if (isNew(asked, `can ${relation} ${type}`))
            for (const effect of effects)
              for (const rule of policy.entityRules(effect, relation, type)) add(rule.condition)
    }
  }
  return found
}

function isNew(asked: Set<string>, what: string): boolean {
  const before = asked.size
  return asked.add(what).size > before
}
