import type { Truth } from './doubt.ts'
import { type LiteralData, lines, literals } from './lines-of-rules.ts'
import type { About, Lines, Linked, Part, RuleEntry, VerdictFunctions } from './linked.ts'
import type { Outcome, Registers } from './registers.ts'
import { newVerdict, type VerdictData } from './verdict-data.ts'

/** What a program comes to that was compiled before, as a whole: all its parts are there, by their places in the program. */
export interface Tables {
  /** The condition of each rule. */
  readonly conditions: readonly Part<Truth>[]
  /** Where rules share their conditions: what each is given. */
  readonly literals?: readonly LiteralData[]
  /** What limits are counted by. */
  readonly bounds: readonly (readonly [rule: number, by: Part<Outcome>])[]
  /** What groups come to as a whole, by what they are about: those that can be told at once. */
  readonly verdicts: readonly (readonly [about: string, functions: VerdictFunctions, data: VerdictData])[]
  /** Rules that are asked together. Others may be, too: these are the quick ones. */
  readonly lines: readonly (readonly [rules: readonly number[], lines: Lines])[]
}

/** Tells groups apart, by name. */
export function verdictKey({ action, type, server, tool, prompt }: About): string {
  return JSON.stringify([action, type ?? null, server ?? null, tool?.name ?? null, prompt ?? null])
}

export function linkTables(r: Registers, tables: Tables): Linked {
  const bounds = new Map(tables.bounds)
  const together = new Map(tables.lines.map(([rules, found]) => [rules.join(), found]))
  const verdicts = new Map(tables.verdicts.map((row) => [row[0], row]))
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
    verdict: (_, about) => {
      const found = verdicts.get(verdictKey(about))
      return found && newVerdict(r, found[1], found[2])
    },
    lines: (rules) => together.get(rules.join()) ?? lines(r, rules.map(rule)),
  }
}
