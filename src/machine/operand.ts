import { type Unknown, unknown } from '../runtime/cases.ts'
import { type Absent, absent, type Value } from '../value/value.ts'
import { Doubt } from './doubt.ts'
import { notSet, type Site } from './failure.ts'
import type { Outcome, Registers } from './registers.ts'

/** What a strict operator cannot go on from: an error, something absent, something not known. */
export type Stop = Absent | Unknown | Doubt

export function stops(outcome: Outcome): outcome is Stop {
  return outcome === absent || outcome === unknown || outcome instanceof Doubt
}

/** What comes of a strict operator one of whose operands stops it: the first error there is, else something not known. */
export function stopped(r: Registers, site: Site, operands: readonly Outcome[]): Unknown | Doubt {
  for (let i = 0; i < operands.length; i++) {
    const operand = operands[i]
    if (operand instanceof Doubt) return operand
    if (operand === absent) return notSet(r, site, i)
  }
  return unknown
}

/** As a strict operator takes it: applied to values, and to nothing else. An entity among them is a value as everywhere. */
export function strict(
  r: Registers,
  site: Site,
  operands: readonly Outcome[],
  apply: (values: readonly Value[]) => Outcome,
): Outcome {
  return operands.some(stops) ? stopped(r, site, operands) : apply(operands as readonly Value[])
}
