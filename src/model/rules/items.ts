import { didYouMean, listed, suggestion } from '../../base/suggest.ts'
import type { ItemPattern, Target } from '../../ir/program.ts'
import type { Type } from '../../ir/type.ts'
import { parseUriTemplate, type UriTemplate } from '../../ir/uri-template.ts'
import type { ItemTarget, Rule } from '../../syntax/ast.ts'
import { declarable } from '../declare/types.ts'
import type { Checked } from '../expression/checked.ts'
import { checkedValue, type ItemScope, type Scope } from '../expression/scope.ts'
import type { Report } from '../report.ts'
import { mcpActions, type ServerInfo } from '../schema.ts'
import { json, string } from '../shape.ts'
import type { NamedItems } from './lock-index.ts'

/** What the targets of a rule in a server block come to. */
export interface CheckedItems {
  readonly target: Target
  readonly scope: ItemScope
  /** The variables of its URI templates. */
  readonly locals: ReadonlyMap<string, Checked>
  readonly bound: Scope['bound']
}

type Kind = 'tool' | 'resource' | 'prompt' | 'completion' | 'server' | 'any'

/** What is written in a target cannot be told from what it names: kinds of items go by the rule's actions. */
export function checkItems(server: ServerInfo, rule: Rule, actions: readonly string[], report: Report): CheckedItems {
  const kind = kindOf(actions)
  const asks = actions.some((action) => mcpActions.get(action) === 'server')
  const items = rule.target.kind === 'server' ? rule.target.items : []
  const patterns = items.map((item) => checkItem(server, item, kind, asks, report)).filter((one) => one !== undefined)
  const templates = patterns.some(({ kind }) => kind === 'uri')
    ? patterns.flatMap((pattern) => (pattern.kind === 'uri' ? [pattern.template] : []))
    : noTemplates
  const { name } = server
  return {
    target: name === undefined ? { kind: 'items', items: patterns } : { kind: 'items', server: name, items: patterns },
    scope: {
      args: argumentsType(server, kind, patterns),
      tool: kind === 'tool',
      prompt: kind === 'prompt',
      uri: kind === 'resource',
      unbound:
        kind === 'resource' || templates.length === 0
          ? noNames
          : new Set(templates.flatMap((template) => template.variables)),
    },
    // Only a request for a resource has a URI to bind them to.
    locals: kind === 'resource' ? templateVariables(templates, patterns) : noLocals,
    bound: kind === 'resource' ? noteVariables(items, templates, report) : noneBound,
  }
}

/** What all of them are about; `any` where they are about several kinds. */
function kindOf(actions: readonly string[]): Kind {
  const kind = mcpActions.get(actions[0] ?? '')
  return kind === undefined || !actions.every((action) => mcpActions.get(action) === kind) ? 'any' : kind
}

const noneBound: Scope['bound'] = []
const noNames: ReadonlySet<string> = new Set()
const noTemplates: readonly UriTemplate[] = []
const noLocals: ReadonlyMap<string, Checked> = new Map()

const looksLikeUri = /^[A-Za-z][A-Za-z0-9+.-]*:/

