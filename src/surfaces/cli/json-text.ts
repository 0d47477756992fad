import { printableJson } from '../../base/printable-json.ts'

/** A value as JSON for a program, fit for the terminal of a person, whatever texts from outside are in it. */
export function jsonText(value: unknown): string {
  return `${printableJson(JSON.stringify(value, null, 2))}\n`
}
