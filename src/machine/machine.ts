import type { Table } from '../facts/table.ts'
import type { Limits } from '../runtime/budget.ts'
import { maximum } from '../runtime/budget.ts'
import { createBuiltins } from '../runtime/builtins/registry.ts'
import { unknown } from '../runtime/cases.ts'
import type { Decision } from '../runtime/decision.ts'
import { failure } from '../runtime/denial.ts'
import { guarded } from '../runtime/evaluator.ts'
import type { HostFunctions } from '../runtime/host-call.ts'
import type { Policy } from '../runtime/policy.ts'
import type { Question } from '../runtime/question.ts'
import { decide, type Decider, isGranted } from './decide.ts'
import { erring } from './doubt.ts'
import { unboxed } from './entity.ts'
import { newGroups } from './group.ts'
import type { Linked } from './linked.ts'
import { begin, newRegisters, type Raw, type Registers } from './registers.ts'

export interface Machine {
  decide(question: Question): Decision
  can(question: Question): boolean
}

export function createMachine(
  link: (r: Registers) => Linked,
  policy: Policy,
  table: Table,
  functions: HostFunctions,
  limits: Limits = maximum,
): Machine {
  const r = newRegisters({ policy, table, functions, builtins: createBuiltins(), limits })
  const linked = link(r)
  const told = policy.program.rules.map(({ id, doc }) => (doc === undefined ? { id } : { id, doc }))
  const decider: Decider = { r, linked, groups: newGroups(policy, linked), told }

  return {
    decide: (question) =>
      guarded(() => {
        enter(r, question)
        return decide(decider, question)
      }, failure),
    can: (question) =>
      guarded(() => {
        enter(r, question)
        return isGranted(decider, question)
      }, () => false),
  }
}

/** Puts a question into the registers. */
export function enter(r: Registers, question: Question): void {
  const { actor, agents, target, now, approvals, confirmed, inputs } = question
  r.actor = unboxed(r, actor)
  r.agents = agents.map((agent) => unboxed(r, agent))
  r.now = now === unknown ? 0 : now
  r.token = rawOf(inputs.get('token')) ?? none
  r.context = rawOf(inputs.get('context')) ?? none
  r.args = rawOf(inputs.get('args'))
  r.client = rawOf(inputs.get('client'))
  const session = inputs.get('session')
  r.session = typeof session === 'symbol' ? undefined : session
  r.server = target.kind === 'entity' ? undefined : target.server
  r.tool = target.kind === 'tool' ? target.tool : undefined
  r.prompt = target.kind === 'prompt' ? target.name : undefined
  r.uri = target.kind === 'resource' ? target.uri : target.kind === 'template' ? unknown : undefined
  r.approvals = approvals === unknown ? unknown : approvals.map((approver) => unboxed(r, approver))
  r.confirmed = confirmed
  r.leaf = erring
  begin(r)
}

const none: Raw = Object.freeze({})

/** Records of a request are objects from outside; only those of the policy itself are maps. */
function rawOf(input: unknown): Raw | undefined {
  return typeof input === 'object' && input !== null && 'raw' in input ? (input.raw as Raw) : undefined
}
