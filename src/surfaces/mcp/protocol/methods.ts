/**
 * What is done with a method. `pass`: nothing is decided. `item`: one item is asked for, by `action`. `list`: the answer is
 * filtered. `server`: the client is asked to give something, or the server's log is. What has no entry is denied.
 */
export type Handling =
  | { readonly kind: 'pass' }
  | { readonly kind: 'item'; readonly action: 'call' | 'read' | 'get' | 'subscribe' | 'complete' }
  | { readonly kind: 'list'; readonly list: 'tools' | 'prompts' | 'resources' | 'resourceTemplates' }
  | { readonly kind: 'server'; readonly action: 'log' | 'sample' | 'elicit' | 'roots' }
  /** Decided as the request that created the thing it is about. */
  | { readonly kind: 'unsubscribe' | 'listen' | 'task' | 'tasks' }

const pass: Handling = { kind: 'pass' }

/** Both revisions, 2025-11-25 and 2026-07-28, and the tasks extension of the latter. */
export const clientRequests: ReadonlyMap<string, Handling> = new Map<string, Handling>([
  ['initialize', pass],
  ['ping', pass],
  ['server/discover', pass],
  ['tools/list', { kind: 'list', list: 'tools' }],
  ['tools/call', { kind: 'item', action: 'call' }],
  ['prompts/list', { kind: 'list', list: 'prompts' }],
  ['prompts/get', { kind: 'item', action: 'get' }],
  ['resources/list', { kind: 'list', list: 'resources' }],
  ['resources/templates/list', { kind: 'list', list: 'resourceTemplates' }],
  ['resources/read', { kind: 'item', action: 'read' }],
  ['resources/subscribe', { kind: 'item', action: 'subscribe' }],
  ['resources/unsubscribe', { kind: 'unsubscribe' }],
  ['subscriptions/listen', { kind: 'listen' }],
  ['completion/complete', { kind: 'item', action: 'complete' }],
  ['logging/setLevel', { kind: 'server', action: 'log' }],
  ['tasks/get', { kind: 'task' }],
  ['tasks/result', { kind: 'task' }],
  ['tasks/update', { kind: 'task' }],
  ['tasks/cancel', { kind: 'task' }],
  ['tasks/list', { kind: 'tasks' }],
])

/** What changes what a server keeps for its client: not for requests that stand each for itself (2026-07-28), where it has no such thing. */
export const sessionRequests: ReadonlySet<string> = new Set([
  'initialize',
  'logging/setLevel',
  'resources/subscribe',
  'resources/unsubscribe',
])

export const serverRequests: ReadonlyMap<string, Handling> = new Map<string, Handling>([
  ['ping', pass],
  ['sampling/createMessage', { kind: 'server', action: 'sample' }],
  ['elicitation/create', { kind: 'server', action: 'elicit' }],
  ['roots/list', { kind: 'server', action: 'roots' }],
])

/** What has to hold before a notification is passed; what has no entry is dropped. */
export type NotificationRule =
  | 'pass'
  /** `requestId` is a request in flight of the sender. */
  | 'cancelled'
  /** `progressToken` is one that the receiver gave. */
  | 'progress'
  /** The log may be read. */
  | 'log'
  /** The resource may be read or subscribed to. */
  | 'updated'
  /** The list is looked at again. */
  | 'list-changed'
  /** The request that created the task would still be allowed. */
  | 'task'
  /** It belongs to a `subscriptions/listen` in flight. */
  | 'acknowledged'
  /** `elicitationId` is one that was let through. */
  | 'elicitation'

export const clientNotifications: ReadonlyMap<string, NotificationRule> = new Map<string, NotificationRule>([
  ['notifications/initialized', 'pass'],
  ['notifications/roots/list_changed', 'pass'],
  ['notifications/cancelled', 'cancelled'],
  ['notifications/progress', 'progress'],
])

export const serverNotifications: ReadonlyMap<string, NotificationRule> = new Map<string, NotificationRule>([
  ['notifications/cancelled', 'cancelled'],
  ['notifications/progress', 'progress'],
  ['notifications/message', 'log'],
  ['notifications/resources/updated', 'updated'],
  ['notifications/tools/list_changed', 'list-changed'],
  ['notifications/prompts/list_changed', 'list-changed'],
  ['notifications/resources/list_changed', 'list-changed'],
  ['notifications/subscriptions/acknowledged', 'acknowledged'],
  ['notifications/tasks/status', 'task'],
  ['notifications/elicitation/complete', 'elicitation'],
])

/** The members of `params` that are passed on. What a rule could not look at does not reach the server. */
export const knownParams: ReadonlyMap<string, readonly string[]> = new Map([
  ['initialize', ['protocolVersion', 'capabilities', 'clientInfo', '_meta']],
  ['ping', ['_meta']],
  ['server/discover', ['_meta']],
  ['tools/call', ['name', 'arguments', 'task', 'inputResponses', 'requestState', '_meta']],
  ['prompts/get', ['name', 'arguments', 'inputResponses', 'requestState', '_meta']],
  ['resources/read', ['uri', 'inputResponses', 'requestState', '_meta']],
  ['resources/subscribe', ['uri', '_meta']],
  ['resources/unsubscribe', ['uri', '_meta']],
  ['completion/complete', ['ref', 'argument', 'context', '_meta']],
  ['logging/setLevel', ['level', '_meta']],
  ['subscriptions/listen', ['notifications', '_meta']],
  ['tasks/get', ['taskId', '_meta']],
  ['tasks/result', ['taskId', '_meta']],
  ['tasks/cancel', ['taskId', '_meta']],
  ['tasks/update', ['taskId', 'inputResponses', 'requestState', '_meta']],
  ['notifications/initialized', ['_meta']],
  ['notifications/roots/list_changed', ['_meta']],
  ['notifications/cancelled', ['requestId', 'reason', '_meta']],
  ['notifications/progress', ['progressToken', 'progress', 'total', 'message', '_meta']],
])
