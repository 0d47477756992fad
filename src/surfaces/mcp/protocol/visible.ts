import { visibleText } from '../../../base/visible.ts'

const longest = 100

/** A name from the wire, fit for a terminal, a log or a message, and no longer than that. */
export function visible(name: string): string {
  return visibleText(name.length > longest ? `${name.slice(0, longest)}…` : name)
}
