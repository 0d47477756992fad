import type { Facts } from '../facts/store.ts'
import { notLocked } from '../runtime/asked-target.ts'
import { delegatedRight, ownRight } from '../runtime/bodies/lines.ts'
import { solved } from '../runtime/decide.ts'
import type { Decision } from '../runtime/decision.ts'
import type { Evaluator } from '../runtime/evaluator.ts'
import { conjunction } from '../runtime/formula.ts'
import { guarded } from '../runtime/guarded.ts'
import type { RequestInput } from '../runtime/normalise.ts'
import type { AskedTarget, Question } from '../runtime/question.ts'
import { rootLines } from '../runtime/root.ts'
import { describeEntity } from '../value/describe.ts'
import { isError } from '../value/evaluation-error.ts'
import { claimsOf } from './claims.ts'
import type { ProofNode } from './proof.ts'
import { proved } from './proof.ts'

export interface Explanation {
  readonly decision: Decision
  readonly proof: ProofNode
}

/** The decision with its proof tree: every rule that concerns the request, and what it hangs on. Never throws. */
export function explain(evaluator: Evaluator, request: RequestInput, facts: Facts): Explanation {
  const decision = evaluator.decide(request, facts)
  const bare = (text: string): Explanation => ({ decision, proof: bareProof(text, decision) })
  return guarded(
    () => {
      const run = evaluator.begin(request, facts, 'decide')
      if (isError(run)) return bare('the request')
      const text = questionText(run.question)
      const { action, target } = run.question
      // Whether an item is shown is decided by what is possible, of which there is no proof.
      if (notLocked(run.policy, target) !== undefined || (action === 'list' && target.kind !== 'entity'))
        return bare(text)
      const lines = rootLines(run)
      const formula = conjunction([ownRight(lines), delegatedRight(lines.agents)])
      const claim = { text, formula, children: claimsOf(run) }
      // Only now, since claims look at what the decision did not have to.
      return { decision, proof: proved(claim, solved(run)) }
    },
    () => bare('the request'),
  )
}

/** Where no rule was asked: the errors are the whole explanation. */
function bareProof(text: string, { allowed, errors }: Decision): ProofNode {
  const truth = allowed ? 'true' : 'false'
  return {
    text,
    truth,
    children: errors.map(({ message }) => ({
      text: 'it is not as it has to be',
      truth: 'error',
      error: message,
      children: [],
    })),
  }
}

function questionText({ actor, agents, action, target }: Question): string {
  const via = agents.length === 0 ? '' : ` via ${agents.map(describeEntity).join(', ')}`
  return `${describeEntity(actor)}${via} can ${action} ${targetText(target)}`
}

function targetText(target: AskedTarget): string {
  switch (target.kind) {
    case 'entity':
      return describeEntity(target.entity)
    case 'tool':
    case 'prompt':
      return `${target.name} on ${target.server}`
    case 'resource':
      return `"${target.uri}" on ${target.server}`
    case 'template':
      return `"${target.text}" on ${target.server}`
    case 'server':
      return target.server
  }
}
