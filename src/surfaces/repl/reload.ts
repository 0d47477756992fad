import { createEngine, questionsAbout } from '../../index.ts'
import { type Answer, followed, type Line, styled, told, wrong } from './answer.ts'
import { decisionChanges } from './changes.ts'
import type { Host } from './host.ts'
import { rebuild, type State } from './state.ts'
import { run, testChanges } from './tests.ts'

/**
 * Reads the files again, or those of another policy, and tells what is different: tests that pass or fail now, decisions asked before.
 * What is wrong leaves everything as it was.
 */
export async function reloaded(state: State, host: Host, paths?: readonly string[]): Promise<Answer> {
  const loaded = await host.load(paths)
  const { policy, facts, functions, diagnostics, sources } = loaded
  if (policy === undefined) return wrong(diagnostics, sources)
  const before = run(state.policy, state.functions)
  const after = run(policy, functions)
  // Before anything of the state changes: what is declared and not given throws.
  createEngine(policy, { functions })
  state.policy = policy
  state.read = questionsAbout(policy)
  state.facts = facts
  state.functions = functions
  const refused = rebuild(state)
  const tests = testChanges(before, after, policy)
  const decisions = decisionChanges(state)
  const more = told(
    {},
    ...refused.map(({ message }): Line => [styled('doubtful', 'no longer allowed'), `: ${message}`]),
    ...decisions.lines,
  )
  const warnings: Answer = { ...told({}), diagnostics, sources }
  const first = told({ kind: 'reload', ...tests.json, changed: decisions.json }, [styled('faint', 'loaded')])
  return followed(first, tests, more, warnings)
}
