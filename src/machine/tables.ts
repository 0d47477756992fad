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
  readonly verdicts: readonly VerdictRow[]
  /** The same of what one agent may do for the actor. */
  readonly delegations: readonly VerdictRow[]
  /** Rules that are asked together. Others may be, too: these are the quick ones. */
  readonly lines: readonly (readonly [rules: readonly number[], lines: Lines])[]
}

type VerdictRow = readonly [about: string, functions: VerdictFunctions, data: VerdictData]

/** Tells groups apart, by name. */
export function verdictKey({ action, type, server, tool, prompt }: About): string {
  return JSON.stringify([action, type ?? null, server ?? null, tool?.name ?? null, prompt ?? null])
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

  function found(rows: readonly VerdictRow[]): Linked['verdict'] {
    const byGroup = new Map(rows.map((row) => [row[0], row]))
    return (_, about) => {
      const row = byGroup.get(verdictKey(about))
      return row && newVerdict(r, row[1], row[2])
    }
  }

  return {
    rule,
    bound: (index) => bounds.get(index),
    verdict: found(tables.verdicts),
    delegation: found(tables.delegations),
    lines: (rules) => together.get(rules.join()) ?? lines(r, rules.map(rule)),
  }
}
