import type { RecordField } from '../../ir/type.ts'
import type { Scope } from '../../model/expression/scope.ts'
import { claims } from '../../model/expression/variables.ts'
import type { Referent } from '../../model/notes.ts'
import { mcpActions, type ServerInfo } from '../../model/schema.ts'
import { alternatives, set, string } from '../../model/shape.ts'
import type { IToken } from '../../syntax/chevrotain.ts'
import type { Expected } from '../../syntax/expected.ts'
import { isA } from '../../syntax/is-a.ts'
import * as t from '../../syntax/tokens.ts'
import type { Analysis } from '../analysis.ts'
import type { Cursor } from '../cursor.ts'
import { describe, fieldText } from '../describe.ts'
import { mcpActionDocs, typeDocs } from '../keywords.ts'
import { annotationCompletions } from './annotations.ts'
import { type Completion, ranks } from './completion.ts'
import { membersOf } from './names.ts'

/** What the name may be that the grammar takes at a place other than an expression. */
export function declaredAt(
  analysis: Analysis,
  cursor: Cursor,
  { type, rule, occurrence, within }: Expected,
  scope: Scope | undefined,
): readonly Completion[] {
  const { schema } = analysis
  const types = (filter: (name: string) => boolean = () => true) =>
    [...schema.types.keys()].filter(filter).map((label) => referred(analysis, { kind: 'type', name: label }, 'type'))
  const actors = types((name) => schema.actorContainers.has(name))
  const outer = within.at(-1)
  if (type === t.Entity) return entities(analysis)
  switch (rule) {
    case 'annotation':
      return type === t.Word ? annotationCompletions : []
    case 'names':
      return outer === 'actionGroup' ? [...entityActions(analysis), ...serverActions(mcpActions.keys())] : types()
    case 'entityHead':
      return occurrence > 0 ? types() : []
    case 'typeItem':
      return type === t.Name ? [...types(), ...builtinTypes] : []
    case 'assignable':
      if (type === t.Word) return rolesOf(analysis, cursor.before.at(-2)?.image)
      return occurrence === 0 ? actors : carriable(analysis)
    case 'fact':
      return occurrence === 0 ? actors : carriable(analysis)
    case 'expression':
      return type === t.Name ? types() : []
    case 'expectWho':
      return occurrence === 2 ? entityActions(analysis) : actors
    case 'grantee':
    case 'listed':
      return types()
    case 'expectThat':
      return type === t.Name ? [...entityActions(analysis), ...serverActions(mcpActions.keys())] : []
    case 'item':
      return type !== t.Name ? [] : occurrence === 2 ? servers(analysis) : itemsOfAll(analysis, wordBefore(cursor, 1))
    case 'given':
      if (type !== t.Name) return []
      return occurrence === 2
        ? inputs
        : [...schema.roles.keys()].map((name) => referred(analysis, { kind: 'role', name }, 'role'))
    case 'key':
      return type === t.Word ? keys(analysis, cursor, outer, within, scope) : []
    case 'fileRule':
      return type === t.Name && occurrence >= 8
        ? [...entityActions(analysis), ...groups(analysis)]
        : labels(analysis, type, occurrence)
    case 'blockRule':
      if (type !== t.Name || occurrence < 8) return labels(analysis, type, occurrence)
      return [
        ...(isAllow(cursor) ? entityActions(analysis) : actionsOf(analysis, cursor.block?.name)),
        ...groups(analysis),
      ]
    case 'serverRule':
      if (type !== t.Name) return []
      if (occurrence === 7) return labels(analysis, type, occurrence)
      if (occurrence >= 8) return [...serverActions(mcpActions.keys()), ...groups(analysis)]
      return items(analysis, schema.servers.get(cursor.block?.name ?? ''), kindOf(cursor))
    default:
      return []
  }
}

function referred(analysis: Analysis, referent: Referent, kind: Completion['kind'], label = referent.name): Completion {
  const { code, doc } = describe(analysis, referent)
  return { label, kind, detail: code.split('\n')[0], doc, rank: ranks.declared }
}

