import type { Diagnostic } from '../../base/diagnostic.ts'
import type { IToken } from '../chevrotain.ts'
import { type Attempt, endOf } from '../grammar/core.ts'
import type { Collector } from '../grammar/types.ts'
import { isInserted } from './braces.ts'
import type { Place } from './starts.ts'
import type { Item } from './state.ts'

/** What parts of a text were parsed to, by their text: what has not changed since is not parsed again, wherever it stands now. */
export interface Remembered {
  /** Of the last text, which is all that is kept. */
  last: ReadonlyMap<string, Part>
  next: Map<string, Part>
}

interface Part {
  readonly start: number
  readonly items: readonly Item[]
  readonly found: readonly Diagnostic[]
}

export function newRemembered(): Remembered {
  return { last: new Map(), next: new Map() }
}

/** A text begins: what is not asked for before the next one begins is let go. */
export function beginText(memory: Remembered): void {
  memory.last = memory.next
  memory.next = new Map()
}

/**
 * Parses a part of a text, unless the same part parsed the last time.
 * INVARIANT: what parses depends on nothing but its tokens and the documentation before the first.
 */
export function rememberedParse(
  memory: Remembered | undefined,
  place: Place,
  tokens: readonly IToken[],
  { text, docs }: { readonly text: string; readonly docs: ReadonlyMap<IToken, string> },
  into: Collector<Item>,
  parse: () => Attempt<void>,
): Attempt<void> {
  const [first, last] = [tokens[0], tokens.at(-1)]
  if (memory === undefined || first === undefined || last === undefined || tokens.some(isInserted)) return parse()
  const start = first.startOffset
  const key = `${place}\0${docs.get(first) ?? ''}\0${text.slice(start, endOf(last))}`
  const known = memory.next.get(key) ?? memory.last.get(key)
  if (known !== undefined) {
    const { items, found } = shifted({ items: known.items, found: known.found }, start - known.start)
    memory.next.set(key, { start, items, found })
    for (const item of items) into.items.push(item)
    return { found, refused: false }
  }
  const attempt = parse()
  if (attempt.failure === undefined && !attempt.refused)
    memory.next.set(key, { start, items: [...into.items], found: attempt.found })
  return attempt
}

/** The same tree, so much further on. */
function shifted<T>(value: T, by: number): T {
  return by === 0 ? value : (moved(value, by) as T)
}

function moved(value: unknown, by: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one) => moved(one, by))
  const { file, start, end } = value as { readonly file?: unknown; readonly start?: unknown; readonly end?: unknown }
  if (typeof start === 'number' && typeof end === 'number') return { file, start: start + by, end: end + by }
  const copy: Record<string, unknown> = {}
  for (const key in value) copy[key] = moved((value as Record<string, unknown>)[key], by)
  return copy
}
