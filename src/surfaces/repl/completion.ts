import type { Engine, NamePlace } from '../../index.ts'
import { expectedNext } from '../../index.ts'
import { functionNames, itemActions } from '../../questions.ts'
import { commands } from './commands.ts'
import { keysIn } from './keys.ts'
import { memberOf } from './members.ts'
import { entityText, itemName, textLiteral } from './notation.ts'
import type { State } from './state.ts'

/** What can stand at the end of a text: from an offset on, one of these. */
export interface Completion {
  readonly from: number
  /** Sorted, and not all of them where there are very many. */
  readonly options: readonly string[]
}

const most = 100

/** What is being written stands in so much of the end: an id has at most 1 KiB. */
const longestName = 1200

/** An entity or a word that is being written; the same within quotes. */
const begun = /(?:[A-Z]\w*:[\w-]*|[A-Za-z_]\w*)$/
const begunQuoted = /(?:[A-Z]\w*:)?"[^"]*$/

export function completionOf(text: string, state: State): Completion {
  if (text.trimStart().startsWith(':')) return ofCommand(text, state)
  const isQuoted = (text.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1
  const [partial = ''] = (isQuoted ? begunQuoted : begun).exec(text.slice(-longestName)) ?? []
  const from = text.length - partial.length
  const { words, places, before } = expectedNext(text.slice(0, from))
  const found = new Set(words.filter((word) => word.startsWith(partial)))
  for (const place of places) for (const name of namesAt(place, partial, before, state)) found.add(name)
  return { from, options: [...found].sort().slice(0, most) }
}

function ofCommand(text: string, state: State): Completion {
  const [, command = '', rest] = /^\s*:(\w*)(?:\s+(.*))?$/.exec(text) ?? []
  if (rest === undefined) {
    return {
      from: text.length - command.length,
      options: Object.keys(commands).filter((name) => name.startsWith(command)),
    }
  }
  const from = text.length - rest.length
  if (command === 'facts') return { from, options: [...entities(rest, typesOf(state), state)].sort().slice(0, most) }
  const words = ['watch', 'trace', 'time'].includes(command) ? ['off', 'on'] : []
  return { from, options: words.filter((word) => word.startsWith(rest)) }
}

function namesAt(place: NamePlace, partial: string, before: readonly string[], state: State): Iterable<string> {
  const { program, locks, tests } = state.policy
  const begins = (names: Iterable<string>) => [...names].filter((name) => name.startsWith(partial))
  const last = before.at(-1) ?? ''
  switch (place) {
    case 'actor':
      return entities(partial, actorTypes(state), state)
    case 'agent':
      return entities(partial, ['Agent'], state)
    case 'entity': {
      // After an action, only what it can be granted on.
      const granted = program.actions.find(({ action }) => action === last)?.types
      return entities(partial, granted ?? typesOf(state), state)
    }
    case 'type':
      return begins(typesOf(state))
    case 'action':
      return begins([
        ...program.actions.map(({ action }) => action),
        ...(program.servers.length === 0 ? [] : itemActions),
      ])
    case 'item':
      return begins(
        [...locks.values()].flatMap(({ tools, prompts, resources }) => {
          if (last === 'call') return tools.map(({ name }) => itemName(name))
          if (last === 'get' || last === 'complete') return prompts.map(({ name }) => itemName(name))
          return last === 'read' || last === 'subscribe' ? resources.map(({ uri }) => textLiteral(uri)) : []
        }),
      )
    case 'server':
      return begins(program.servers.map(({ name }) => name))
    case 'role':
      return begins(program.roles.filter(({ type }) => type === undefined).map(({ name }) => name))
    case 'input':
      return begins(['approvals', 'confirmed', 'context', 'now', 'session', 'token'])
    case 'test':
      return begins(tests.map(({ name }) => textLiteral(name)))
    case 'key':
      return begins(keysIn(before, state.policy)).map((key) => `${key}: `)
    case 'member':
      return begins(memberOf(before, state.policy, state.said.by?.actor))
    case 'name':
      return begins([
        ...(state.said.by === undefined ? [] : ['actor']),
        ...variables,
        ...program.roles.filter(({ type }) => type === undefined).map(({ name }) => name),
        ...[...program.functions.map(({ name }) => name), ...functionNames].map((name) => `${name}(`),
      ])
  }
}

const variables = ['context', 'now', 'session', 'token']

function typesOf({ policy }: State): readonly string[] {
  return policy.program.types.map(({ name }) => name)
}

function actorTypes({ policy }: State): readonly string[] {
  return policy.program.types.filter(({ actor }) => actor).map(({ name }) => name)
}

/** `User:` where no more than a type is begun, else the entities of it that begin so. */
function entities(partial: string, types: readonly string[], { engine }: State): readonly string[] {
  const colon = partial.indexOf(':')
  if (colon === -1) return types.filter((type) => type.startsWith(partial)).map((type) => `${type}:`)
  const type = partial.slice(0, colon)
  if (!types.includes(type)) return []
  const id = partial.slice(colon + 1)
  const prefix = `${type}:${id.startsWith('"') ? id.slice(1) : id}`
  return beginning(known(engine, type), prefix).map(entityText)
}

/** Names of entities by type, sorted; kept until facts change, since an engine may have very many of them. */
const knownNames = new WeakMap<Engine, { readonly revision: number; readonly names: Map<string, readonly string[]> }>()

function known(engine: Engine, type: string): readonly string[] {
  const { revision } = engine.facts
  let kept = knownNames.get(engine)
  if (kept?.revision !== revision) {
    kept = { revision, names: new Map() }
    knownNames.set(engine, kept)
  }
  const names = kept.names.get(type) ?? engine.facts.entities(type)
  kept.names.set(type, names)
  return names
}

/** Those of a sorted list that begin with a text, at most so many as are told. */
function beginning(sorted: readonly string[], prefix: string): readonly string[] {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? '') < prefix) low = middle + 1
    else high = middle
  }
  const found: string[] = []
  for (let i = low; found.length < most && sorted[i]?.startsWith(prefix); i++) found.push(sorted[i] ?? '')
  return found
}
