import type { JsonValue } from '../../../base/json.ts'
import type { SourceFile } from '../../../index.ts'
import type { Uid } from './cedar.ts'
import { refusalOfContext, refusalOfEntities, refusalOfEntity, strayIn } from './refusal.ts'
import { type Schema, uidKey } from './schema.ts'
import { isObject, type Part, type Parts, placeOf, readUid, unreadable } from './sources.ts'
import { entriesOf, literalOf } from './values.ts'
import type { EntityRecord, Request } from './world.ts'

interface Placed {
  readonly source: SourceFile
}

/** Entities as Cedar's JSON has them. */
export function readEntities(part: Part | undefined, schema: Schema | undefined): readonly (EntityRecord & Placed)[] {
  if (part === undefined) return []
  const { json, source } = part
  if (!Array.isArray(json)) throw unreadable(source, 'a list of entities is expected', placeOf(part))
  const all = json.map((one, index) => {
    if (!isObject(one)) throw unreadable(source, 'an entity is expected', placeOf(part, [index]))
    return { one, uid: readUid(one.uid, part, [index]), index }
  })
  checkEntities(json, part)
  // Cedar takes one that is there twice if it is the same twice.
  const distinct = new Map(all.map((each) => [uidKey(each.uid), each]))
  return [...distinct.values()].map(({ one, uid, index }) => {
    const declared = schema?.entities.get(uid.type)
    const parents = Array.isArray(one.parents) ? one.parents : []
    const tags = isObject(one.tags) ? Object.entries(one.tags) : []
    return {
      uid,
      attributes: entriesOf(isObject(one.attrs) ? one.attrs : {}, declared?.attributes),
      parents: parents.map((parent, i): Uid => readUid(parent, part, [index, 'parents', i])),
      tags: tags.map(([key, of]) => [key, literalOf(of, declared?.tags)]),
      // Looked for only where something is to be told of it.
      get at() {
        return placeOf(part, [index])
      },
      source,
    }
  })
}

function checkEntities(json: readonly JsonValue[], part: Part): void {
  const refusal = refusalOfEntities(json)
  if (refusal === undefined) return
  const stray = strayIn(json)
  if (stray !== undefined) throw unreadable(part.source, stray.message, placeOf(part, stray.path))
  const found = json.findIndex((one) => refusalOfEntity(one) !== undefined)
  const own = json[found] === undefined ? undefined : refusalOfEntity(json[found])
  throw unreadable(part.source, own ?? refusal, placeOf(part, found === -1 ? [] : [found]))
}

/** Requests with their decisions; those that say none say nothing that a test could hold. */
export function readRequests(parts: Parts['requests'], schema: Schema | undefined): readonly (Request & Placed)[] {
  return parts.map((part) => {
    const { json, source, name } = part
    if (!isObject(json)) throw unreadable(source, 'a request is expected', placeOf(part))
    const decision = typeof json.decision === 'string' ? json.decision.toLowerCase() : undefined
    const allowed = part.allowed ?? (decision === 'allow' ? true : decision === 'deny' ? false : undefined)
    if (allowed === undefined) throw unreadable(source, 'the decision of a request is `allow` or `deny`', placeOf(part))
    const action = readUid(json.action, part, ['action'])
    const { context = {} } = json
    const refusal = refusalOfContext(context)
    if (refusal !== undefined) {
      const { message, path } = strayIn(context, ['context']) ?? { message: refusal, path: ['context'] }
      throw unreadable(source, message, placeOf(part, path))
    }
    return {
      name,
      principal: readUid(json.principal, part, ['principal']),
      action,
      resource: readUid(json.resource, part, ['resource']),
      context: entriesOf(isObject(context) ? context : {}, schema?.actions.get(uidKey(action))?.context),
      allowed,
      get at() {
        return placeOf(part)
      },
      source,
    }
  })
}
