import type { EntityInput, FactInput } from '../facts/fact.ts'
import { memoryStore } from '../facts/memory.ts'
import { factSchema } from '../facts/schema.ts'
import type { Program } from '../ir/program.ts'
import type { Report } from '../model/report.ts'
import type { Given } from '../syntax/ast.ts'
import { type WrittenFact, writtenFacts } from './given.ts'

export interface GivenOptions {
  /** Facts that hold already, by the entity that they are about. */
  readonly among?: ReadonlyMap<string, readonly (FactInput | EntityInput)[]>
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
  { among = new Map(), excused = () => false }: GivenOptions = {},
): readonly (FactInput | EntityInput)[] {
  if (givens.length === 0) return []
  const schema = factSchema(program)
  const written = writtenFacts(givens, schema, report)
  const store = memoryStore(schema)
  // Only facts about one entity can conflict, and a test mentions few of those that a policy gives.
  for (const entity of new Set(written.map(({ input }) => aboutWhom(input)))) store.load(among.get(entity) ?? [])
  for (const { index, code, message, help, path } of store.load(written.map(({ input }) => input))) {
    const fact = written[index]
    if (fact === undefined || excused(fact, path)) continue
    report.add(code, (path === undefined ? undefined : fact.attributes?.get(path)) ?? fact.at, message, { help })
  }
  return written.map(({ input }) => input)
}

/** Facts by the entity that they are about. */
export function byEntity(
  facts: readonly (FactInput | EntityInput)[],
): ReadonlyMap<string, readonly (FactInput | EntityInput)[]> {
  const grouped = new Map<string, (FactInput | EntityInput)[]>()
  for (const fact of facts) {
    const entity = aboutWhom(fact)
    const same = grouped.get(entity)
    if (same === undefined) grouped.set(entity, [fact])
    else same.push(fact)
  }
  return grouped
}

/** `Type:id`; empty for the fact of a global role. */
function aboutWhom(fact: FactInput | EntityInput): string {
  const name = isEntity(fact) ? fact : fact.object
  if (name === undefined) return ''
  return typeof name === 'string' ? name : `${name.type}:${name.id}`
}

function isEntity(fact: FactInput | EntityInput): fact is EntityInput {
  return 'type' in fact
}
