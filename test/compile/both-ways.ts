import { expect } from 'vitest'
import { compile, createEngine, type Engine, type EngineOptions } from '../../src/index.ts'

type Facts = Parameters<Engine['facts']['load']>[0]
type Decision = ReturnType<Engine['authorize']>

/** An engine by emitted code and one by the interpreter, for the same policy and facts. */
export function bothWays(source: string, facts: Facts = []) {
  const { policy, diagnostics } = compile(source)
  if (policy === undefined) throw new Error(diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n'))
  const given = [...facts]
  const make = (backend: EngineOptions['backend'] & string) => {
    const engine = createEngine(policy, { backend })
    expect(engine.facts.load(given)).toEqual([])
    return engine
  }
  const [compiled, interpreted] = [make('compiled'), make('interpreted')]
  return {
    compiled,
    interpreted,
    /** The decision, which both have to agree on in every word. */
    decide: (...request: Parameters<Engine['authorize']>): Decision => {
      const decision = compiled.authorize(...request)
      expect(decision).toEqual(interpreted.authorize(...request))
      expect(compiled.can(...request)).toBe(decision.allowed)
      return decision
    },
  }
}
