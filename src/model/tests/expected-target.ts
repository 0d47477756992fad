import { didYouMean, listed } from '../../base/suggest.ts'
import { argumentsType } from '../../lock/schema-type.ts'
import type { Name, ExpectedTarget as Written } from '../../syntax/ast.ts'
import { decode } from '../../value/decode.ts'
import { absent } from '../../value/value.ts'
import type { Report } from '../report.ts'
import { mcpActions, type Schema, type ServerInfo } from '../schema.ts'
import { alternatives } from '../shape.ts'
import { plain } from './plain.ts'
import type { ExpectedTarget } from './test-case.ts'

/** What a test asks about in a server: a name that is in the lock, and arguments that its schema knows. */
export function expectedTarget(
  schema: Schema,
  action: Name,
  on: Written & { readonly kind: 'item' },
  report: Report,
): ExpectedTarget | undefined {
  const kind = mcpActions.get(action.text)
  if (kind === undefined) {
    report.add('unknown-action', action.span, `\`${action.text}\` is no action of the Model Context Protocol`, {
      help: didYouMean(action.text, mcpActions.keys()),
    })
    return undefined
  }
  const server = on.server.text
  const info = schema.servers.get(server)
  if (info === undefined) {
    if (!schema.broken.has(server))
      report.add('unknown-server', on.server.span, `no block declares the server \`${server}\``, {
        help: didYouMean(server, schema.servers.keys()),
      })
    return undefined
  }
  report.notes?.refer(action.span, { kind: 'mcp-action', name: action.text })
  report.notes?.refer(on.server.span, { kind: 'server', name: server })
  const read = on.args === undefined ? undefined : plain(on.args)
  if (read !== undefined && 'problem' in read) {
    report.add('bad-test', read.at, read.problem)
    return undefined
  }
  const args = read === undefined ? {} : { args: read.value }
  const name = on.name.value
  if (kind === 'server') return { kind: 'server', server }
  const uri = on.quoted && /^[A-Za-z][A-Za-z0-9+.-]*:/.test(name)
  if (kind === 'resource' && !uri) {
    report.add('bad-test', on.name.span, `\`${name}\` is no URI`)
    return undefined
  }
  if (uri && (kind === 'resource' || kind === 'any')) return { kind: 'resource', server, uri: name }
  if (uri) return { kind: 'template', server, uriTemplate: name }
  const tools = info.lock?.tools.map((tool) => tool.name) ?? []
  const item = kind === 'tool' || (kind === 'any' && tools.includes(name)) ? 'tool' : 'prompt'
  if (info.lock !== undefined) {
    const names = item === 'tool' ? tools : info.lock.prompts.map((prompt) => prompt.name)
    if (!names.includes(name)) {
      report.add('unknown-item', on.name.span, `the lock of \`${server}\` has no ${item} \`${name}\``, {
        help: didYouMean(name, names) ?? listed(names),
      })
      return undefined
    }
    report.notes?.refer(on.name.span, { kind: item, server, name })
    if (item === 'tool' && read !== undefined) checkArguments(info, name, read.value, on, report)
  }
  return { kind: item, server, name, ...args }
}

function checkArguments(
  server: ServerInfo,
  name: string,
  args: unknown,
  on: Written & { readonly kind: 'item' },
  report: Report,
): void {
  const tool = server.lock?.tools.find((one) => one.name === name)
  const { type } = argumentsType(tool?.inputSchema)
  for (const entry of on.args?.entries ?? []) {
    const fields = alternatives(type).flatMap((one) => (one.kind === 'record' ? one.fields : []))
    const field = fields.find((one) => one.name === entry.key.text)
    if (server.name !== undefined)
      report.notes?.refer(entry.key.span, { kind: 'argument', server: server.name, name: entry.key.text })
    if (fields.length === 0 && type.kind !== 'record') return
    if (field === undefined) {
      report.add('unknown-field', entry.key.span, `\`${name}\` has no argument \`${entry.key.text}\``, {
        help: didYouMean(
          entry.key.text,
          fields.map((f) => f.name),
        ),
      })
      continue
    }
    const value = decode((args as Record<string, unknown>)[entry.key.text], field.type)
    if (value === absent || typeof value !== 'object') continue
    const error = value.kind === 'error' ? value : value.kind === 'set' ? value.gap : undefined
    if (error !== undefined && type.kind === 'record')
      report.add('type-mismatch', entry.value.span, `\`${entry.key.text}\`: ${error.message}`)
  }
}
