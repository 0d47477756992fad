import type { CheckedPolicy } from '../checked-policy.ts'
import type { Report } from '../report.ts'

/** Without a lock, names and arguments are not checked, and annotations are nobody's word. */
export function unlockedServer({ schema }: CheckedPolicy, report: Report): void {
  for (const { name, blocks, locked } of schema.servers.values()) {
    const [first] = blocks
    if (locked || first?.name === undefined) continue
    report.add('unlocked-server', first.name.span, `the server \`${name}\` has no lock file`, {
      help: `make one with \`licet lock ${name} -- COMMAND\` and write \`server ${name} from "./${name}.lock.json"\``,
    })
  }
}
