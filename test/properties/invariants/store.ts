import fc from 'fast-check'
import { expect } from 'vitest'
import { drawn, shorter } from '../generate/drawn.ts'
import { agentFacts, facts, policies } from '../generate/entry/world.ts'
import { writeOf } from '../generate/entry/writes.ts'
import type { Write } from '../generate/wide/facts.ts'
import { now } from '../generate/wide/world.ts'
import type { Licet } from '../licet.ts'
import type { Invariant } from './invariant.ts'

const times = [now - 2, now - 1, now, now + 1, now + 2, Number.POSITIVE_INFINITY]
const keys = [
  ...[0, 1, 2, 3].flatMap((n) => [`User:u${n}`, `Doc:d${n}`]),
  ...[0, 1].flatMap((n) => [`Team:t${n}`, `Folder:f${n}`, `Agent:a${n}`]),
]

type Store = ReturnType<Licet['parts']['memoryStore']>

/** Who is known, and who is in whom, at every time, as emitted code reads it. */
function seen({ table, deciding }: Store): readonly string[] {
  const number = (key: string) => table.ids.get(key) ?? -1
  return deciding(() =>
    keys.flatMap((key) =>
      times.map((at) => {
        const containers =
          number(key) < 0
            ? []
            : keys.filter(
                (other) => other !== key && number(other) >= 0 && table.isWithin(number(key), number(other), at),
              )
        return `${key} at ${at}: ${number(key) >= 0 && table.known(number(key), at) ? 'known' : 'unknown'}, in ${containers}`
      }),
    ),
  )
}

export const store: Invariant = {
  number: 15,
  title: 'a store that has been written to is as one that has its facts from the start',
  runs: 60,
  property: ({ parts: { memoryStore, createEvaluator } }) => {
    const policy = policies[1]
    if (policy === undefined) throw new RangeError('no such policy')
    const { schema } = createEvaluator(policy.program).policy
    const writes = drawn<readonly Write[]>((draw) => draw.times(1, 40, () => writeOf(draw)), shorter)
    return fc.property(writes, (all) => {
      const used = memoryStore(schema, policy.facts)
      used.load([...facts, ...agentFacts])
      for (const write of all) {
        if (write.do === 'put') used.put(write.entity)
        else if (write.do === 'delete') used.delete(write.name)
        else used[write.do](write.fact)
        // What is looked at is remembered.
        seen(used)
      }
      const fresh = memoryStore(schema, policy.facts)
      fresh.load(used.dump())
      expect(seen(used)).toEqual(seen(fresh))
    })
  },
}