function checkItem(
  server: ServerInfo,
  item: ItemTarget,
  kind: Kind,
  asks: boolean,
  report: Report,
): ItemPattern | undefined {
  if (item.kind === 'all') return { kind: 'all' }
  const text = item.kind === 'name' ? item.name.text : item.pattern.value
  if (asks) {
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
  return uri ? uriPattern(server, item, text, report) : namePattern(server, item, text, kind, report)
}

function namePattern(
  server: ServerInfo,
  item: ItemTarget,
  text: string,
  kind: Kind,
  report: Report,
): ItemPattern | undefined {
  const isPattern = item.kind === 'pattern' && /(?<!\\)\*/.test(text)
  const name = text.replaceAll('\\*', '*')
  // A server without a lock that could be read: whatever is called so.
  if (server.index === undefined)
    return isPattern ? { kind: 'pattern', pattern: text } : { kind: 'names', names: [name] }
  const { tools, prompts } = server.index
  const [noun, items] =
    kind === 'tool'
      ? (['tool', [tools]] as const)
      : kind === 'prompt' || kind === 'completion'
        ? (['prompt', [prompts]] as const)
        : (['tool or prompt', [tools, prompts]] as const)
  const names = isPattern
    ? items.flatMap((one) => one.matching(text))
    : items.some((one) => one.names.has(name))
      ? [name]
      : []
  noteItems(server, items, names, item.span, report)
  if (names.length > 0) return { kind: 'names', names: [...new Set(names)] }
  const known = items.flatMap((one) => [...one.names])
  if (isPattern)
    report.add('unknown-item', item.span, `no ${noun} in the lock of \`${server.name}\` matches \`${text}\``, {
      help: didYouMean(text.replaceAll('*', ''), known) ?? listed(known),
    })
  else
    report.add(
      'unknown-item',
      item.span,
      `the lock of \`${server.name}\` has no ${noun} \`${name}\``,
      item.kind === 'name'
        ? { help: listed(known), ...suggestion(name, known.filter(isWord), item.span) }
        : { help: didYouMean(name, known) ?? listed(known) },
    )
  return undefined
}

/** A pattern stands for all that it matches; of many, saying so helps nobody. */
function noteItems(
  { name: server, index }: ServerInfo,
  items: readonly NamedItems[],
  names: readonly string[],
  span: ItemTarget['span'],
  { notes }: Report,
): void {
  if (notes === undefined || server === undefined || names.length > mostNoted) return
  for (const one of items)
    for (const name of names)
      if (one.names.has(name)) notes.refer(span, { kind: one === index?.tools ? 'tool' : 'prompt', server, name })
}

const mostNoted = 20

function isWord(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name)
}

function uriPattern(server: ServerInfo, item: ItemTarget, text: string, report: Report): ItemPattern | undefined {
  const { template, reason } = parseUriTemplate(text)
  if (template === undefined) {
    report.add('bad-template', item.span, reason)
    return undefined
  }
  for (const name of template.variables) declarable(report, name, item.span)
  if (server.index?.mayMatch(template) === false)
    report.add('unmatched-template', item.span, `no resource in the lock of \`${server.name}\` can match \`${text}\``)
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
          { path: `${name}#uri`, optional: !everywhere },
        ),
      )
    }
  return locals
}

/** Where URI templates declare their variables, as far as the text is written as it is read. */
function noteVariables(
  items: readonly ItemTarget[],
  templates: readonly UriTemplate[],
  { notes }: Report,
): Scope['bound'] {
  if (notes === undefined) return noneBound
  const first = new Map<string, Scope['bound'][number]>()
  for (const item of items) {
    if (item.kind !== 'pattern') continue
    const { value, span } = item.pattern
    if (value.length + 2 !== span.end - span.start || !templates.some(({ text }) => text === value)) continue
    for (const { 0: variable, 1: sigil = '', 2: name = '', index } of value.matchAll(/\{([+/]?)([A-Za-z_]\w*)\*?\}/g)) {
      const start = span.start + 1 + index + 1 + sigil.length
      const at = { ...span, start, end: start + name.length }
      const referent = first.get(name) ?? { kind: 'local', name, at }
      first.set(name, referent)
      notes.declare(at, referent, {
        span: { ...at, start: start - 1 - sigil.length, end: start - 1 - sigil.length + variable.length },
      })
    }
  }
  return [...first.values()]
}

/** What `args` is: of all the tools, or prompts, that the rule is about. */
function argumentsType(server: ServerInfo, kind: Kind, patterns: readonly ItemPattern[]): Type | undefined {
  if (kind !== 'tool' && kind !== 'prompt') return undefined
  if (server.index === undefined) return json
  const items = kind === 'tool' ? server.index.tools : server.index.prompts
  const all = patterns.some((p) => p.kind === 'all')
  const names = new Set(patterns.flatMap((p) => (p.kind === 'names' ? p.names : [])))
  return items.argumentsOf(all ? undefined : [...names])
}