const builtinTypes: readonly Completion[] = Object.entries(typeDocs).map(([label, doc]) => ({
  label,
  kind: 'type',
  doc,
  rank: ranks.builtin,
}))

const inputs: readonly Completion[] = ['token', 'context', 'session', 'now', 'approvals', 'confirmed'].map((label) => ({
  label,
  kind: 'variable',
  rank: ranks.builtin,
}))

function carriable({ schema, ...rest }: Analysis): readonly Completion[] {
  return [...schema.lets].flatMap(([name, { params }]) =>
    params === undefined ? [] : [referred({ schema, ...rest }, { kind: 'let', name }, 'let')],
  )
}

function rolesOf(analysis: Analysis, type: string | undefined): readonly Completion[] {
  return membersOf(analysis, type ?? '').filter(({ kind }) => kind === 'role')
}

function entityActions(analysis: Analysis): readonly Completion[] {
  const names = new Set([...analysis.schema.types.values()].flatMap(({ permissions }) => [...permissions]))
  return [...names].map((name) => referred(analysis, { kind: 'action', name }, 'action'))
}

function actionsOf(analysis: Analysis, of: string | undefined): readonly Completion[] {
  const permissions = analysis.schema.types.get(of ?? '')?.permissions ?? []
  return [...permissions].map((name) => referred(analysis, { kind: 'action', of: of ?? '', name }, 'action'))
}

function serverActions(names: Iterable<string>): readonly Completion[] {
  return [...names].map((label) => ({ label, kind: 'action', doc: mcpActionDocs[label], rank: ranks.builtin }))
}

function groups(analysis: Analysis): readonly Completion[] {
  return [...analysis.schema.groups.keys()].map((name) => referred(analysis, { kind: 'group', name }, 'action'))
}

function labels({ occurrences }: Analysis, type: Expected['type'], occurrence: number): readonly Completion[] {
  if (type !== t.Name || occurrence !== 7) return []
  const names = new Set<string>()
  for (const { referent } of occurrences.all()) if (referent.kind === 'label') names.add(referent.name)
  return [...names].map((label) => ({ label, kind: 'text', detail: `label ${label}`, rank: ranks.declared }))
}

function servers(analysis: Analysis): readonly Completion[] {
  return [...analysis.schema.servers.keys()].map((name) => referred(analysis, { kind: 'server', name }, 'server'))
}

/** Entities that facts or tests mention, and types to name another one. */
function entities(analysis: Analysis): readonly Completion[] {
  const found = new Map<string, Completion>()
  for (const { referent } of analysis.occurrences.all()) {
    if (referent.kind !== 'entity') continue
    const id = /^\w+(?:-\w+)*$/.test(referent.name) ? referent.name : JSON.stringify(referent.name)
    const label = `${referent.type}:${id}`
    found.set(label, { label, kind: 'entity', rank: ranks.own })
  }
  return [
    ...found.values(),
    ...[...analysis.schema.types.keys()].map((name): Completion => {
      return { ...referred(analysis, { kind: 'type', name }, 'type'), insert: `${name}:$0`, isSnippet: true }
    }),
  ]
}

type Kind = 'tool' | 'prompt' | 'resource'

/** What the rule at the cursor is about, told by its action. */
export function kindOf({ before }: Cursor): Kind | undefined {
  const verb = before.findIndex((token) => isA(token, t.Verb))
  const kind = mcpActions.get(before[verb + 1]?.image ?? '')
  return kind === 'tool' || kind === 'resource'
    ? kind
    : kind === 'prompt' || kind === 'completion'
      ? 'prompt'
      : undefined
}

/** The tools or prompts of a server's lock, those whose names are words. */
export function items(
  analysis: Analysis,
  server: ServerInfo | undefined,
  kind: Kind | undefined,
  isQuoted = false,
): readonly Completion[] {
  const name = server?.name
  if (name === undefined || server?.index === undefined || kind === undefined) return []
  if (kind === 'resource') return isQuoted ? resources(server) : []
  const names = kind === 'tool' ? server.index.tools.names : server.index.prompts.names
  return [...names]
    .filter((one) => isQuoted || /^[A-Za-z_]\w*$/.test(one))
    .map((one) => ({ ...referred(analysis, { kind, server: name, name: one }, kind), rank: ranks.own }))
}

