import type { AppliedLimit } from '../../../index.ts'
import { createAsking, StoreFailure } from './answering.ts'
import type { ApprovalStore, ExactCall, Granted } from './approvals.ts'
import { type LabelStore, memoryLabels } from './labels.ts'
import { type LimitStore, memoryLimits } from './limits.ts'
import { memoryApprovals } from './memory-approvals.ts'

/** Where a guard keeps what outlives a request. What is left out is kept in memory, for as long as the guard lives. */
export interface Stores {
  readonly limits?: LimitStore
  readonly labels?: LabelStore
  /** Without it nobody can be asked for an approval. */
  readonly approvals?: ApprovalStore
  /** Milliseconds that a store has to answer; 2000 when left out. Past it, what depends on the store is denied. */
  readonly patience?: number
}

/** The stores of a guard. Each may throw a `StoreFailure`. */
export interface AskedStores {
  /** Whether somebody can grant what is asked for. */
  readonly canApprove: boolean
  reserve(limits: readonly AppliedLimit[], caller: string | undefined): Promise<number | undefined>
  labels(session: string): Promise<Set<string>>
  label(session: string, labels: readonly string[]): Promise<void>
  request(call: ExactCall, needs: readonly string[]): Promise<string | undefined>
  granted(call: ExactCall): Promise<Granted | undefined>
  consume(id: string): Promise<boolean>
  hold(call: ExactCall, text: string): Promise<string | undefined>
  take(call: ExactCall, handle: string): Promise<string | undefined>
}

export function askedStores(stores: Stores): AskedStores {
  const { limits = memoryLimits(), labels = memoryLabels(), approvals = memoryApprovals(), patience = 2000 } = stores
  const askLimits = createAsking(patience)
  const askLabels = createAsking(patience)
  const askApprovals = createAsking(patience)
  const noLimits = 'limits cannot be counted'
  const noLabels = 'the labels of the session are not available'
  const noApprovals = 'approvals are not available'
  return {
    canApprove: stores.approvals !== undefined,
    reserve: async (wanted, caller) => {
      if (wanted.length === 0) return undefined
      return waitIn(noLimits, await askLimits(noLimits, () => limits.reserve(wanted, caller)))
    },
    labels: async (session) => labelSet(noLabels, await askLabels(noLabels, () => labels.read(session))),
    label: (session, set) => askLabels(noLabels, () => labels.commit(session, set)),
    request: async (call, needs) =>
      textIn(noApprovals, await askApprovals(noApprovals, () => approvals.request(call, needs))),
    granted: async (call) =>
      grantedIn(noApprovals, await askApprovals(noApprovals, () => approvals.granted(call.digest))),
    // Not what is merely truthy, such as the result of a statement that has changed nothing.
    consume: async (id) => (await askApprovals(noApprovals, () => approvals.consume(id))) === true,
    hold: async (call, text) => textIn(noApprovals, await askApprovals(noApprovals, () => approvals.hold(call, text))),
    take: async (call, handle) =>
      textIn(noApprovals, await askApprovals(noApprovals, () => approvals.take(call.digest, handle))),
  }
}

/** Only nothing is room: what a store says by mistake is not. */
function waitIn(told: string, answer: unknown): number | undefined {
  if (answer === undefined || (typeof answer === 'number' && answer >= 0)) return answer
  throw new StoreFailure(told, 'what the store has answered is no time to wait')
}

function textIn(told: string, answer: unknown): string | undefined {
  if (answer === undefined || typeof answer === 'string') return answer
  throw new StoreFailure(told, 'what the store has answered is no text')
}

function grantedIn(told: string, answer: unknown): Granted | undefined {
  if (answer === undefined) return undefined
  const { id, by } = (answer ?? {}) as Partial<Granted>
  if (typeof id === 'string' && Array.isArray(by) && by.every((one) => typeof one === 'string')) return { id, by }
  throw new StoreFailure(told, 'what the store has answered says not who has granted what')
}

/** A store that knows nothing of a session says so with no labels: nothing, or a text, would be read as if the session had none. */
function labelSet(told: string, answer: unknown): Set<string> {
  if (typeof answer !== 'object' || answer === null || !(Symbol.iterator in answer))
    throw new StoreFailure(told, 'what the store has answered is no list of labels')
  const set = new Set<string>()
  for (const label of answer as Iterable<unknown>) {
    if (typeof label !== 'string') throw new StoreFailure(told, 'what the store has answered is no list of labels')
    set.add(label)
  }
  return set
}
