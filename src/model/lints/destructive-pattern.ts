import { matchesWildcard } from '../../ir/wildcard.ts'
import type { CheckedPolicy } from '../checked-policy.ts'
import type { Report } from '../report.ts'
import type { ServerInfo } from '../schema.ts'

/**
 * A pattern takes in what whoever wrote it did not think of: harmless of what only reads, not of what cannot be undone. Not told
 * where the rule looks at the tool itself, and of `*`, which says that everything is meant.
 */
export function destructivePattern({ rules, schema }: CheckedPolicy, report: Report): void {
  for (const { effect, actions, target, declaration, occurrences } of rules) {
    if (effect !== 'allow' && effect !== 'delegate') continue
    if (target.kind !== 'items' || declaration.target.kind !== 'server' || !actions.includes('call')) continue
    if (occurrences.some(({ node }) => node.kind === 'variable' && node.name === 'tool')) continue
    const { items } = declaration.target
    const named = new Set(items.flatMap((item) => (item.kind === 'name' ? [item.name.text] : [])))
    const destructive = destructiveOf(schema.servers.get(target.server ?? '')).filter((name) => !named.has(name))
    for (const item of items) {
      if (item.kind !== 'pattern') continue
      const granted = destructive.filter((name) => matchesWildcard(item.pattern.value, name))
      if (granted.length > 0)
        report.add('destructive-pattern', item.span, `this is also about ${shown(granted)}, by the lock destructive`, {
          help: 'name the tools that are meant',
        })
    }
  }
}

/** Those that the server itself calls so; one that says nothing is not meant, though a decision takes it for destructive. */
function destructiveOf(server: ServerInfo | undefined): readonly string[] {
  const tools = server?.lock?.tools ?? []
  return tools.flatMap(({ name, annotations }) =>
    annotations?.destructiveHint === true && annotations.readOnlyHint !== true ? [name] : [],
  )
}

const mostShown = 3

function shown(names: readonly string[]): string {
  const some = names.slice(0, mostShown).map((name) => `\`${name}\``)
  return names.length > mostShown ? `${some.join(', ')} and ${names.length - mostShown} more` : some.join(', ')
}
