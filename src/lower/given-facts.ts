import type { EntityInput, FactInput } from '../facts/fact.ts'
import { memoryStore } from '../facts/memory.ts'
import { factSchema } from '../facts/schema.ts'
import type { Program } from '../ir/program.ts'
import type { Report } from '../model/report.ts'
import type { Given } from '../syntax/ast.ts'
import { type WrittenFact, writtenFacts } from './given.ts'

export interface GivenOptions {
  /** Facts that hold already. */
  readonly among?: readonly (FactInput | EntityInput)[]
  /** What is wrong with a fact follows from a declaration that did not parse, which has been told. */
  readonly excused?: (fact: WrittenFact, attribute: string | undefined) => boolean
}

/**
 * The facts of `given` statements, each through the door that every fact goes through, so that text and interface let in the
 * same; what is refused is told where it was written.
 */
export function givenFacts(
  givens: readonly Given[],
  program: Program,
  report: Report,
  { among = [], excused = () => false }: GivenOptions = {},
): readonly (FactInput | EntityInput)[] {
  if (givens.length === 0) return []
  const schema = factSchema(program)
  const written = writtenFacts(givens, schema, report)
  const store = memoryStore(schema)
  store.load(among)
  for (const { index, code, message, help, path } of store.load(written.map(({ input }) => input))) {
    const fact = written[index]
    if (fact === undefined || excused(fact, path)) continue
    report.add(code, (path === undefined ? undefined : fact.attributes?.get(path)) ?? fact.at, message, { help })
  }
  return written.map(({ input }) => input)
}