function resources({ lock }: ServerInfo): readonly Completion[] {
  const all = [
    ...(lock?.resources ?? []).map(({ uri, description }) => [uri, description] as const),
    ...(lock?.resourceTemplates ?? []).map(({ uriTemplate, description }) => [uriTemplate, description] as const),
  ]
  return all.map(([label, doc]) => ({ label, kind: 'resource', doc, rank: ranks.own }))
}

/** What an expectation may ask about: of any server, since it is named only behind. */
export function itemsOfAll(analysis: Analysis, action: string | undefined, isQuoted = false): readonly Completion[] {
  const kind = mcpActions.get(action ?? '')
  const of = kind === 'tool' || kind === 'prompt' || kind === 'resource' ? kind : undefined
  return [...analysis.schema.servers.values()].flatMap((server) =>
    items(analysis, server, of, isQuoted).map((one) => {
      const plain = /^[A-Za-z_]\w*$/.test(one.label)
      if (isQuoted || !plain || of !== 'tool') return one
      return { ...one, insert: `${one.label} { $1 } on ${server.name}$0`, isSnippet: true }
    }),
  )
}

function wordBefore({ before }: Cursor, back: number): string | undefined {
  return before.at(-back)?.image
}

/** Keys of facts, of inputs, of arguments, and of what `has` asks for. */
function keys(
  analysis: Analysis,
  cursor: Cursor,
  outer: string | undefined,
  within: readonly string[],
  scope: Scope | undefined,
): readonly Completion[] {
  const { schema } = analysis
  const open = openBlock(cursor.before)
  const head = cursor.before.slice(0, open)
  if (outer === 'facts') {
    const entity = head.findLast((token) => token.tokenType === t.Entity)?.image
    return membersOf(analysis, entity?.split(':')[0] ?? '')
      .filter(({ kind }) => kind !== 'action')
      .map(asKey)
  }
  if (outer !== 'record' || scope !== undefined) return []
  if (within.includes('item')) return toolArguments(analysis, head.at(-1)?.image).map(asKey)
  const input = head[0]?.tokenType === t.Given && head.length === 2 ? head[1]?.image : undefined
  if (input === 'token') return [...claims, ...schema.token].map(key)
  if (input === 'context') return schema.context.map(key)
  if (input === 'session') return [key({ name: 'labels', type: set(string), optional: false })]
  return (schema.lets.get(head.at(-1)?.image ?? '')?.params ?? []).map(key)
}

function key(field: RecordField): Completion {
  return asKey({ label: field.name, kind: 'field', detail: fieldText(field), rank: ranks.own })
}

function asKey(one: Completion): Completion {
  return { ...one, insert: `${one.label}: ` }
}

function toolArguments(analysis: Analysis, tool: string | undefined): readonly Completion[] {
  return [...analysis.schema.servers.values()].flatMap(({ name: server, index }) => {
    if (server === undefined || tool === undefined || index?.tools.names.has(tool) !== true) return []
    const fields = alternatives(index.tools.argumentsOf([tool])).flatMap((one) =>
      one.kind === 'record' ? one.fields : [],
    )
    return fields.map((field): Completion => {
      const { doc } = describe(analysis, { kind: 'argument', server, name: field.name })
      return { label: field.name, kind: 'argument', detail: fieldText(field), doc, rank: ranks.own }
    })
  })
}

/** The index of the innermost `{` that is open. */
function openBlock(tokens: readonly IToken[]): number {
  let depth = 0
  for (let i = tokens.length - 1; i >= 0; i--) {
    const type = tokens[i]?.tokenType
    if (type === t.RCurly) depth += 1
    else if (type === t.LCurly && depth-- === 0) return i
  }
  return 0
}

function isAllow({ before }: Cursor): boolean {
  return before.some(({ tokenType }) => tokenType === t.Allow)
}
