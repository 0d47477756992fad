import type { Report } from '../report.ts'
import type { LetInfo } from '../schema.ts'

export function unusedLet(unused: readonly LetInfo[], report: Report): void {
  for (const { declaration } of unused)
    report.add('unused-let', declaration.name.span, `nothing uses \`${declaration.name.text}\``, {
      help: 'delete it',
      // Its documentation would become that of what comes next.
      ...(declaration.doc === undefined ? { fix: { edits: [{ span: declaration.span, text: '' }] } } : {}),
    })
}
