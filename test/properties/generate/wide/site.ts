import type { Draw } from '../drawn.ts'
import { ids, type Link, type Relation, type TypeName, types } from './world.ts'

/** Which way a condition counts where it stands. */
export type Sign = '+' | '-' | 'both'

/** Where an expression stands, and so what it may say. */
export interface Site {
  /** What `resource` may be; none in an item. */
  readonly resource: readonly TypeName[]
  /** In a block, where `resource.` may be left out. */
  readonly bare: boolean
  /** Who acts in this policy, and what types there are. */
  readonly actors: readonly TypeName[]
  readonly types: readonly TypeName[]
  /** Of the body it is part of. */
  readonly rank: number
  readonly sign: Sign
  readonly agent: boolean
  /** Agents have attributes that nobody declared. */
  readonly dynamicAgents: boolean
  /** What leads back to itself through a negation is marked as meant. */
  readonly recursive: boolean
  readonly isRule: boolean
  /** The arguments and template variables there are. */
  readonly items: readonly string[]
  readonly locals: readonly { readonly name: string; readonly type: TypeName | 'string' | 'int' }[]
}

export function flipped(site: Site): Site {
  return { ...site, sign: site.sign === 'both' ? 'both' : site.sign === '+' ? '-' : '+' }
}

export function either(site: Site): Site {
  return { ...site, sign: 'both' }
}

/** Some entities, or one. */
export interface Path {
  readonly text: string
  readonly to: readonly TypeName[]
  readonly many: boolean
  /** It may come to nothing. */
  readonly loose: boolean
  /** It starts where a stored field at its end means a membership. */
  readonly own: boolean
  readonly steps: number
}

const fixed = (text: string, to: readonly TypeName[], own = false): Path => ({
  text,
  to,
  many: false,
  loose: false,
  own,
  steps: 0,
})

function roots(draw: Draw, site: Site): Path {
  const { resource, actors, locals, items, types: known } = site
  const choices: Path[] = []
  if (resource.length > 0) {
    const own = fixed(site.bare && draw.chance(80) ? '' : 'resource', resource, true)
    choices.push(own, own, own, own)
  }
  for (const { name, type } of locals)
    if (type !== 'string' && type !== 'int') choices.push(...Array(3).fill(fixed(name, [type])))
  if (actors.length === 1) choices.push(fixed('actor', actors))
  else choices.push(fixed('(actor is User ? actor : User:u0)', ['User']))
  const type = draw.of(known)
  choices.push(fixed(`${type}:${quoted(draw.of(ids[type]))}`, [type]))
  if (items.includes('args.id'))
    choices.push(fixed('Doc[args.id]', ['Doc'], true), fixed('Doc["{args.id}"]', ['Doc'], true))
  if (items.includes('id')) choices.push(fixed('Doc[id]', ['Doc'], true))
  if (items.includes('folder'))
    choices.push(fixed('Folder[folder]', ['Folder'], true), fixed('Repo["{folder}/{id}"]', ['Repo'], true))
  if (items.includes('args.body')) choices.push(fixed('Repo["{args.id}/{args.body}"]', ['Repo'], true))
  if (draw.chance(5)) choices.push(fixed('find(1)', ['User']), fixed('(context.doc ?? Doc:d0)', ['Doc']))
  return draw.of(choices)
}

function quoted(id: string): string {
  return /^\w+$/.test(id) ? id : JSON.stringify(id)
}

/** The fields that all of the types have, and what they hold. */
function stepsFrom(of: readonly TypeName[], known: readonly TypeName[]): readonly Link[] {
  const [first, ...others] = of
  if (first === undefined) return []
  return types[first].links.flatMap((one) => {
    const same = others.map((type) => types[type].links.find(({ name }) => name === one.name))
    const all = [one, ...same]
    if (all.some((other) => other === undefined || other.many !== one.many)) return []
    const to = [...new Set(all.flatMap((other) => other?.to ?? []))].filter((type) => known.includes(type))
    const optional = all.some((other) => other?.optional)
    return [{ name: one.name, to, ...(one.many ? { many: true } : {}), ...(optional ? { optional: true } : {}) }]
  })
}

/** A path of so many steps, or fewer where it cannot go on. `guarded`: what may be absent is read by `?.`. */
export function path(draw: Draw, site: Site, most: number, guarded = false, root = roots(draw, site)): Path {
  let found = root
  const wanted = draw.int(most + 1)
  for (let i = 0; i < wanted; i++) {
    const links = stepsFrom(found.to, site.types)
    if (links.length === 0) break
    const { name, to, many = false, optional = false } = draw.of(links)
    const dot = guarded && found.loose ? '?.' : '.'
    found = {
      text: found.text === '' ? name : `${found.text}${dot}${name}`,
      to,
      many: found.many || many,
      loose: found.loose || optional,
      own: found.own,
      steps: found.steps + 1,
    }
  }
  return found.text === '' ? { ...found, text: 'resource' } : found
}

/** The name of the path followed by another. */
export function memberOf(site: Site, { text }: Path, name: string): string {
  return text === 'resource' && site.bare ? name : `${text}.${name}`
}

/** What may be asked for by name on all of the types, at this place. */
export function relationsOf(site: Site, of: readonly TypeName[], forOthers = false): readonly Relation[] {
  const [first, ...others] = of
  if (first === undefined) return []
  const named = types[first].relations.filter((one) =>
    others.every((type) =>
      types[type].relations.some(({ name, permission }) => name === one.name && permission === one.permission),
    ),
  )
  return named.filter((one) => mayAsk(site, one, forOthers))
}

export function mayAsk({ rank, sign, recursive }: Site, one: Relation, forOthers: boolean): boolean {
  if (one.obtainable && sign !== '+') return false
  if (forOthers && one.bound) return false
  // A role that only some may be judged for is not asked by one that all may be judged for.
  if (one.bound && rank < 2) return false
  // No mark admits it where it counts as both.
  return sign === '+' || (recursive && sign === '-') ? one.rank <= rank : one.rank < rank
}
