import type { EntityInput, FactInput } from '../../src/index.ts'
import { compile, createEngine, type Engine, type EngineOptions } from '../../src/index.ts'

/** An engine for policy text, which has to be right. `facts` are API facts, or `given` statements. */
export function engine(
  source: string | Readonly<Record<string, string>>,
  facts: Iterable<FactInput | EntityInput> | string = [],
  { functions = {}, backend = 'auto' }: Pick<EngineOptions, 'functions' | 'backend'> = {},
): Engine {
  const { policy, diagnostics } = compile(source)
  if (policy === undefined) throw new Error(diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n'))
  const made = createEngine(policy, { functions, backend, facts: typeof facts === 'string' ? [] : facts })
  const refused = typeof facts === 'string' ? made.facts.parse(facts) : []
  if (refused.length > 0) throw new Error(refused.map(({ message }) => message).join('\n'))
  return made
}

/** What the checker says of policy text, by code. */
export function codesOf(source: string): readonly string[] {
  return compile(source)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code }) => code)
}
