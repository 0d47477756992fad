import type { Truth } from './doubt.ts'
import { type LiteralData, lines, literals } from './lines-of-rules.ts'
import type { Lines, Linked, Part, RuleEntry } from './linked.ts'
import type { Outcome, Registers } from './registers.ts'

/** What a program comes to that was compiled before, as a whole: all its parts are there, by their places in the program. */
export interface Tables {
  /** The condition of each rule. */
  readonly conditions: readonly Part<Truth>[]
  /** Where rules share their conditions: what each is given. */
  readonly literals?: readonly LiteralData[]
  /** What limits are counted by. */
  readonly bounds: readonly (readonly [rule: number, by: Part<Outcome>])[]
  /** Rules that are asked together. Others may be, too: these are the quick ones. */
  readonly lines: readonly (readonly [rules: readonly number[], lines: Lines])[]
}

export function linkTables(r: Registers, tables: Tables): Linked {
  const bounds = new Map(tables.bounds)
  const together = new Map(tables.lines.map(([rules, found]) => [rules.join(), found]))
  const entries: (RuleEntry | undefined)[] = []

  function rule(index: number): RuleEntry {
    const found = entries[index]
    if (found !== undefined) return found
    const when = tables.conditions[index]
    if (when === undefined) throw new RangeError('a rule of the program')
    const given = tables.literals?.[index]
    const entry = { rule: index, when, k: given && literals(r, given) }
    entries[index] = entry
    return entry
  }

  return {
    rule,
    bound: (index) => bounds.get(index),
    lines: (rules) => together.get(rules.join()) ?? lines(r, rules.map(rule)),
  }
}
