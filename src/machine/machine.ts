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
import { decide } from './decide.ts'
import { erring } from './doubt.ts'
import { unboxed } from './entity.ts'
import type { Link } from './linked.ts'
import { begin, type Registers } from './registers.ts'

export interface Machine {
  decide(question: Question): Decision
}

export function createMachine(
  link: Link,
  policy: Policy,
  table: Table,
  functions: HostFunctions,
  limits: Limits = maximum,
): Machine {
  const r: Registers = {
    policy,
    table,
    functions,
    builtins: createBuiltins(),
    limits,
    actor: '',
    agents: [],
    now: 0,
    inputs: new Map(),
    token: undefined,
    context: undefined,
    args: undefined,
    approvals: [],
    confirmed: false,
    leaf: erring,
    tracing: false,
    fuel: 0,
    atoms: 0,
    memo: undefined,
    turn: 0,
  }
  const linked = link(r)

  function enter({ actor, agents, now, approvals, confirmed, inputs }: Question): void {
    r.actor = unboxed(r, actor)
    r.agents = agents.map((agent) => unboxed(r, agent))
    r.now = now === unknown ? 0 : now
    r.approvals = approvals === unknown ? unknown : approvals.map((approver) => unboxed(r, approver))
    r.confirmed = confirmed
    r.inputs = inputs as Registers['inputs']
    r.token = rawOf(inputs.get('token'))
    r.context = rawOf(inputs.get('context'))
    r.args = rawOf(inputs.get('args'))
    r.leaf = erring
    begin(r)
  }

  return {
    decide: (question) =>
      guarded(() => {
        enter(question)
        return decide(r, linked, question)
      }, failure),
  }
}

/** Records of a request are objects from outside; only those of the policy itself are maps. */
function rawOf(input: unknown): Registers['args'] {
  if (input === unknown) return unknown
  return typeof input === 'object' && input !== null && 'raw' in input ? (input.raw as Registers['args']) : undefined
}
