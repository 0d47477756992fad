import { groundAtoms } from '../bodies/body.ts'
import type { Lines } from '../bodies/lines.ts'
import { delegatedRight, ownRight } from '../bodies/lines.ts'
import type { Run } from '../run.ts'
import { solve } from '../solve/solve.ts'
import type { Model, Truth } from '../truth.ts'
import { anything, truthOf, unsure } from '../truth.ts'

export type Outcome = 'allow' | 'deny' | 'depends'

/**
 * What is certain whatever the unknown inputs turn out to be. `deny`: not even if every unknown condition took the value that
 * helps most, at each place where it occurs. `allow`: even if each were an error. What is neither may still be one of both.
 */
export function outcomeOf(run: Run, lines: Lines): Outcome {
  groundAtoms(run)
  const allowed = (leaf: Truth): boolean => {
    const model: Model = solve(run.system.bodies, run.budget, () => leaf)
    return truthOf(ownRight(lines), model).low && truthOf(delegatedRight(lines.agents), model).low
  }
  if (allowed(unsure)) return 'allow'
  return run.system.leaves.length > 0 && allowed(anything) ? 'depends' : 'deny'
}
