import type { Ent } from '../facts/table.ts'
import type { HeldRoles } from './held-roles.ts'
import { allowed, forbidden, lacking, notDelegated, unusual, type Verdict } from './linked.ts'
import type { Raw, Registers } from './registers.ts'

/** What agents leave of what the actor may do, by the verdict of the group on one of them. */

/** Of what the actor may do itself. */
export function canThrough(
  { can, k }: Verdict,
  agents: readonly Ent[],
  actor: Ent,
  name: string | undefined,
  entity: Ent | undefined,
  token: Raw,
  context: Raw,
  args: Raw,
  session: HeldRoles | undefined,
): number {
  for (let i = 0; i < agents.length; i++) {
    const one = can(actor, name, entity, agents[i], token, context, args, session, k)
    if (one !== allowed) return one
  }
  return allowed
}

/** `told`: of the actor itself, with its rules in the registers. */
export function tellThrough(
  r: Registers,
  told: number,
  { tell, k }: Verdict,
  agents: readonly Ent[],
  actor: Ent,
  name: string | undefined,
  entity: Ent | undefined,
  token: Raw,
  context: Raw,
  args: Raw,
  session: HeldRoles | undefined,
): number {
  let all = told
  for (let i = 0; i < agents.length; i++) {
    const { granting, hitCount } = r
    const one = tell(actor, name, entity, agents[i], token, context, args, session, k)
    if (one === unusual) return unusual
    all = both(r, all, one, granting, hitCount)
  }
  return all
}

/** Leaves the rules that decide; those of the agent begin at `end`, and what forbids among the others at `granting`. */
function both(r: Registers, told: number, one: number, granting: number, end: number): number {
  const lacks = (told | one) & lacking
  if ((told & 3) === forbidden || (one & 3) === forbidden) {
    r.hitCount = moved(r, r.granting, r.hitCount, moved(r, granting, end, 0))
    r.granting = 0
    return forbidden | lacks
  }
  if ((told & 3) === allowed && (one & 3) === allowed) {
    r.hitCount = r.granting = moved(r, end, r.hitCount, end)
    return allowed | lacks
  }
  r.hitCount = r.granting = 0
  return ((told & 3) === allowed ? notDelegated : told & notDelegated) | lacks
}

/** Adds rules to the first so many, each once: two agents may owe their delegation to one rule. */
function moved({ hits }: Registers, from: number, to: number, count: number): number {
  let end = count
  for (let i = from; i < to; i++) {
    const rule = hits[i] ?? 0
    let at = 0
    while (at < end && hits[at] !== rule) at++
    if (at === end) hits[end++] = rule
  }
  return end
}
