import { unknown } from '../runtime/cases.ts'
import type { Question } from '../runtime/question.ts'
import { erring } from './doubt.ts'
import { unboxed } from './entity.ts'
import { forgetRoles } from './held-roles.ts'
import { none } from './raw.ts'
import { begin, type Raw, type Registers } from './registers.ts'

/** Puts a question that has been checked into the registers. */
export function enter(r: Registers, question: Question): void {
  const { actor, agents, target, now, approvals, confirmed, inputs } = question
  forgetRoles(r)
  r.actor = unboxed(r, actor)
  r.agents = agents.map((agent) => unboxed(r, agent))
  r.time = now === unknown ? 0 : now
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

/** Records of a request are objects from outside; only those of the policy itself are maps. */
function rawOf(input: unknown): Raw | undefined {
  return typeof input === 'object' && input !== null && 'raw' in input ? (input.raw as Raw) : undefined
}
