import { groundAtoms } from '../bodies/body.ts'
import type { Lines } from '../bodies/lines.ts'
import { delegatedRight, ownRight } from '../bodies/lines.ts'
import type { Run } from '../run.ts'
import { solve } from '../solve/solve.ts'
import type { Model } from '../truth.ts'
import { anything, truthOf, unsure } from '../truth.ts'

export type Outcome = 'allow' | 'deny' | 'depends'

export interface Bounds {
  readonly outcome: Outcome
  /** What it is certain of holds for every completion. */
  readonly certain: Model
}

/**
 * What is certain whatever the unknown inputs turn out to be. `deny`: not even if every unknown condition took the value that
 * helps most, at each place where it occurs. `allow`: even if each were an error. What is neither may still be one of both.
 */
export function boundsOf(run: Run, lines: Lines): Bounds {
  groundAtoms(run)
  const { bodies, leaves } = run.system
  const certain = solve(bodies, run.budget, () => unsure)
  if (isAllowed(lines, certain)) return { outcome: 'allow', certain }
  const possible =
    leaves.length > 0 &&
    isAllowed(
      lines,
      solve(bodies, run.budget, () => anything),
    )
  return { outcome: possible ? 'depends' : 'deny', certain }
}

export function isAllowed(lines: Lines, model: Model): boolean {
  return truthOf(ownRight(lines), model).low && truthOf(delegatedRight(lines.agents), model).low
}
