import type { Expr } from '../../ir/expr.ts'
import { matchesWildcard } from '../../ir/wildcard.ts'
import { negative } from '../analysis/signs.ts'
import type { CheckedPolicy } from '../checked-policy.ts'
import type { Report } from '../report.ts'
import { mcpActions, type ServerInfo } from '../schema.ts'

/** A pattern that looks like a choice and is none, where it grants: of tools or prompts, or of texts. */
export function broadPattern({ rules, schema }: CheckedPolicy, report: Report): void {
  for (const { effect, actions, target, declaration, occurrences } of rules) {
    if (effect !== 'allow' && effect !== 'delegate') continue
    if (target.kind === 'items' && declaration.target.kind === 'server')
      for (const item of declaration.target.items) {
        if (item.kind !== 'pattern' || !/(?<!\\)\*/.test(item.pattern.value)) continue
        const all = namesOf(schema.servers.get(target.server ?? ''), actions)
        const isAll = all.length > 1 && all.every((name) => matchesWildcard(item.pattern.value, name))
        if (isAll || /^\*+$/.test(item.pattern.value))
          report.add('broad-pattern', item.span, isAll ? `this is all ${all.length} of them` : 'this is all of them', {
            help: 'write `*` where that is meant, or name them',
          })
      }
    for (const { node, sign } of occurrences)
      if (sign !== negative && node.kind === 'builtin' && node.name === 'matches' && isAnything(node.args[1]))
        report.add('broad-pattern', node.at, 'every text matches this', {
          help: 'leave it out, or say what is looked for',
        })
  }
}

/** What the lock has of the kind that the actions are about. */
function namesOf(server: ServerInfo | undefined, actions: readonly string[] | '*'): readonly string[] {
  const [action] = actions
  const kind = actions === '*' || action === undefined ? undefined : mcpActions.get(action)
  if (kind === 'tool') return [...(server?.index?.tools.names ?? [])]
  return kind === 'prompt' ? [...(server?.index?.prompts.names ?? [])] : []
}

/** `.*` and what is like it: it matches however little there is. */
function isAnything(regex: Expr | undefined): boolean {
  if (regex?.kind !== 'constant' || regex.value.kind !== 'string') return false
  return /^(\(\?s\))?\^?(\.\*|\[\\s\\S\]\*)?\$?$/.test(regex.value.value)
}
