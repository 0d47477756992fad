import { didYouMean } from '../../base/suggest.ts'
import type { ItemPattern, Target } from '../../ir/program.ts'
import { lockedTemplate, mayMeet } from '../../ir/template-overlap.ts'
import type { RecordField, Type } from '../../ir/type.ts'
import { parseUriTemplate, sameShape, type UriTemplate } from '../../ir/uri-template.ts'
import { matchesWildcard } from '../../ir/wildcard.ts'
import type { LockedTool } from '../../lock/format.ts'
import { argumentsType } from '../../lock/schema-type.ts'
import type { ItemTarget, Rule } from '../../syntax/ast.ts'
import type { Checked } from '../expression/checked.ts'
import { mergeFields } from '../expression/members.ts'
import { checkedValue, type ItemScope } from '../expression/scope.ts'
import type { Report } from '../report.ts'
import { mcpActions, type ServerInfo } from '../schema.ts'
import { alternatives, json, string } from '../shape.ts'

/** What the targets of a rule in a server block come to. */
export interface CheckedItems {
  readonly target: Target
  readonly scope: ItemScope
  /** The variables of its URI templates. */
  readonly locals: ReadonlyMap<string, Checked>
}

type Kind = 'tool' | 'resource' | 'prompt' | 'completion' | 'server' | 'any'

/** What is written in a target cannot be told from what it names: kinds of items go by the rule's actions. */
export function checkItems(server: ServerInfo, rule: Rule, actions: readonly string[], report: Report): CheckedItems {
  const kinds = new Set(actions.map((action) => mcpActions.get(action) ?? 'any'))
  const kind: Kind = kinds.size === 1 ? ([...kinds][0] ?? 'any') : 'any'
  const items = rule.target.kind === 'server' ? rule.target.items : []
  const patterns: ItemPattern[] = []
  const templates: UriTemplate[] = []
  for (const item of items) {
    const pattern = checkItem(server, item, kinds.size > 1 ? 'any' : kind, kinds, report)
    if (pattern === undefined) continue
    patterns.push(pattern)
    if (pattern.kind === 'uri') templates.push(pattern.template)
  }
  const locals = templateVariables(templates, patterns)
  return {
    target: { kind: 'items', ...(server.name === undefined ? {} : { server: server.name }), items: patterns },
    scope: {
      ...argumentScope(server, kinds, patterns),
      tool: kinds.size === 1 && kind === 'tool',
      prompt: kinds.size === 1 && kind === 'prompt',
      uri: kinds.size === 1 && kind === 'resource',
    },
    locals,
  }
}

const looksLikeUri = /^[A-Za-z][A-Za-z0-9+.-]*:/

function checkItem(
  server: ServerInfo,
  item: ItemTarget,
  kind: Kind,
  kinds: ReadonlySet<Kind>,
  report: Report,
): ItemPattern | undefined {
  if (item.kind === 'all') return { kind: 'all' }
  const text = item.kind === 'name' ? item.name.text : item.pattern.value
  if (kinds.has('server')) {
    report.add('bad-target', item.span, 'what a server asks of its client has no name', {
      help: 'write `*`',
    })
    return undefined
  }
  const uri = item.kind === 'pattern' && looksLikeUri.test(text)
  if (kind === 'resource' && !uri) {
    report.add('bad-target', item.span, `\`${text}\` is no URI`, {
      help: 'resources go by URI templates, such as `"file:///{+path}"`, or `*`',
    })
    return undefined
  }
  if (uri && (kind === 'tool' || kind === 'prompt')) {
    report.add('bad-target', item.span, `a ${kind} has a name, not a URI`)
    return undefined
  }
  return uri ? uriPattern(server, item, text, kind, report) : namePattern(server, item, text, kind, report)
}

/** The names that a target can have: what is in the lock, by kind; undefined where there is nothing to hold it against. */
function lockedNames(server: ServerInfo, kind: Kind): readonly string[] | undefined {
  if (server.lock === undefined) return undefined
  const tools = server.lock.tools.map((tool) => tool.name)
  const prompts = server.lock.prompts.map((prompt) => prompt.name)
  if (kind === 'tool') return tools
  return kind === 'prompt' || kind === 'completion' ? prompts : [...tools, ...prompts]
}

