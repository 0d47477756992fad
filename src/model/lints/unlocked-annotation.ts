import { nodes } from '../../ir/walk.ts'
import type { CheckedPolicy } from '../checked-policy.ts'
import type { Report } from '../report.ts'

const hints: ReadonlySet<string> = new Set(['readOnly', 'destructive', 'idempotent', 'openWorld'])

/** The annotations of a tool are those of the lock; without one there are none. */
export function unlockedAnnotation({ rules, schema }: CheckedPolicy, report: Report): void {
  for (const { target, condition, occurrences } of rules) {
    if (target.kind !== 'items' || target.server === undefined) continue
    if (!occurrences.some(({ node }) => node.kind === 'variable' && node.name === 'tool')) continue
    if (schema.servers.get(target.server)?.locked !== false) continue
    for (const node of nodes(condition))
      if (node.kind === 'field' && node.of.kind === 'variable' && node.of.name === 'tool' && hints.has(node.name))
        report.add(
          'unlocked-annotation',
          node.at,
          `\`${target.server}\` has no lock, so nothing is known of its tools`,
          {
            help: `make one with \`licet lock ${target.server} -- COMMAND\``,
          },
        )
  }
}
