import type { JsonValue } from '../../../base/json.ts'
import type { SourceFile } from '../../../index.ts'
import type { Remark } from '../imported.ts'
import { isSlot, type Policy, type Scope, type Uid } from './cedar.ts'
import { policyOf, readPolicies } from './read-policies.ts'
import { refusalOfPolicy } from './refusal.ts'
import { isObject, type Part, placeOf, readUid, unreadable } from './sources.ts'

/** A policy without slots, with where it comes from. */
export interface Linked {
  readonly policy: Policy
  readonly source: SourceFile
}

export interface PolicySet {
  readonly policies: readonly Linked[]
  /** After the last policy of a text. */
  readonly comments: readonly string[]
  readonly remarks: readonly Remark[]
}

interface Link {
  readonly template: string
  readonly id: string
  readonly values: ReadonlyMap<string, Uid>
  readonly part: Part
  readonly at: number
}

/** The policies, and for each link its template with the slots filled in. */
export function readPolicySet(parts: readonly Part[], linksPart: Part | undefined): PolicySet {
  const all: Linked[] = []
  const comments: string[] = []
  const links: Link[] = linksPart === undefined ? [] : [...readLinks(linksPart.json, linksPart, [])]
  for (const part of parts) {
    if (part.json === undefined) {
      const offset = all.length
      const file = readPolicies(part.source, (index) => `policy${offset + index}`)
      all.push(...file.policies.map((policy) => ({ policy, source: part.source })))
      comments.push(...file.comments)
    } else {
      all.push(...readJson(part.json, part))
      if (isObject(part.json) && part.json.templateLinks !== undefined)
        links.push(...readLinks(part.json.templateLinks, part, ['templateLinks']))
    }
  }
  return { ...linked(all, links), comments }
}

/** Cedar's JSON of a policy set: policies by id or in a list, each as text or as JSON. */
function* readJson(json: JsonValue, part: Part): Iterable<Linked> {
  if (typeof json === 'string') {
    const source = { ...part.source, text: json }
    yield* readPolicies(source).policies.map((policy) => ({ policy, source }))
    return
  }
  if (!isObject(json)) throw unreadable(part.source, 'a set of policies is expected', placeOf(part))
  if ('effect' in json) {
    yield { policy: checkedPolicy(json, 'policy0', part, placeOf(part)), source: part.source }
    return
  }
  for (const key of ['staticPolicies', 'templates']) {
    const some = json[key]
    if (typeof some === 'string') yield* readJson(some, part)
    else if (Array.isArray(some))
      yield* readEach(
        some.map((one, i) => [`policy${i}`, one, i]),
        key,
        part,
      )
    else if (isObject(some))
      yield* readEach(
        Object.entries(some).map(([id, one]) => [id, one, id]),
        key,
        part,
      )
  }
}

function* readEach(
  entries: readonly (readonly [string, JsonValue, string | number])[],
  key: string,
  part: Part,
): Iterable<Linked> {
  for (const [id, one, step] of entries) {
    const at = placeOf(part, [key, step])
    if (typeof one === 'string') {
      const [policy] = readPolicies({ ...part.source, text: one }, () => id).policies
      if (policy !== undefined) yield { policy: { ...policy, at, end: at }, source: part.source }
    } else if (isObject(one)) yield { policy: checkedPolicy(one, id, part, at), source: part.source }
    else throw unreadable(part.source, 'a policy is expected', at)
  }
}

function checkedPolicy(json: Readonly<Record<string, JsonValue>>, id: string, part: Part, at: number): Policy {
  const refusal = refusalOfPolicy(json)
  if (refusal !== undefined) throw unreadable(part.source, `this is no Cedar policy: ${refusal}`, at)
  return { ...policyOf(json, id), at, end: at }
}

/** As the Cedar command line has them, and as its interfaces do. */
function* readLinks(json: JsonValue | undefined, part: Part, path: readonly (string | number)[]): Iterable<Link> {
  if (!Array.isArray(json)) throw unreadable(part.source, 'a list of links is expected', placeOf(part, path))
  for (const [index, one] of json.entries()) {
    const at = placeOf(part, [...path, index])
    const template = isObject(one) ? (one.templateId ?? one.template_id) : undefined
    const id = isObject(one) ? (one.newId ?? one.link_id ?? one.linkId) : undefined
    const values = isObject(one) ? (one.values ?? one.args) : undefined
    if (typeof template !== 'string' || typeof id !== 'string' || !isObject(values))
      throw unreadable(part.source, 'a link names a template, itself and what fills the slots', at)
    const filled = Object.entries(values).map(([slot, uid]) => [slot, readUid(uid, part, [...path, index])] as const)
    yield { template, id, values: new Map(filled), part, at }
  }
}

function linked(all: readonly Linked[], links: readonly Link[]): Omit<PolicySet, 'comments'> {
  const policies: Linked[] = []
  const remarks: Remark[] = []
  for (const { policy, source } of all) {
    if (!policy.template) {
      policies.push({ policy, source })
      continue
    }
    const own = links.filter(({ template }) => template === policy.id || template === policy.named)
    if (own.length === 0) {
      const message = `the template \`${policy.named ?? policy.id}\` has no link`
      remarks.push({ kind: 'no-effect', message, source, at: policy.at })
    }
    for (const { id, values, part, at } of own) {
      const [principal, resource] = [filled(policy.principal, values), filled(policy.resource, values)]
      if (principal === undefined || resource === undefined)
        throw unreadable(part.source, `the link \`${id}\` does not fill every slot`, at)
      const { named: _, ...rest } = policy
      policies.push({ policy: { ...rest, id, principal, resource, template: false }, source })
    }
  }
  for (const { template, part, at } of links)
    if (!all.some(({ policy }) => policy.template && (policy.id === template || policy.named === template)))
      throw unreadable(part.source, `there is no template \`${template}\``, at)
  return { policies, remarks }
}

function filled(scope: Scope, values: ReadonlyMap<string, Uid>): Scope | undefined {
  const to = scope.kind === 'is' ? scope.in : scope.kind === 'all' ? undefined : scope.to
  if (to === undefined || !isSlot(to)) return scope
  const uid = values.get(to.slot)
  if (uid === undefined) return undefined
  return scope.kind === 'is' ? { ...scope, in: uid } : ({ ...scope, to: uid } as Scope)
}
