import type { Decision, MissingFact } from '../../../index.ts'
import { toldSet } from '../protocol/denial.ts'
import type { ExactCall } from '../stores/approvals.ts'
import type { AskedStores } from '../stores/stores.ts'
import type { Held } from './continuation.ts'

interface Approved {
  readonly decision: Decision
  /** What the decision rests on. */
  readonly having: Held
  /** The request whose approval has to be used up first. */
  readonly used?: string
}

/**
 * Decides once more with what has been granted for a denied call, where that could help. Those who have granted are judged again by the
 * engine, so that who no longer holds the role counts for nothing. What the actor has granted is a confirmation, and never an approval.
 *
 * @param call undefined where nothing can be granted
 */
export async function approving(
  stores: AskedStores,
  call: ExactCall | undefined,
  first: Decision,
  held: Held,
  decide: (having: Held) => Decision,
): Promise<Approved> {
  const denied: Approved = { decision: first, having: held }
  if (call === undefined || first.allowed || !first.missing.sets.flat().some(isGrantable)) return denied
  const granted = await stores.granted(call)
  if (granted === undefined || granted.by.length === 0) return denied
  const having: Held = {
    approvals: [...held.approvals, ...granted.by.filter((by) => by !== call.actor)],
    confirmed: held.confirmed || granted.by.includes(call.actor),
  }
  return { decision: decide(having), having, used: granted.id }
}

/** Whether the user alone can make the difference. */
export function wantsOnlyConfirmation({ missing }: Decision): boolean {
  return missing.sets.some((set) => set.length === 1 && set[0]?.kind === 'confirmed')
}

/**
 * Asks the store for what a denied call is told to take, where that is an approval.
 *
 * @param by where the user is asked through the client, the store is not asked for that
 * @returns the id under which the call waits
 */
export async function requestApproval(
  stores: AskedStores,
  call: ExactCall,
  decision: Decision,
  by: 'store' | 'client' | undefined,
): Promise<string | undefined> {
  const needs = toldSet(decision)
    .filter((fact) => fact.kind === 'approved' || (fact.kind === 'confirmed' && by === 'store'))
    .map(printed)
  return needs.length === 0 || !stores.canApprove ? undefined : await stores.request(call, needs)
}

function isGrantable({ kind }: MissingFact): boolean {
  return kind === 'approved' || kind === 'confirmed'
}

function printed(fact: MissingFact): string {
  if (fact.kind !== 'approved') return 'confirmed()'
  return `approvedBy(${fact.of}${fact.count === 1 ? '' : `, ${fact.count}`})`
}
