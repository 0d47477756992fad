import { canonicalJson } from '../base/canonical.ts'
import type { JsonValue } from '../base/json.ts'
import type { Drift, FieldDrift } from './drift.ts'
import { itemLists } from './format.ts'

const shown = 100
const before = 30

/**
 * What has drifted, for a person: one line an item (`+` unlocked, `-` gone, `~` drifted), and under it each member with the
 * locked and the live value, cut to where they first differ. Characters that do not show, or that reorder others, are
 * escaped: a server may have put them there. Empty when nothing has drifted.
 */
export function renderDrift({ server, items }: Drift): string {
  const lines = server.length === 0 ? [] : drifted('server', server)
  for (const item of items) {
    const name = `${itemLists[item.list].noun} ${visible(item.name) || '(without a name)'}`
    if (item.status === 'unlocked') lines.push(`+ ${name}`)
    else if (item.status === 'gone') lines.push(`- ${name}`)
    else if (item.status === 'drifted') lines.push(...drifted(name, item.fields))
  }
  return lines.map((line) => `${line}\n`).join('')
}

function drifted(name: string, fields: readonly FieldDrift[]): string[] {
  const names = [...new Set(fields.map(({ field }) => visible(field)))].join(', ')
  const lines = fields.flatMap(({ field, locked, live }) => {
    const [old, now] = excerpts(written(locked), written(live))
    return [`    ${visible(field)}`, `      - ${old}`, `      + ${now}`]
  })
  return [`~ ${name}: ${names} changed`, ...lines]
}

function written(value: JsonValue | undefined): string {
  if (value === undefined) return '(none)'
  return canonicalJson(value) ?? '(no JSON value)'
}

function excerpts(a: string, b: string): [string, string] {
  let same = 0
  while (same < a.length && a[same] === b[same]) same++
  const start = same <= before ? 0 : same - before
  return [excerpt(a, start), excerpt(b, start)]
}

function excerpt(text: string, start: number): string {
  const end = start + shown
  return (start > 0 ? '…' : '') + visible(text.slice(start, end)) + (text.length > end ? '…' : '')
}

function visible(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}
