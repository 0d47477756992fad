import type { Expected } from '../../syntax/expected.ts'
import * as t from '../../syntax/tokens.ts'
import type { Analysis } from '../analysis.ts'
import type { Cursor } from '../cursor.ts'
import { type Completion, ranks } from './completion.ts'
import { items, itemsOfAll, kindOf } from './declared.ts'

/** What a text in quotes may name. */
export function textsAt(
  analysis: Analysis,
  file: string,
  cursor: Cursor,
  { type, rule }: Expected,
): readonly Completion[] {
  if (type !== t.Str) return []
  const { schema, occurrences } = analysis
  switch (rule) {
    case 'import':
      return paths(analysis, file, (name) => !name.endsWith('.json') && name !== file)
    case 'serverHead':
      return paths(analysis, file, (name) => name.endsWith('.json'))
    case 'serverRule':
      return items(analysis, schema.servers.get(cursor.block?.name ?? ''), kindOf(cursor), true)
    case 'item':
      return itemsOfAll(analysis, cursor.before.at(-1)?.image, true)
    case 'scopes':
    case 'postfix': {
      const [call] = cursor.before.slice(-2)
      if (rule === 'postfix' && call?.image !== 'scope') return labels(analysis, cursor)
      const names = new Set<string>()
      for (const { referent } of occurrences.all()) if (referent.kind === 'scope') names.add(referent.name)
      return [...names].map((label) => ({ label, kind: 'text', rank: ranks.declared }))
    }
    default:
      return []
  }
}

/** Before `in session.labels` those that there are. */
function labels({ occurrences }: Analysis, { text, end }: Cursor): readonly Completion[] {
  if (!/^\s*in\s+session\.labels\b/.test(text.slice(end))) return []
  const names = new Set<string>()
  for (const { referent } of occurrences.all()) if (referent.kind === 'label') names.add(referent.name)
  return [...names].map((label) => ({ label, kind: 'text', rank: ranks.declared }))
}

function paths({ files }: Analysis, from: string, filter: (name: string) => boolean): readonly Completion[] {
  return [...files.keys()]
    .filter(filter)
    .map((name): Completion => ({ label: relative(from, name), kind: 'file', rank: ranks.declared }))
}

/** A path from one file to another, which begins with `.`. */
function relative(from: string, to: string): string {
  const [a, b] = [from.split('/').slice(0, -1), to.split('/')]
  let same = 0
  while (same < a.length && same < b.length - 1 && a[same] === b[same]) same += 1
  const up = a.slice(same).map(() => '..')
  return [...(up.length === 0 ? ['.'] : up), ...b.slice(same)].join('/')
}
