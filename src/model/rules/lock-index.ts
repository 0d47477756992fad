import { lockedTemplate, mayMeet } from '../../ir/template-overlap.ts'
import type { RecordField, Type } from '../../ir/type.ts'
import type { UriTemplate } from '../../ir/uri-template.ts'
import { matchesWildcard } from '../../ir/wildcard.ts'
import type { Lock } from '../../lock/format.ts'
import { argumentsType } from '../../lock/schema-type.ts'
import { mergeFields } from '../expression/members.ts'
import { alternatives, json, string } from '../shape.ts'

/** What rules ask of a lock, each answer worked out once: there may be ten thousand tools, and as many rules. */
export interface LockIndex {
  readonly tools: NamedItems
  readonly prompts: NamedItems
  /** Whether some locked URI, or one of a locked template, may match. */
  mayMatch(template: UriTemplate): boolean
}

export interface NamedItems {
  readonly names: ReadonlySet<string>
  matching(pattern: string): readonly string[]
  /** What `args` is for the items of these names; without them, for all. */
  argumentsOf(names?: readonly string[]): Type
}

export function lockIndex({ tools, prompts, resources, resourceTemplates }: Lock): LockIndex {
  const locked = once(() =>
    [...resources.map((r) => r.uri), ...resourceTemplates.map((t) => t.uriTemplate)].map(lockedTemplate),
  )
  return {
    tools: namedItems(tools, (tool) => argumentsType(tool.inputSchema).type),
    prompts: namedItems(prompts, (prompt) => promptArguments(prompt.arguments ?? [])),
    mayMatch: (template) => locked().some((one) => sameBeginning(template, one) && mayMeet(template, one)),
  }
}

/** What both begin with does not already tell them apart: most of a lock is ruled out so, for little. */
function sameBeginning(a: UriTemplate, b: UriTemplate): boolean {
  const [x, y] = [a.parts[0], b.parts[0]]
  return x?.kind !== 'literal' || y?.kind !== 'literal' || x.text.startsWith(y.text) || y.text.startsWith(x.text)
}

function namedItems<T extends { readonly name: string }>(
  items: readonly T[],
  argumentsOf: (item: T) => Type,
): NamedItems {
  const byName = new Map(items.map((item) => [item.name, once(() => argumentsOf(item))]))
  const matched = new Map<string, readonly string[]>()
  const merged = new Map<string, Type>()
  return {
    names: new Set(byName.keys()),
    matching: (pattern) =>
      remembered(matched, pattern, () => [...byName.keys()].filter((name) => matchesWildcard(pattern, name))),
    argumentsOf: (names = [...byName.keys()]) =>
      remembered(merged, names.join('\0'), () => mergeRecords(names.flatMap((name) => byName.get(name)?.() ?? []))),
  }
}

/** MCP: the arguments of a prompt are strings. */
function promptArguments(args: readonly { readonly name: string; readonly required?: boolean }[]): Type {
  return {
    kind: 'record',
    fields: args.map((arg) => ({ name: arg.name, type: string, optional: arg.required !== true })),
  }
}

/** One record for several tools: an argument that only some have is optional there. */
function mergeRecords(types: readonly Type[]): Type {
  const [only] = types
  if (types.length === 1 && only !== undefined) return only
  const records = types.flatMap(alternatives)
  if (records.some((type) => type.kind !== 'record')) return json
  const byName = new Map<string, RecordField[]>()
  for (const record of records)
    for (const field of record.kind === 'record' ? record.fields : []) {
      const same = byName.get(field.name)
      if (same === undefined) byName.set(field.name, [field])
      else same.push(field)
    }
  return { kind: 'record', fields: [...byName.values()].map((fields) => mergeFields(fields, records.length)) }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key) ?? make()
  known.set(key, found)
  return found
}
