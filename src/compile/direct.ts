/**
 * How the verdict of a whole group is written: everything unusual is left to the code that tells it, so that truth is a boolean and
 * nothing else. What is read of the request is read through locals, and its objects are looked at where they are read: there the
 * engine that runs the code knows what they look like.
 */
export interface Direct {
  /** What is read of each object of the request, in the order in which it is first read. */
  readonly inputs: Map<Input, Set<string>>
  /** Names of fields that no object may inherit. */
  readonly fields: Set<string>
  /** Something in it asks the code that tells everything: what that works with has to be ready. */
  asksMore: boolean
  /** Something in it asks who the actor is, not only by name. */
  asksActor: boolean
  /** The code tells of scopes and the like that are not held. */
  readonly tellsLacking: boolean
  /** The global roles that it asks for together, as data of the group: by their places, each list once. */
  readonly masks: Map<string, readonly number[]>
}

/** The objects of a request, as the registers and the locals of a verdict are called. */
export type Input = 'token' | 'context' | 'args'

export const inputs: readonly Input[] = ['token', 'context', 'args']

/** What is written reads the registers, so that they have to be filled. */
export function readsRegisters({ direct }: { readonly direct?: Direct }): void {
  if (direct !== undefined) direct.asksMore = true
}

export function newDirect(tellsLacking: boolean, masks: Direct['masks'] = new Map()): Direct {
  return { inputs: new Map(), fields: new Set(), asksMore: false, asksActor: false, tellsLacking, masks }
}
