import type { JsonObject } from '../../../base/json.ts'
import { isJsonObject } from '../../../base/json.ts'
import type { Item } from '../../../index.ts'
import type { ItemList } from '../../../lock/format.ts'
import { itemLists } from '../../../lock/format.ts'
import { own, ownObject, ownString, pick } from '../protocol/message.ts'
import type { Handling } from '../protocol/methods.ts'
import type { Question } from './judge.ts'

/** A request that asks for one item, and the parameters that reach the server: those that the question was made of. */
export interface ItemRequest {
  readonly question: Question
  readonly params: JsonObject
}

type ItemAction = Extract<Handling, { kind: 'item' }>['action']

/** Undefined where the parameters do not have the form that the method wants, whatever item they are about. */
export function itemRequest(server: string, action: ItemAction, params: JsonObject): ItemRequest | undefined {
  switch (action) {
    case 'call':
    case 'get':
      return namedRequest(server, action, params)
    case 'read':
    case 'subscribe': {
      const uri = ownString(params, 'uri')
      return uri === undefined ? undefined : { question: uriQuestion(server, action, uri), params }
    }
    case 'complete':
      return completionRequest(server, params)
  }
}

export function uriQuestion(server: string, action: 'read' | 'subscribe', uri: string): Question {
  return { action, item: { kind: 'resource', server, uri } }
}

function namedRequest(server: string, action: 'call' | 'get', params: JsonObject): ItemRequest | undefined {
  const name = ownString(params, 'name')
  const args = own(params, 'arguments') ?? {}
  if (name === undefined || !isJsonObject(args)) return undefined
  // MCP, `GetPromptRequestParams`: the arguments of a prompt are strings.
  if (action === 'get' && Object.values(args).some((value) => typeof value !== 'string')) return undefined
  const item: Item = { kind: action === 'call' ? 'tool' : 'prompt', server, name, args }
  // `null` was judged as no arguments, and is sent as none.
  const { arguments: _, ...others } = params
  return { question: { action, item, args }, params: own(params, 'arguments') === null ? others : params }
}

function completionRequest(server: string, params: JsonObject): ItemRequest | undefined {
  const ref = ownObject(params, 'ref')
  if (ref === undefined) return undefined
  const name = ownString(ref, 'name')
  const uriTemplate = ownString(ref, 'uri')
  switch (ownString(ref, 'type')) {
    case 'ref/prompt':
      if (name === undefined) return undefined
      return {
        question: { action: 'complete', item: { kind: 'prompt', server, name } },
        params: { ...params, ref: pick(ref, ['type', 'name', 'title']) },
      }
    case 'ref/resource':
      if (uriTemplate === undefined) return undefined
      return {
        question: { action: 'complete', item: { kind: 'template', server, uriTemplate } },
        params: { ...params, ref: pick(ref, ['type', 'uri']) },
      }
    default:
      return undefined
  }
}

/** The item that an entry of a list defines. */
export function listedItem(server: string, list: ItemList, entry: JsonObject): Item | undefined {
  const name = ownString(entry, itemLists[list].key)
  if (name === undefined) return undefined
  switch (list) {
    case 'tools':
      return { kind: 'tool', server, name }
    case 'prompts':
      return { kind: 'prompt', server, name }
    case 'resources':
      return { kind: 'resource', server, uri: name }
    case 'resourceTemplates':
      return { kind: 'template', server, uriTemplate: name }
  }
}
