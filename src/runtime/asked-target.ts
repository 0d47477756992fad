import { didYouMean } from '../base/suggest.ts'
import { checkEntityName } from '../facts/entity-name.ts'
import type { FactSchema } from '../facts/schema.ts'
import type { Tool } from '../ir/program.ts'
import { matchUri, parseUriTemplate } from '../ir/uri-template.ts'
import { evaluationError } from '../value/evaluation-error.ts'
import { hasOwnField, isPlainObject } from '../value/plain-object.ts'
import type { EvaluationError } from '../value/value.ts'
import type { Policy } from './policy.ts'
import type { AskedTarget } from './question.ts'
import { ToolCall } from './tool-call.ts'

/** What a request is about, in its right form; whether the item exists is another question. */
export function askedTarget(policy: Policy, schema: FactSchema, input: unknown): AskedTarget | EvaluationError {
  const isItem =
    ToolCall.isAny(input) || (isPlainObject(input) && hasOwnField(input, 'kind') && !hasOwnField(input, 'id'))
  if (!isItem) {
    const checked = checkEntityName(schema, input)
    return checked.reasons === undefined
      ? { kind: 'entity', entity: checked.value }
      : badRequest(checked.reasons[0]?.message)
  }
  const item = input as Readonly<Record<string, unknown>>
  const { kind } = item
  const text = (name: string): string | undefined => {
    const value = hasOwnField(item, name) ? item[name] : undefined
    return typeof value === 'string' ? value : undefined
  }
  const server = text('server')
  if (server === undefined) return badRequest('an item has a `server`')
  const name = text('name')
  const uri = text('uri')
  const template = text('uriTemplate')
  if (kind === 'server') return { kind, server }
  if (kind === 'tool' && name !== undefined) return { kind, server, name, tool: toolOf(policy, server, name) }
  if (kind === 'prompt' && name !== undefined) return { kind, server, name }
  if (kind === 'resource' && uri !== undefined) return { kind, server, uri }
  if (kind === 'template' && template !== undefined) return { kind, server, text: template, ...parsed(template) }
  return badRequest(
    'an item is a tool or prompt with a `name`, a resource with a `uri`, a template with a `uriTemplate`, or a server',
  )
}

function parsed(text: string): Pick<Extract<AskedTarget, { kind: 'template' }>, 'template'> {
  const { template } = parseUriTemplate(text)
  return template === undefined ? {} : { template }
}

/** The annotations of the lock, never of the request; without a lock, the specification's defaults. */
export function toolOf(policy: Policy, server: string, name: string): Tool {
  const locked = policy.servers.get(server)?.tools.get(name)
  return locked ?? { name, readOnly: false, destructive: true, idempotent: false, openWorld: true }
}

/** Why no rule can open an item, or undefined: its server is not the policy's, or the server's lock does not have it. */
export function notLocked(policy: Policy, target: AskedTarget): EvaluationError | undefined {
  if (target.kind === 'entity') return undefined
  const { server } = target
  if (!policy.servers.has(server)) {
    const help = didYouMean(server, policy.servers.keys())
    return badRequest(
      `no block of the policy is about the server \`${server}\`${help === undefined ? '' : `; ${help}`}`,
    )
  }
  const lock = policy.servers.get(server)
  if (lock === undefined) return undefined
  const missing = (what: string) => badRequest(`the lock of \`${server}\` does not have ${what}`)
  switch (target.kind) {
    case 'tool':
      return lock.tools.has(target.name) ? undefined : missing(`the tool \`${target.name}\``)
    case 'prompt':
      return lock.prompts.has(target.name) ? undefined : missing(`the prompt \`${target.name}\``)
    case 'template':
      return lock.templates.some(({ text }) => text === target.text) ? undefined : missing('this resource template')
    case 'resource': {
      const { uri } = target
      const templated = () => lock.templates.some(({ template }) => template !== undefined && matchUri(template, uri))
      return lock.uris.has(uri) || templated() ? undefined : missing('this resource')
    }
    case 'server':
      return undefined
  }
}

export function badRequest(message = 'a request that cannot be read'): EvaluationError {
  return evaluationError('bad-request', message)
}
