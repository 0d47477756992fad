import { canonicalJson } from '../base/canonical.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { type Change, changesIn } from './changes.ts'
import type { Drift, FieldDrift } from './drift.ts'
import { itemLists } from './format.ts'

const shown = 100
const before = 30
const mostChanges = 100
const mostLines = 20

/**
 * What has drifted, for a person: one line an item (`+` unlocked, `-` gone, `~` drifted), and under it the path of each change with the
 * locked and the live value, cut to where they differ. Characters that do not show, or that reorder others, are
 * escaped: a server may have put them there. Empty when nothing has drifted.
 */
export function renderDrift({ server, items }: Drift): string {
  const lines = server.length === 0 ? [] : drifted('server', server)
  for (const item of items) {
    const name = `${itemLists[item.list].noun} ${visible(item.name) || '(without a name)'}`
    if (item.status === 'unlocked') lines.push(`+ ${name}`, ...described(item.live))
    else if (item.status === 'gone') lines.push(`- ${name}`)
    else if (item.status === 'drifted') lines.push(...drifted(name, item.fields))
  }
  return lines.map((line) => `${line}\n`).join('')
}

function drifted(name: string, fields: readonly FieldDrift[]): string[] {
  const names = [...new Set(fields.map(({ field }) => visible(field)))].join(', ')
  const changes = changesIn(fields)
  const more = changes.length - mostChanges
  return [
    `~ ${name}: ${names} changed`,
    ...changes.slice(0, mostChanges).flatMap((change) => [`    ${pathText(change.path)}`, ...sides(change)]),
    ...(more > 0 ? [`    and ${more} more changes`] : []),
  ]
}

/** What a model would read of it. */
function described(item: JsonObject): string[] {
  const { description } = item
  return description === undefined ? [] : [`    ${excerpt(written(description), 0)}`]
}

function sides({ locked, live }: Change): string[] {
  if (isText(locked) && isText(live)) {
    const [old, now] = differingLines(locked, live)
    return [...old.map((line) => `      - ${line}`), ...now.map((line) => `      + ${line}`)]
  }
  const [old, now] = excerpts(written(locked), written(live))
  return [`      - ${old}`, `      + ${now}`]
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value.includes('\n')
}

/** Of two texts of several lines, those between the first and the last that differ. */
function differingLines(locked: string, live: string): [string[], string[]] {
  const [a, b] = [locked.split('\n'), live.split('\n')]
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++
  const [old, now] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  if (old.length === 1 && now.length === 1) {
    const [left, right] = excerpts(written(old[0]), written(now[0]))
    return [[left], [right]]
  }
  return [excerptLines(old), excerptLines(now)]
}

function excerptLines(lines: readonly string[]): string[] {
  const more = lines.length - mostLines
  const first = lines.slice(0, mostLines).map((line) => excerpt(written(line), 0))
  return more > 0 ? [...first, `… and ${more} more lines`] : first
}

/** `inputSchema.properties["a b"].anyOf[0].type` */
function pathText(path: Change['path']): string {
  const [first = '', ...rest] = path
  const steps = rest.map((step) => {
    if (typeof step === 'number') return `[${step}]`
    return /^[A-Za-z_$][\w$-]*$/.test(step) ? `.${step}` : `[${excerpt(written(step), 0)}]`
  })
  return `${visible(String(first))}${steps.join('')}`
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

/** The text with the characters escaped that do not show, or that reorder others. */
export function visible(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}
