import type { Program, Role, Rule } from '../ir/program.ts'

/** What a program says, by what it is about: writing one predicate is not to look through all of them. */
export interface Lookup {
  /** The lines of a role of a type, or of a global one. */
  rolesOf(type: string | undefined, name: string): readonly Role[]
  /** The rules that concern an action on entities of a type, by their place in the program. */
  rulesOf(action: string, type: string): RulesOf
}

export interface RulesOf {
  readonly allow: readonly number[]
  /** Without those that mention `agent`. */
  readonly deny: readonly number[]
  readonly agentDeny: readonly number[]
  readonly delegate: readonly number[]
}

export function newLookup({ roles, rules }: Program): Lookup {
  const roleLines = new Map<string, Role[]>()
  for (const role of roles) add(roleLines, roleKey(role.type, role.name), role)
  const byAction = new Map<string, number[]>()
  const ofAll: number[] = []
  for (const [place, { actions }] of rules.entries()) {
    if (actions === '*') ofAll.push(place)
    else for (const action of new Set(actions)) add(byAction, action, place)
  }
  return {
    rolesOf: (type, name) => roleLines.get(roleKey(type, name)) ?? [],
    rulesOf: (action, type) => {
      const found = { allow: [] as number[], deny: [] as number[], agentDeny: [] as number[], delegate: [] as number[] }
      for (const place of [...(byAction.get(action) ?? []), ...ofAll].sort((a, b) => a - b)) {
        const rule = rules[place]
        if (rule === undefined || !covers(rule, type)) continue
        if (rule.effect === 'allow') found.allow.push(place)
        else if (rule.effect === 'delegate') found.delegate.push(place)
        else if (rule.effect === 'deny') (rule.mentionsAgent ? found.agentDeny : found.deny).push(place)
      }
      return found
    },
  }
}

/** Neither a type nor a role has a dot in its name. */
function roleKey(type: string | undefined, name: string): string {
  return type === undefined ? name : `${type}.${name}`
}

function covers({ target }: Rule, type: string): boolean {
  return target.kind === 'everything' || (target.kind === 'types' && target.types.includes(type))
}

function add<T>(to: Map<string, T[]>, key: string, item: T): void {
  const known = to.get(key)
  if (known === undefined) to.set(key, [item])
  else known.push(item)
}
