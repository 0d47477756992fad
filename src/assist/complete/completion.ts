/** Something that may be written at a place. */
export interface Completion {
  readonly label: string
  readonly kind:
    | 'keyword'
    | 'snippet'
    | 'type'
    | 'field'
    | 'role'
    | 'action'
    | 'variable'
    | 'let'
    | 'function'
    | 'method'
    | 'server'
    | 'tool'
    | 'prompt'
    | 'resource'
    | 'argument'
    | 'entity'
    | 'file'
    | 'annotation'
    | 'text'
  /** A type or a signature, in a line. */
  readonly detail?: string | undefined
  readonly doc?: string | undefined
  /** What is written instead of the label; in the form of editors' snippets where `isSnippet`. */
  readonly insert?: string | undefined
  readonly isSnippet?: boolean
  /** Nearer to what is probably meant come first. */
  readonly rank: number
}

/** The nearest names, then what is always there, then words of the language. */
export const ranks = { own: 0, declared: 1, builtin: 2, keyword: 3, snippet: 4 } as const