function namePattern(
  server: ServerInfo,
  item: ItemTarget,
  text: string,
  kind: Kind,
  report: Report,
): ItemPattern | undefined {
  const pattern = item.kind === 'pattern' && /(?<!\\)\*/.test(text)
  const names = lockedNames(server, kind)
  const noun = kind === 'tool' ? 'tool' : kind === 'prompt' || kind === 'completion' ? 'prompt' : 'tool or prompt'
  if (names === undefined) {
    // A server without a lock that could be read: whatever is called so.
    return pattern ? { kind: 'pattern', pattern: text } : { kind: 'names', names: [text.replaceAll('\\*', '*')] }
  }
  if (!pattern) {
    const name = text.replaceAll('\\*', '*')
    if (names.includes(name)) return { kind: 'names', names: [name] }
    report.add('unknown-item', item.span, `the lock of \`${server.name}\` has no ${noun} \`${name}\``, {
      help: didYouMean(name, names),
    })
    return undefined
  }
  const matched = names.filter((name) => matchesWildcard(text, name))
  if (matched.length > 0) return { kind: 'names', names: [...new Set(matched)] }
  report.add('unknown-item', item.span, `no ${noun} in the lock of \`${server.name}\` matches \`${text}\``, {
    help: didYouMean(text.replaceAll('*', ''), names),
  })
  return undefined
}

function uriPattern(
  server: ServerInfo,
  item: ItemTarget,
  text: string,
  kind: Kind,
  report: Report,
): ItemPattern | undefined {
  const { template, reason } = parseUriTemplate(text)
  if (template === undefined) {
    report.add('bad-template', item.span, reason)
    return undefined
  }
  if (server.lock !== undefined) {
    const { resources, resourceTemplates } = server.lock
    const locked = [...resources.map((r) => r.uri), ...resourceTemplates.map((t) => t.uriTemplate)]
    const meets = (other: string): boolean => {
      const parsed = lockedTemplate(other)
      return kind === 'completion' ? sameShape(template, parsed) : mayMeet(template, parsed)
    }
    if (!locked.some(meets))
      report.add('unmatched-template', item.span, `no resource in the lock of \`${server.name}\` can match \`${text}\``)
  }
  return { kind: 'uri', template, locals: Object.fromEntries(template.variables.map((name) => [name, `uri ${name}`])) }
}

/** Variables of the rule's URI templates: optional where only some of its targets have them. */
function templateVariables(
  templates: readonly UriTemplate[],
  patterns: readonly ItemPattern[],
): ReadonlyMap<string, Checked> {
  const locals = new Map<string, Checked>()
  for (const template of templates)
    for (const name of template.variables) {
      const everywhere = patterns.every((p) => p.kind === 'uri' && p.template.variables.includes(name))
      locals.set(
        name,
        checkedValue(
          string,
          { kind: 'local', name: `uri ${name}`, at: { file: '', start: 0, end: 0 } },
          { path: name, optional: !everywhere },
        ),
      )
    }
  return locals
}

/** What `args` is: of all the tools, or prompts, that the rule is about. */
function argumentScope(
  server: ServerInfo,
  kinds: ReadonlySet<Kind>,
  patterns: readonly ItemPattern[],
): { readonly args?: Type } {
  const [kind] = kinds
  if (kinds.size !== 1 || (kind !== 'tool' && kind !== 'prompt')) return {}
  if (server.lock === undefined) return { args: json }
  const all = patterns.some((p) => p.kind === 'all')
  const names = new Set(patterns.flatMap((p) => (p.kind === 'names' ? p.names : [])))
  const chosen = <T extends { readonly name: string }>(items: readonly T[]) =>
    all ? items : items.filter((item) => names.has(item.name))
  const types =
    kind === 'tool'
      ? chosen(server.lock.tools).map(toolArguments)
      : chosen(server.lock.prompts).map((prompt) => promptArguments(prompt.arguments ?? []))
  return { args: mergeRecords(types) }
}

const argumentTypes = new WeakMap<LockedTool, Type>()

/** A tool's arguments as a type, made once a definition. */
function toolArguments(tool: LockedTool): Type {
  const known = argumentTypes.get(tool)
  if (known !== undefined) return known
  const { type } = argumentsType(tool.inputSchema)
  argumentTypes.set(tool, type)
  return type
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
