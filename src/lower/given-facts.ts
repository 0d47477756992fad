import type { EntityInput, FactInput } from '../facts/fact.ts'
import type { FactRejection } from '../facts/load.ts'
import { memoryStore } from '../facts/memory.ts'
import type { FactSchema } from '../facts/schema.ts'
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
  schema: FactSchema,
  report: Report,
  { among = new Map(), excused = () => false }: GivenOptions = {},
): readonly (FactInput | EntityInput)[] {
  if (givens.length === 0) return []
  const written = writtenFacts(givens, schema, report)
  for (const { index, code, message, help, path } of refusals(written, schema, among)) {
    const fact = written[index]
    if (fact === undefined || excused(fact, path)) continue
    report.add(code, (path === undefined ? undefined : fact.attributes?.get(path)) ?? fact.at, message, { help })
  }
  return written.map(({ input }) => input)
}

function refusals(
  written: readonly WrittenFact[],
  schema: FactSchema,
  among: ReadonlyMap<string, readonly (FactInput | EntityInput)[]>,
): readonly FactRejection[] {
  const inputs = written.map(({ input }) => input)
  // Only facts about one entity can conflict, and a test mentions few of those that a policy gives.
  const before = [...new Set(inputs.map(aboutWhom))].flatMap((entity) => among.get(entity) ?? [])
  const refusedBy = (known: FactSchema) => {
    const store = memoryStore(known)
    store.load(before)
    return store.load(inputs)
  }
  // A store has room for each type it knows, and a test mentions few of them. Why something is refused may be said with all others.
  const mentioned = new Set([...before, ...inputs].flatMap(typesIn))
  const types = new Map([...schema.types].filter(([name]) => mentioned.has(name)))
  return refusedBy({ ...schema, types }).length === 0 ? [] : refusedBy(schema)
}

/** The types of the entity that a fact is about, and of its subject. */
function typesIn(fact: FactInput | EntityInput): readonly string[] {
  if (isEntity(fact)) return [fact.type]
  const { subject } = fact
  const other = typeof subject === 'object' && 'entity' in subject ? subject.entity : subject
  const named = [fact.object, typeof other === 'object' && 'any' in other ? other.any : other]
  return named.flatMap((name) =>
    name === undefined ? [] : typeof name === 'string' ? (name.split(':')[0] ?? '') : name.type,
  )
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
