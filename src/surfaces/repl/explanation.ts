import { type Engine, type Explanation, printExplanation } from '../../index.ts'
import type { Line } from './answer.ts'
import { environment, type Request } from './asked.ts'

/** Why a request is decided as it is. The one place of the session that asks for it: for `why`, `why not` and `:trace`. */
export function explain(engine: Engine, { by, inputs, action, target }: Request): Explanation {
  return engine.explain(by.actor, action, target, environment(inputs, by))
}

/** As `licet explain` prints it. */
export function explanationLines(explanation: Explanation, { policy }: Engine): readonly Line[] {
  const { sources } = policy
  const colored = printExplanation(explanation, { sources, color: true }).split('\n')
  return printExplanation(explanation, { sources })
    .split('\n')
    .map((plain, i) => [{ plain, colored: colored[i] ?? plain }])
}
