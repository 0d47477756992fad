import { annotationDocs } from '../keywords.ts'
import { type Completion, ranks } from './completion.ts'

export const annotationCompletions: readonly Completion[] = Object.entries(annotationDocs).map(([label, doc]) => ({
  label,
  kind: 'annotation',
  doc,
  rank: ranks.builtin,
  ...(label === 'id' ? { insert: 'id("$1")$0', isSnippet: true } : {}),
}))
