import { type LiteralData, literals } from './lines-of-rules.ts'
import type { Literals, Verdict } from './linked.ts'
import type { Registers } from './registers.ts'

/** What a verdict is given that groups share: the rules and literals that are theirs. */
export interface VerdictData {
  /** Those that it looks at one by one. */
  readonly rules: readonly number[]
  readonly literals: LiteralData
  /** Those that are found by a text. */
  readonly byText?: readonly { readonly text: string; readonly rule: number; readonly literals: LiteralData }[]
}

export interface VerdictGiven extends Literals {
  readonly rules: readonly number[]
  readonly byText: ReadonlyMap<string, readonly { readonly rule: number; readonly k: Literals }[]>
}

export function verdictGiven(r: Registers, data: VerdictData | undefined): VerdictGiven | undefined {
  if (data === undefined) return undefined
  const byText = new Map<string, { readonly rule: number; readonly k: Literals }[]>()
  for (const { text, rule, literals: given } of data.byText ?? []) {
    const entry = { rule, k: literals(r, given) }
    const same = byText.get(text)
    if (same === undefined) byText.set(ownText(text), [entry])
    else same.push(entry)
  }
  const { literals: own, site } = literals(r, data.literals)
  return { literals: own, site, rules: data.rules, byText }
}

/** All verdicts are made here, so that engines know what they look like. */
export function newVerdict({ can, tell, isPure, isOfCall }: Omit<Verdict, 'k'>, k: VerdictGiven | undefined): Verdict {
  return { can, tell, isPure, isOfCall, k }
}

/** The same text, but no part of the text of the policy: engines compare it several times as quickly. */
function ownText(text: string): string {
  for (const name in { [text]: true }) return name
  return text
}

/** The rules that were found, from one place up to another, in the order of the program. */
export function inOrder(hits: number[], from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const rule = hits[i] ?? 0
    let at = i
    for (; at > from && (hits[at - 1] ?? 0) > rule; at--) hits[at] = hits[at - 1] ?? 0
    hits[at] = rule
  }
}
