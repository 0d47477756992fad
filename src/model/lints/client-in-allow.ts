import type { CheckedPolicy } from '../checked-policy.ts'
import type { Report } from '../report.ts'

/** MCP: `clientInfo` must not be used for security decisions; anyone can call itself anything. */
export function clientInAllow({ rules }: CheckedPolicy, report: Report): void {
  for (const { effect, target, occurrences } of rules) {
    if ((effect !== 'allow' && effect !== 'delegate') || target.kind !== 'items') continue
    for (const { node } of occurrences)
      if (node.kind === 'variable' && node.name === 'client')
        report.add('client-in-allow', node.at, 'what a client says of itself proves nothing', {
          help: 'grant by `token.clientId` or by the `Agent`, which the host has verified',
        })
  }
}
