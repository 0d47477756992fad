import type { Program, Rule } from '../ir/program.ts'

/** The rules that concern an action on entities of a type, by their place in the program. */
export function rulesOf({ rules }: Program, action: string, type: string) {
  const found = { allow: [] as number[], deny: [] as number[], agentDeny: [] as number[], delegate: [] as number[] }
  for (const [i, rule] of rules.entries()) {
    if (!concerns(rule, action, type)) continue
    if (rule.effect === 'allow') found.allow.push(i)
    else if (rule.effect === 'delegate') found.delegate.push(i)
    else if (rule.effect === 'deny') (rule.mentionsAgent ? found.agentDeny : found.deny).push(i)
  }
  return found
}

function concerns({ actions, target }: Rule, action: string, type: string): boolean {
  if (actions !== '*' && !actions.includes(action)) return false
  return target.kind === 'everything' || (target.kind === 'types' && target.types.includes(type))
}
