import { integer } from '../value/integer.ts'
import { or, type Truth } from './doubt.ts'
import type { Lines, Literals, Part, RuleEntry } from './linked.ts'
import type { Outcome, Registers } from './registers.ts'

/** Many rules of few structures: their literals are data, their conditions few functions. */

/** As the compiler writes them: by part a literal or null, where it starts and ends, and what its operands are called. */
export interface LiteralData {
  readonly file: string
  readonly parts: readonly (readonly [Literal | null, number, number, ...string[]])[]
}

type Literal =
  | { readonly kind: 'string' | 'boolean' | 'number' | 'int'; readonly value: string | boolean | number }
  | { readonly kind: 'duration' | 'datetime'; readonly value: number }
  | { readonly kind: 'entity'; readonly type: string; readonly id: string }

export function literals(r: Registers, { file, parts }: LiteralData): Literals {
  return {
    literals: parts.map(([literal]) => (literal === null ? undefined : literalValue(r, literal))),
    site: (part) => {
      const [, start = 0, end = 0, ...operands] = parts[part] ?? [null, 0, 0]
      return { at: { file, start, end }, operands }
    },
  }
}

function literalValue({ table }: Registers, literal: Literal): unknown {
  switch (literal.kind) {
    case 'int':
      return integer(BigInt(literal.value))
    case 'duration':
    case 'datetime':
      return { kind: literal.kind, milliseconds: literal.value }
    case 'entity':
      return table.pin(`${literal.type}:${literal.id}`)
    default:
      return literal.value
  }
}

/** A rule that is not false, for who wants to know which. */
export function hit(r: Registers, rule: number, truth: Truth): void {
  r.hits[r.hitCount++] = rule
  if (truth !== true) r.allTrue = false
}

export function lines(r: Registers, entries: readonly RuleEntry[]): Lines {
  const [only] = entries
  if (entries.length === 1 && only !== undefined) return line(r, only)
  return {
    any: (s, e, g, u, a) => {
      let truth: Truth = false
      for (const { when, k } of entries) {
        const one = when(s, e, g, u, a, k)
        if (one === true) return true
        if (one !== false) truth = or(truth, one)
      }
      return truth
    },
    hits: (s, e, g, u, a) => {
      for (const { rule, when, k } of entries) {
        const truth = when(s, e, g, u, a, k)
        if (truth !== false) hit(r, rule, truth)
      }
    },
  }
}

function line(r: Registers, { rule, when, k }: RuleEntry): Lines {
  return {
    any: (s, e, g, u, a) => when(s, e, g, u, a, k),
    hits: (s, e, g, u, a) => {
      const truth = when(s, e, g, u, a, k)
      if (truth !== false) hit(r, rule, truth)
    },
  }
}

/**
 * Rules that compare one value with different texts. Where the value is a text, only those with that text can hold, and what else
 * they ask is all that is left to ask. Whatever else the value is, each rule is asked in full, and errs in its own way.
 */
export function indexedLines(
  r: Registers,
  key: Part<Outcome>,
  indexed: readonly (readonly [literal: string, whole: RuleEntry, rest: RuleEntry])[],
  others: readonly RuleEntry[],
): Lines {
  const table = new Map<string, RuleEntry[]>()
  for (const [literal, , rest] of indexed) {
    const same = table.get(literal)
    if (same === undefined) table.set(literal, [rest])
    else same.push(rest)
  }
  const byText = new Map([...table].map(([literal, entries]) => [literal, lines(r, entries)]))
  const inFull = lines(
    r,
    indexed.map(([, whole]) => whole),
  )
  const rest = others.length === 0 ? undefined : lines(r, others)
  const meant = (value: Outcome): Lines | undefined => (typeof value === 'string' ? byText.get(value) : inFull)
  return {
    any: (s, e, g, u, a) => {
      const truth = meant(key(s, e, g, u, a))?.any(s, e, g, u, a) ?? false
      if (truth === true || rest === undefined) return truth
      return or(truth, rest.any(s, e, g, u, a))
    },
    hits: (s, e, g, u, a) => {
      meant(key(s, e, g, u, a))?.hits(s, e, g, u, a)
      rest?.hits(s, e, g, u, a)
    },
  }
}
