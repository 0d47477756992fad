import { hasOwnField } from '../value/plain-object.ts'
import { type Reason, reason } from './reason.ts'

/** Why an input was not taken, and which: its place among those given, 0 for one alone. */
export interface FactRejection extends Reason {
  readonly index: number
}

export function rejections(index: number, reasons: readonly Reason[]): readonly FactRejection[] {
  return reasons.map((why) => ({ index, ...why }))
}

/** Hands each input over; what has been taken before the iterable itself fails stays taken. */
export function loadAll(
  inputs: Iterable<unknown>,
  take: (input: unknown) => readonly Reason[],
): readonly FactRejection[] {
  const found: FactRejection[] = []
  let index = 0
  try {
    for (const input of inputs) {
      const reasons = take(input)
      if (reasons.length > 0) found.push(...rejections(index, reasons))
      index += 1
    }
  } catch {
    found.push(...rejections(index, [reason('bad-fact', 'the facts cannot be read from here on')]))
  }
  return found
}

/** An entity has a type of its own, a fact never has. */
export function isEntity(input: unknown): boolean {
  try {
    return typeof input === 'object' && input !== null && hasOwnField(input, 'type')
  } catch {
    return false
  }
}
