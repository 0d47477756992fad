import { canonicalJson } from '../base/canonical.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isArray, isJsonObject } from '../base/json.ts'
import type { FieldDrift } from './drift.ts'

/**
 * One thing in a definition that is not as it was locked. A path is of members and indexes; an element that has a `name`, like an argument of
 * a prompt, goes by that. Undefined on a side where there is nothing.
 */
export interface Change {
  readonly path: readonly (string | number)[]
  readonly locked: JsonValue | undefined
  readonly live: JsonValue | undefined
}

/** What has changed in each field, as deep down as the two values are alike in form. */
export function changesIn(fields: readonly FieldDrift[]): readonly Change[] {
  return fields.flatMap(({ field, locked, live }) => [...between([field], locked, live)])
}

function* between(path: Change['path'], locked: JsonValue | undefined, live: JsonValue | undefined): Generator<Change> {
  const members = membersOf(locked, live)
  if (members === undefined) {
    const elements = elementsOf(locked, live)
    if (elements !== undefined) for (const change of elements) yield { path, ...change }
    else if (!isSame(locked, live)) yield { path, locked, live }
    return
  }
  const [before, now] = members
  for (const step of new Set([...before.keys(), ...now.keys()])) {
    yield* between([...path, step], before.get(step), now.get(step))
  }
}

type Members = ReadonlyMap<string | number, JsonValue>

/** What is compared one by one: members of objects, elements by their names, or by their places. */
function membersOf(a: JsonValue | undefined, b: JsonValue | undefined): readonly [Members, Members] | undefined {
  if (isJsonObject(a) && isJsonObject(b)) return [sorted(a), sorted(b)]
  if (a === undefined || b === undefined || !isArray(a) || !isArray(b)) return undefined
  const [named, namedToo] = [byName(a), byName(b)]
  if (named !== undefined && namedToo !== undefined) return [named, namedToo]
  return areScalars(a) || areScalars(b) ? undefined : [new Map(a.entries()), new Map(b.entries())]
}

function sorted(object: JsonObject): Members {
  return new Map(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function byName(array: readonly JsonValue[]): Members | undefined {
  const members = new Map<string, JsonValue>()
  for (const element of array) {
    if (!isJsonObject(element) || !Object.hasOwn(element, 'name') || typeof element.name !== 'string') return undefined
    if (members.has(element.name)) return undefined
    members.set(element.name, element)
  }
  return members
}

function areScalars(array: readonly JsonValue[]): boolean {
  return array.every((element) => typeof element !== 'object' || element === null)
}

/** Of two lists of scalars, such as `required` or `enum`: what has come and what has gone. Undefined where only the order tells. */
function elementsOf(
  a: JsonValue | undefined,
  b: JsonValue | undefined,
): readonly Pick<Change, 'locked' | 'live'>[] | undefined {
  if (a === undefined || b === undefined || !isArray(a) || !isArray(b) || !areScalars(a) || !areScalars(b))
    return undefined
  const [before, now] = [new Set(a), new Set(b)]
  const gone = [...before].filter((element) => !now.has(element)).map((locked) => ({ locked, live: undefined }))
  const come = [...now].filter((element) => !before.has(element)).map((live) => ({ locked: undefined, live }))
  return gone.length + come.length === 0 ? undefined : [...gone, ...come]
}

/** A value without a canonical form is no JSON, and equals nothing. */
export function isSame(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  const form = canonicalJson(a)
  return form !== undefined && form === canonicalJson(b)
}
