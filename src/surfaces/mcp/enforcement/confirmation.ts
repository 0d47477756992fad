import type { JsonObject } from '../../../base/json.ts'
import { visibleText } from '../../../base/visible.ts'
import { own, ownObject } from '../protocol/message.ts'

import type { ExactCall } from '../stores/approvals.ts'

/** Characters: what the user cannot see all of is not asked about. */
const longestShown = 8192

/**
 * The parameters of an `elicitation/create` that asks the user to confirm a call (MCP 2025-11-25 and 2026-07-28, form mode). The call is
 * shown whole, in characters that show. Undefined where that is too long.
 */
export function confirmationForm({ server, method, name, arguments: args }: ExactCall): JsonObject | undefined {
  const lines = [`${method} ${name}`, ...(args === undefined ? [] : [args])]
  const shown = lines.map(visibleText).join('\n')
  if (shown.length > longestShown) return undefined
  return {
    message: `Do you confirm this request to ${visibleText(server)}?\n${shown}`,
    requestedSchema: {
      type: 'object',
      properties: { confirm: { type: 'boolean', title: 'Confirm', description: 'Exactly this, once', default: false } },
      required: ['confirm'],
    },
  }
}

/** Whether the user has said yes: neither declining nor a form that is sent off as it was does. */
export function isConfirmed(answer: JsonObject): boolean {
  return own(answer, 'action') === 'accept' && own(ownObject(answer, 'content') ?? {}, 'confirm') === true
}

/** Whether the capabilities of a client include forms (2025-11-25: an empty object is the same as `form`). */
export function hasForms(capabilities: JsonObject | undefined): boolean {
  const elicitation = capabilities && ownObject(capabilities, 'elicitation')
  if (elicitation === undefined) return false
  return ownObject(elicitation, 'form') !== undefined || Object.keys(elicitation).length === 0
}
