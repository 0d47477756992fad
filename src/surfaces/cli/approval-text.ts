import type { ApprovalRequest } from 'licet/mcp'
import { parseJson, stringifyJson } from '../../base/json.ts'
import { visibleText } from '../../base/visible.ts'

/** One line: enough to know which it is. */
export function approvalLine(request: ApprovalRequest): string {
  const { id, call, needs } = request
  const who = [call.actor, ...call.agents].join(' via ')
  return `${id}  ${visibleText(`${who}: ${call.method} ${call.name} on ${call.server}; ${needs.join(', ')}; ${stateOf(request)}`)}`
}

/** All that an approval is bound to, in characters that show. */
export function approvalText(request: ApprovalRequest): string {
  const { id, call, needs, asked, expires } = request
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['request', id],
    ['state', stateOf(request)],
    ['takes', needs.join(', ')],
    ['asked', time(asked)],
    ['expires', time(expires)],
    ['actor', call.actor],
    ['agents', call.agents.length === 0 ? undefined : call.agents.join(', ')],
    ['issuer', call.iss],
    ['subject', call.sub],
    ['tenant', call.tenant],
    ['server', call.server],
    ['reached', call.reached],
    ['method', call.method],
    ['name', call.name],
    ['policy', call.policy],
    ['lock', call.lock],
  ]
  const shown = rows.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name.padEnd(9)} ${visibleText(value)}\n`],
  )
  return shown.join('') + argumentsText(call.arguments)
}

function argumentsText(text: string | undefined): string {
  if (text === undefined) return ''
  const { value, error } = parseJson(text, { bigints: true })
  const lines = error === undefined ? stringifyJson(value, 2).split('\n') : [text]
  return `arguments\n${lines.map((line) => `  ${visibleText(line)}\n`).join('')}`
}

function stateOf({ grantedBy, deniedBy }: ApprovalRequest): string {
  if (deniedBy !== undefined) return `denied by ${deniedBy}`
  return grantedBy.length === 0 ? 'waits' : `granted by ${grantedBy.join(', ')}`
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
