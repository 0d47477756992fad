import type { RoleMasks } from './held-roles.ts'
import { type LiteralData, literals } from './lines-of-rules.ts'
import type { Literals, Verdict, VerdictFunctions } from './linked.ts'
import { type Mask, maskOf } from './mask-lines.ts'
import type { Registers } from './registers.ts'
import type { Bits } from './role-plan.ts'

/** What a verdict is given that groups share: the rules, roles and literals that are theirs. */
export interface VerdictData {
  /** Those that it looks at one by one. */
  readonly rules: readonly number[]
  readonly literals?: LiteralData
  readonly masks?: readonly MaskData[]
  /** Those that are found by a text. */
  readonly byText?: readonly { readonly text: string; readonly rule: number; readonly literals: LiteralData }[]
}

/** Roles of which one is enough. */
export interface MaskData {
  readonly bits: Bits
  readonly roles: readonly number[]
}

export interface VerdictGiven extends Literals {
  readonly rules: readonly number[]
  readonly masks: readonly Mask[]
  readonly byText: ReadonlyMap<string, RuleOfText>
}

/** A rule that is found by a text, and the next one of the same: a list of rules would be two looks more, at what lies elsewhere. */
interface RuleOfText extends Literals {
  readonly rule: number
  next: RuleOfText | undefined
}

/** A verdict as its functions have it, with what is the group's own. All are made here, so that engines know what they look like. */
export function newVerdict(r: Registers, functions: VerdictFunctions, data: VerdictData): Verdict {
  const { can, tell, isPure, asksActor, isOfCall, masks } = functions
  return { can, tell, isPure, asksActor, isOfCall, k: verdictGiven(r, data, masks) }
}

function verdictGiven(r: Registers, data: VerdictData, masks: RoleMasks | undefined): VerdictGiven {
  const { literals: own, site } = data.literals === undefined ? noLiterals : literals(r, data.literals)
  return {
    literals: own,
    site,
    rules: data.rules,
    masks: masks === undefined ? none : (data.masks ?? []).map((mask) => maskOf(masks, mask.bits, mask.roles)),
    byText: data.byText === undefined ? noTexts : rulesByText(r, data.byText),
  }
}

/** Most groups have none, and there may be many groups. */
const none: readonly never[] = Object.freeze([])
const noTexts: VerdictGiven['byText'] = new Map()
const noLiterals: Literals = {
  literals: none,
  site: () => ({ at: { file: '', start: 0, end: 0 }, operands: [] }),
}

function rulesByText(r: Registers, rules: NonNullable<VerdictData['byText']>): VerdictGiven['byText'] {
  const byText = new Map<string, RuleOfText>()
  // From the last, so that the first comes first.
  for (const { text, rule, literals: given } of rules.toReversed()) {
    const next = byText.get(text)
    byText.set(next === undefined ? ownText(text) : text, { ...literals(r, given), rule, next })
  }
  return byText
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
