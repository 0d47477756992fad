import { type Reason, reason } from '../reason.ts'

/** What came of a write. */
export interface Edit {
  /** Something is not as it was. */
  readonly changed: boolean
  readonly reasons: readonly Reason[]
}

export const nothing: Edit = { changed: false, reasons: [] }
export const changed: Edit = { changed: true, reasons: [] }

export function refusal(reasons: readonly Reason[]): Edit {
  return { changed: false, reasons }
}

/** The numbers of a type have been used up. */
export function tooMany(): Reason {
  return reason('too-large', 'there are more entities of one type than the store can number')
}
