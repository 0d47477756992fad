import type { FactInput } from '../../../../src/index.ts'
import type { Draw } from '../drawn.ts'
import type { Write } from '../wide/facts.ts'
import { now } from '../wide/world.ts'

const users = ['User:u0', 'User:u1', 'User:u2', 'User:u3'] as const
const docs = ['Doc:d0', 'Doc:d1', 'Doc:d2', 'Doc:d3'] as const

function factOf(draw: Draw): FactInput {
  const until = draw.of([undefined, undefined, now - 1, now, now + 1])
  const ends = until === undefined ? {} : { until }
  const user = draw.of(users)
  const doc = draw.of(docs)
  return draw.of<FactInput>([
    { object: user, relation: 'in', subject: 'Team:t0', ...ends },
    { object: 'Team:t0', relation: 'in', subject: draw.of(['Team:t1', 'Team:t0']), ...ends },
    { object: 'Team:t0', relation: 'member', subject: draw.of([user, 'Team:t1']), ...ends },
    { object: doc, relation: 'keeper', subject: draw.of([user, { entity: 'Team:t0', role: 'member' }]), ...ends },
    { object: doc, relation: 'viewer', subject: draw.of([user, { any: 'User' }]), ...ends },
    { object: draw.of(['Folder:f0', 'Folder:f1']), relation: 'keeper', subject: draw.of([user, 'Team:t0']), ...ends },
    { relation: 'employee', subject: draw.of([user, 'Team:t0', 'Team:t1']), ...ends },
  ])
}

/** A change of the facts of this world. */
export function writeOf(draw: Draw): Write {
  const kind = draw.int(10)
  if (kind < 4) return { do: 'add', fact: factOf(draw) }
  if (kind < 7) {
    const { until: _, ...fact } = factOf(draw)
    return { do: 'remove', fact }
  }
  if (kind < 8) return { do: 'delete', name: draw.of([...users, ...docs, 'Team:t0', 'Folder:f1']) }
  if (draw.chance(50)) {
    const suspended = draw.chance(50)
    return {
      do: 'put',
      entity: { type: 'User', id: draw.of(users).slice(5), level: draw.int(3), suspended, in: draw.some(['Team:t0']) },
    }
  }
  const tags = draw.some(['a', 'b'])
  return {
    do: 'put',
    entity: { type: 'Doc', id: draw.of(docs).slice(4), size: draw.int(4), tags, secret: draw.of([true, null]) },
  }
}
