import type { Snapshot } from '../facts/memory.ts'
import type { Ent } from '../facts/table.ts'
import type { Decision } from '../runtime/decision.ts'
import type { ActorInput, Environment, ResourceInput } from '../runtime/request.ts'
import { ToolCall } from '../runtime/tool-call.ts'
import { decisionOf } from './decide.ts'
import { type Asker, askerOf, askFor, askInline, type Entry, type ReadQuestion, readQuestion } from './entry.ts'
import { type Beside, nothingGiven } from './environment.ts'
import { newHeldRoles } from './held-roles.ts'
import { allowed, lacking, unusual } from './linked.ts'
import type { Bound } from './machine.ts'
import type { ToolGroup } from './quick.ts'
import type { Raw } from './registers.ts'
import { away, canThoroughly, decideThoroughly } from './thorough.ts'

/** So many pairs of bits are a small integer. */
const perWord = 15

/** One small object for each actor, since there may be many of them, and each question finds another one. */
export class Session implements Bound, Asker {
  readonly revision: number
  readonly roles = newHeldRoles(true)
  readonly actor: Ent
  readonly name: string | undefined
  readonly token: Raw
  readonly context: Raw
  readonly beside: Beside
  readonly now: number | undefined
  /** What is known of the actor and the environment is in these fields. */
  readonly isQuick: boolean
  readonly entry: Entry
  readonly given: { readonly actor: ActorInput; readonly env: Environment; readonly taken: Snapshot }
  /**
   * What it was told of calls of tools whose arguments do not matter: it stays so for as long as the session is. Two bits for each
   * place: 1 allowed, 2 denied.
   */
  readonly told: number[] = []
  /** A question in the middle of another one is for another machine, on the facts of this one. */
  nested: Bound | undefined

  constructor(entry: Entry, actor: ActorInput, env: Environment, taken: Snapshot) {
    this.entry = entry
    this.given = { actor, env, taken }
    this.revision = taken.moment.revision
    const asker = entry.isBusy ? undefined : entry.store.at(taken, () => askerOf(entry, actor, env))
    const { token, context, beside, now } = asker ?? nothingGiven
    this.isQuick = asker !== undefined
    this.actor = asker?.actor ?? ''
    this.name = typeof actor === 'string' ? actor : undefined
    this.token = token
    this.context = context
    this.beside = beside
    this.now = now
  }
  can(action: string, resource: ResourceInput): boolean {
    const { entry } = this
    const place = action === 'call' && ToolCall.is(resource) ? this.placeOf(resource) : -1
    if (place >= 0) {
      const remembered = ((this.told[(place / perWord) | 0] ?? 0) >> (2 * (place % perWord))) & 3
      if (remembered !== 0) return remembered === 1
    }
    const told = this.verdict(action, resource, false)
    if (told !== unusual) {
      if (place >= 0) this.remember(place, told === allowed)
      return told === allowed
    }
    if (entry.isBusy) return this.elsewhere().can(action, resource)
    const question = this.question(action, resource)
    const inline = this.inlineVerdict(question, false)
    if (inline !== unusual) return inline === allowed
    return this.atItsTime(() => canThoroughly(question, () => this.asker()))
  }

  authorize(action: string, resource: ResourceInput): Decision {
    const { entry } = this
    const told = this.verdict(action, resource, true)
    entry.lacked = told === unusual || (told & lacking) !== 0
    if (told !== unusual) return decisionOf(entry.decider, told, entry.obligations)
    if (entry.isBusy) return this.elsewhere().authorize(action, resource)
    const question = this.question(action, resource)
    const inline = this.inlineVerdict(question, true)
    entry.lacked = inline === unusual || (inline & lacking) !== 0
    if (inline !== unusual) return decisionOf(entry.decider, inline, entry.obligations)
    return this.atItsTime(() => decideThoroughly(question, () => this.asker()))
  }

  /** Only on facts that are as they were when the session began. */
  private verdict(action: string, resource: ResourceInput, tells: boolean): number {
    const { entry } = this
    if (!this.isQuick || entry.store.revision !== this.revision) return unusual
    return askFor(entry, this, action, resource, tells)
  }

  private inlineVerdict(question: ReadQuestion, tells: boolean): number {
    return this.entry.store.revision === this.revision ? askInline(question, tells) : unusual
  }

  /** Of a call that has been asked about before and has no arguments that would have to be looked at. */
  private placeOf(call: ToolCall): number {
    const found = ToolCall.found(call) as ToolGroup | undefined
    return found !== undefined && found.of === this.entry.decider.r && call.args === undefined ? found.place : -1
  }

  private remember(place: number, is: boolean): void {
    const word = (place / perWord) | 0
    while (this.told.length <= word) this.told.push(0)
    this.told[word] = (this.told[word] ?? 0) | ((is ? 1 : 2) << (2 * (place % perWord)))
  }

  private question(action: string, resource: ResourceInput): ReadQuestion {
    const { actor, env } = this.given
    return readQuestion(this.entry, actor, action, resource, env)
  }

  private elsewhere(): Bound {
    const { actor, env, taken } = this.given
    this.nested ??= this.entry.inner().for(actor, env, taken)
    return this.nested
  }

  /** On the facts as they were when the session began. */
  private atItsTime<T>(evaluation: () => T): T {
    const { entry, given, revision } = this
    if (entry.store.revision === revision) return entry.store.deciding(evaluation)
    return away(entry, () => entry.store.at(given.taken, evaluation))
  }

  /** What had no number when the session began may have one since: then all is looked up again. */
  private asker(): Asker | undefined {
    return this.isQuick && this.entry.store.revision === this.revision ? this : undefined
  }
}
