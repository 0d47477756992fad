import type { EntityInput, EntityName, FactInput } from '../../index.ts'

/** The entities that facts mention, as `Type:id`, each once. */
export function mentioned(facts: readonly (FactInput | EntityInput)[]): readonly string[] {
  const found = new Set<string>()
  const add = (name: EntityName | undefined) => {
    if (name !== undefined) found.add(typeof name === 'string' ? name : `${name.type}:${name.id}`)
  }
  for (const fact of facts) {
    if (!isFact(fact)) {
      add({ type: fact.type, id: fact.id })
      continue
    }
    const { subject } = fact
    add(fact.object)
    if (typeof subject === 'string') add(subject)
    else if ('entity' in subject) add(subject.entity)
    else if ('id' in subject) add(subject)
  }
  return [...found]
}

function isFact(fact: FactInput | EntityInput): fact is FactInput {
  return 'relation' in fact && 'subject' in fact && !('type' in fact)
}

export function typeOf(entity: string): string {
  return entity.slice(0, entity.indexOf(':'))
}
