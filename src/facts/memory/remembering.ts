import type { Fact, Facts } from '../store.ts'

/** From how many facts on a list is remembered, and up to how many in all. */
const long = 256
const most = 1 << 18

/** Long lists of facts that never change, made only once as long as they are few. */
export function remembering(ask: Facts['facts']): Facts['facts'] {
  const lists = new Map<string, readonly Fact[]>()
  let count = 0
  return (key, relation) => {
    // A relation's name has no space in it.
    const question = `${relation} ${key}`
    const known = lists.get(question)
    if (known !== undefined) return known
    const facts = ask(key, relation)
    if (facts.length < long) return facts
    if (count + facts.length > most) {
      lists.clear()
      count = 0
    }
    lists.set(question, facts)
    count += facts.length
    return facts
  }
}
