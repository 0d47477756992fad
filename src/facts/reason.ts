import type { Code } from '../base/codes.ts'

/** Why a fact or an entity is not let in; with a span it is a diagnostic. Names are put in as they were given. */
export interface Reason {
  readonly code: Code
  readonly message: string
  readonly help?: string
  /** The part of the input that it is about, such as `subject` or `attributes.email`. */
  readonly path?: string
}

/** What came of a check: the value, or at least one reason against it. */
export type Checked<T> =
  | { readonly value: T; readonly reasons?: undefined }
  | { readonly reasons: readonly Reason[]; readonly value?: undefined }

export function reason(code: Code, message: string, path?: string, help?: string): Reason {
  return { code, message, ...(help === undefined ? {} : { help }), ...(path === undefined ? {} : { path }) }
}

export function refused(
  code: Code,
  message: string,
  path?: string,
  help?: string,
): { readonly reasons: readonly Reason[] } {
  return { reasons: [reason(code, message, path, help)] }
}
