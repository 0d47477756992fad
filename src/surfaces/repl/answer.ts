import type { Diagnostic, SourceFile } from '../../index.ts'

export type Style = 'good' | 'bad' | 'doubtful' | 'faint' | 'strong'

/**
 * Text as it came, whatever is in it: whoever shows it makes it fit for a terminal. What the library prints, with its own colours, is so
 * already.
 */
export type Piece =
  | string
  | { readonly style: Style; readonly text: string }
  | { readonly plain: string; readonly colored: string }

export type Line = readonly Piece[]

/** What comes of one input. */
export interface Answer {
  /** For a person, line by line. */
  readonly lines: readonly Line[]
  /** For a program. */
  readonly json: Readonly<Record<string, unknown>>
  /** What is wrong with the input, or did not hold. */
  readonly diagnostics: readonly Diagnostic[]
  /** The texts that the diagnostics are about. */
  readonly sources: readonly SourceFile[]
  /** It could not be answered, or something that was expected does not hold. */
  readonly failed: boolean
}

export function told(json: Answer['json'], ...lines: readonly Line[]): Answer {
  return { lines, json, diagnostics: [], sources: [], failed: false }
}

export function wrong(diagnostics: readonly Diagnostic[], sources: readonly SourceFile[]): Answer {
  return { lines: [], json: { kind: 'error' }, diagnostics, sources, failed: true }
}

/** A failure that has no place in a text. */
export function refused(message: string, help?: string): Answer {
  return {
    lines: [[styled('bad', message)], ...(help === undefined ? [] : [[`  ${help}`]])],
    json: { kind: 'error', message, ...(help === undefined ? {} : { help }) },
    diagnostics: [],
    sources: [],
    failed: true,
  }
}

/** One answer after the other; what it is for a program is said by the first. */
export function followed(first: Answer, ...more: readonly Answer[]): Answer {
  const all = [first, ...more]
  return {
    lines: all.flatMap(({ lines }) => lines),
    json: first.json,
    diagnostics: all.flatMap(({ diagnostics }) => diagnostics),
    sources: all.flatMap(({ sources }) => sources),
    failed: all.some(({ failed }) => failed),
  }
}

export function styled(style: Style, text: string): Piece & object {
  return { style, text }
}

/** Each error once, in however many rules it is. */
export function errorLines(errors: readonly { readonly message: string }[]): readonly Line[] {
  return [...new Set(errors.map(({ message }) => message))].map((message) => [
    styled('doubtful', 'error'),
    `: ${message}`,
  ])
}
