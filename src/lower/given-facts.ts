import type { EntityInput, FactInput } from '../facts/fact.ts'
import { memoryStore } from '../facts/memory.ts'
import { factSchema } from '../facts/schema.ts'
import type { Program } from '../ir/program.ts'
import type { Report } from '../model/report.ts'
import type { Given } from '../syntax/ast.ts'
import { writtenFacts } from './given.ts'

/**
 * The facts of `given` statements, each through the door that every fact goes through, so that text and interface let in the
 * same; what is refused is told where it was written. `among`: facts that hold already.
 */
export function givenFacts(
  givens: readonly Given[],
  program: Program,
  report: Report,
  among: readonly (FactInput | EntityInput)[] = [],
): readonly (FactInput | EntityInput)[] {
  const written = writtenFacts(givens, program, report)
  if (written.length === 0) return []
  const store = memoryStore(factSchema(program))
  store.load(among)
  for (const { index, code, message, help, path } of store.load(written.map(({ input }) => input))) {
    const fact = written[index]
    if (fact === undefined) continue
    report.add(code, (path === undefined ? undefined : fact.attributes?.get(path)) ?? fact.at, message, { help })
  }
  return written.map(({ input }) => input)
}
