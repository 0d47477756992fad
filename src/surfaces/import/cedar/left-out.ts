import { type Expr, isSlot, type Policy, partsOf, type Uid } from './cedar.ts'
import { appliesTo } from './rules.ts'
import { uidKey } from './schema.ts'
import type { EntityRecord, Request, World } from './world.ts'

/** What has not become a part of what is written, or not as it is. */
export interface LeftOut {
  /** `isDenied`: it forbids whatever it could forbid. */
  readonly policies: readonly { readonly policy: Policy; readonly isDenied: boolean }[]
  readonly entities: readonly EntityRecord[]
}

/** What is left out and may have to do with the decision of a request, undefined where nothing is. */
export function missingFor(
  request: Request,
  leftOut: LeftOut,
  world: World,
  policies: readonly Policy[],
  entities: readonly EntityRecord[],
): string | undefined {
  // What is allowed is so without a `forbid` too, and what is denied without a `permit`, or by a `forbid` that always does.
  const found = leftOut.policies.find(
    ({ policy, isDenied }) =>
      (isDenied || policy.effect === 'permit') === request.allowed && appliesTo(world, policy, request),
  )
  if (found !== undefined) return `the policy \`${found.policy.named ?? found.policy.id}\``
  if (leftOut.entities.length === 0) return undefined
  const reached = reachedFrom([...mentionedBy(request), ...policies.flatMap(mentionedIn)], entities)
  const entity = leftOut.entities.find(({ uid }) => reached.has(uidKey(uid)))
  return entity === undefined ? undefined : `\`${entity.uid.type}::${JSON.stringify(entity.uid.id)}\``
}

/** Entities of which a decision can read something, however indirectly. */
function reachedFrom(from: readonly Uid[], entities: readonly EntityRecord[]): ReadonlySet<string> {
  const known = new Map(entities.map((entity) => [uidKey(entity.uid), entity]))
  const reached = new Set(from.map(uidKey))
  for (const key of reached) {
    const entity = known.get(key)
    if (entity === undefined) continue
    const values = [...entity.attributes, ...entity.tags].flatMap(([, of]) => entitiesIn(of))
    for (const uid of [...entity.parents, ...values]) reached.add(uidKey(uid))
  }
  return reached
}

function mentionedBy({ principal, resource, context }: Request): readonly Uid[] {
  return [principal, resource, ...context.flatMap(([, of]) => entitiesIn(of))]
}

function mentionedIn({ principal, resource, clauses }: Policy): readonly Uid[] {
  const scopes = [principal, resource].flatMap((scope) => {
    const to = scope.kind === 'is' ? scope.in : scope.kind === 'all' ? undefined : scope.to
    return to === undefined || isSlot(to) ? [] : [to]
  })
  return [...scopes, ...clauses.flatMap(({ body }) => entitiesIn(body))]
}

function entitiesIn(expr: Expr): readonly Uid[] {
  return [...partsOf(expr)].flatMap((part) => (part.kind === 'entity' ? [part.uid] : []))
}
