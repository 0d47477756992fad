import type { Span } from '../base/source.ts'
import type { Effect } from '../ir/program.ts'
import { isUnsure } from '../runtime/combine.ts'
import type { Formula } from '../runtime/formula.ts'
import type { Model } from '../runtime/truth.ts'
import { truthOf } from '../runtime/truth.ts'

/** Why a decision came out as it did: a tree whose nodes have the values that the decision gave them. */
export interface ProofNode {
  /** What is claimed, in the policy's notation. */
  readonly text: string
  readonly truth: 'true' | 'false' | 'error'
  /** The rule that this is the condition of. */
  readonly rule?: string
  readonly effect?: Effect
  readonly doc?: string
  readonly at?: Span
  /** What went wrong here. */
  readonly error?: string
  /** What the condition looked at and what it was, both in the policy's notation and cut short; what could not be told is left out. */
  readonly values?: readonly { readonly text: string; readonly value: string }[]
  /** Not looked into again: it stands above, or it is being asked for its own sake (`cycle`). */
  readonly repeated?: 'above' | 'cycle'
  readonly children: readonly ProofNode[]
}

/** A node before anything is solved. */
export interface Claim extends Omit<ProofNode, 'truth' | 'children' | 'error'> {
  readonly formula: Formula
  readonly children: readonly Claim[]
  /** Told only where it is not false: one of many facts. */
  readonly minor?: boolean
  /** The first child chooses between the others: where it is an error, that is all there is to tell. */
  readonly chooses?: boolean
}

export function proved(claim: Claim, model: Model): ProofNode {
  const { formula, children, minor: _, chooses, ...rest } = claim
  const { low, high } = truthOf(formula, model)
  const [first] = children
  const isOpen = chooses === true && first !== undefined && isUnsure(first.formula, model)
  const parts = (isOpen ? [first] : children)
    .filter((child) => child.minor !== true || truthOf(child.formula, model).high)
    .map((child) => proved(child, model))
  // An error is told where it arose.
  const isOrigin = formula.kind === 'error' && parts.every(({ truth }) => truth !== 'error')
  return {
    ...rest,
    truth: low ? 'true' : high ? 'error' : 'false',
    ...(isOrigin ? { error: formula.error.message } : {}),
    children: parts,
  }
}
