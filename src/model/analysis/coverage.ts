import type { ItemPattern, Target } from '../../ir/program.ts'
import { matchesWildcard } from '../../ir/wildcard.ts'
import type { CheckedRule } from '../checked-policy.ts'

/** Without a condition, and not only without one that could be false: what has no value in a request holds in none. */
export function isUnconditional({ condition }: CheckedRule): boolean {
  return condition.kind === 'constant' && condition.value.kind === 'boolean' && condition.value.value
}

/** What some rules are about together. Names are looked up, so that asking costs little however many rules there are. */
export interface Coverage {
  add(rule: CheckedRule): void
  /** Each action of the rule on each of its targets is covered. */
  covers(rule: CheckedRule): boolean
  /** Some action on some target may be covered; certain but for patterns and templates that could meet. */
  meets(rule: CheckedRule): boolean
}

/** Of one server, or of all: by action, `*` for every one. */
interface Items {
  readonly all: Set<string>
  readonly names: Map<string, Set<string>>
  readonly others: { readonly action: string; readonly item: ItemPattern }[]
}

export function coverage(rules: Iterable<CheckedRule> = []): Coverage {
  const everything = new Set<string>()
  const types = new Map<string, Set<string>>()
  const servers = new Map<string, Items>()
  const add = ({ actions, target }: CheckedRule): void => {
    for (const action of actions === '*' ? ['*'] : actions) {
      if (target.kind === 'everything') everything.add(action)
      else if (target.kind === 'types') for (const type of target.types) addTo(types, type, action)
      else addItems(servers, target, action)
    }
  }
  for (const rule of rules) add(rule)
  const anywhere = (action: string) => everything.has('*') || everything.has(action)
  const onType = (type: string, action: string) =>
    anywhere(action) || types.get(type)?.has('*') === true || types.get(type)?.has(action) === true
  const itemsFor = (server: string | undefined) =>
    [servers.get('*'), server === undefined ? undefined : servers.get(server)].filter((one) => one !== undefined)
  const onItem = (server: string | undefined, action: string, item: ItemPattern) =>
    anywhere(action) || itemsFor(server).some((items) => covered(items, action, item))
  const meetsItem = (server: string | undefined, action: string, item: ItemPattern) => {
    const among = server === undefined ? [...servers.values()] : itemsFor(server)
    return anywhere(action) || among.some((items) => met(items, action, item))
  }
  return {
    add,
    covers: ({ actions, target }) => {
      const asked = actions === '*' ? ['*'] : actions
      if (target.kind === 'everything') return asked.every(anywhere)
      if (target.kind === 'types') return target.types.every((type) => asked.every((action) => onType(type, action)))
      return target.items.every((item) => asked.every((action) => onItem(target.server, action, item)))
    },
    meets: ({ actions, target }) => {
      if (actions === '*' || target.kind === 'everything') return true
      if (target.kind === 'types') return target.types.some((type) => actions.some((action) => onType(type, action)))
      return target.items.some((item) => actions.some((action) => meetsItem(target.server, action, item)))
    },
  }
}

function addTo(map: Map<string, Set<string>>, key: string, action: string): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, new Set([action]))
  else known.add(action)
}

function addItems(servers: Map<string, Items>, target: Target & { readonly kind: 'items' }, action: string): void {
  const server = target.server ?? '*'
  const items: Items = servers.get(server) ?? { all: new Set(), names: new Map(), others: [] }
  servers.set(server, items)
  for (const item of target.items)
    if (item.kind === 'all') items.all.add(action)
    else if (item.kind === 'names') for (const name of item.names) addTo(items.names, name, action)
    else items.others.push({ action, item })
}

function has(actions: ReadonlySet<string> | undefined, action: string): boolean {
  return actions !== undefined && (actions.has('*') || actions.has(action))
}

function covered({ all, names, others }: Items, action: string, item: ItemPattern): boolean {
  if (has(all, action)) return true
  if (item.kind === 'all') return false
  const among = others.filter((other) => other.action === '*' || other.action === action)
  if (item.kind === 'names')
    return item.names.every(
      (name) =>
        has(names.get(name), action) ||
        among.some((other) => other.item.kind === 'pattern' && matchesWildcard(other.item.pattern, name)),
    )
  return among.some(({ item: other }) =>
    item.kind === 'pattern'
      ? other.kind === 'pattern' && other.pattern === item.pattern
      : other.kind === 'uri' && JSON.stringify(other.template) === JSON.stringify(item.template),
  )
}

function met({ all, names, others }: Items, action: string, item: ItemPattern): boolean {
  if (has(all, action)) return true
  const among = others.filter((other) => other.action === '*' || other.action === action)
  switch (item.kind) {
    case 'all':
      return among.length > 0 || [...names.values()].some((actions) => has(actions, action))
    case 'names':
      return item.names.some(
        (name) =>
          has(names.get(name), action) ||
          among.some((other) => other.item.kind === 'pattern' && matchesWildcard(other.item.pattern, name)),
      )
    case 'pattern':
      return (
        among.some((other) => other.item.kind === 'pattern') ||
        [...names].some(([name, actions]) => has(actions, action) && matchesWildcard(item.pattern, name))
      )
    case 'uri':
      return among.some((other) => other.item.kind === 'uri')
  }
}
