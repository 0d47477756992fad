import { negative } from '../analysis/signs.ts'
import type { CheckedPolicy } from '../checked-policy.ts'
import type { Report } from '../report.ts'

/** `matches` searches: where a match grants, text around it is let through unless the expression is anchored. */
export function unanchoredMatch({ rules }: CheckedPolicy, report: Report): void {
  for (const { effect, occurrences } of rules) {
    if (effect !== 'allow' && effect !== 'delegate') continue
    for (const { node, sign } of occurrences) {
      if (node.kind !== 'builtin' || sign === negative) continue
      const [, regex] = node.args
      if (regex?.kind !== 'constant' || regex.value.kind !== 'string' || anchored(regex.value.value)) continue
      report.add('unanchored-match', regex.at, 'this matches anywhere in the text, and a match grants', {
        help: `write \`/${whole(regex.value.value)}/\` for the whole text`,
      })
    }
  }
}

function whole(source: string): string {
  if (hasAlternatives(source)) return `^(?:${source})$`
  const end = /(?<!\\)(?:\\\\)*\$$/.test(source) ? '' : '$'
  return `${source.startsWith('^') ? '' : '^'}${source}${end}`
}

function hasAlternatives(source: string): boolean {
  return /\|/.test(source.replace(/\((?:[^()\\]|\\.)*\)|\[(?:[^\]\\]|\\.)*\]|\\./g, ''))
}

function anchored(source: string): boolean {
  const body = source.replace(/^\(\?[a-z]+\)/, '')
  // An alternative at the top is not held by the anchors around it.
  return /^(\^|\\A)/.test(body) && /(?<!\\)(\$|\\z)$/.test(body) && !hasAlternatives(body)
}
