import type { TokenType } from './chevrotain.ts'
import * as t from './tokens.ts'

/** What other languages write, what to say about it, and the token it is read as so that parsing can go on. */
export interface Habit {
  readonly message: string
  readonly help: string
  /** Undefined: it is left out. */
  readonly readAs?: TokenType
  /** What to write instead, where only one thing can be meant. */
  readonly instead?: (image: string) => string | undefined
}

export const habits: ReadonlyMap<TokenType, Habit> = new Map<TokenType, Habit>([
  [t.AndAnd, { message: '`&&` is not an operator', help: 'write `and`', readAs: t.And, instead: () => 'and' }],
  [t.OrOr, { message: '`||` is not an operator', help: 'write `or`', readAs: t.Or, instead: () => 'or' }],
  [t.Bang, { message: '`!` is not an operator', help: 'write `not`', readAs: t.Not }],
  [t.StrictEqual, { message: '`===` is not an operator', help: 'write `==`', readAs: t.Equal, instead: () => '==' }],
  [
    t.StrictNotEqual,
    { message: '`!==` is not an operator', help: 'write `!=`', readAs: t.NotEqual, instead: () => '!=' },
  ],
  [
    t.Semicolon,
    { message: '`;` separates nothing here', help: 'leave it out: statements need no separators', instead: () => '' },
  ],
  [
    t.SingleQuoted,
    { message: 'strings stand in double quotes', help: 'write `"…"`', readAs: t.Str, instead: doubleQuoted },
  ],
  [t.BlockComment, { message: 'a comment cannot be written as `/* … */`', help: 'begin each line of it with `//`' }],
  [
    t.HashComment,
    {
      message: 'a comment does not begin with `#`',
      help: 'begin it with `//`',
      instead: (image) => `//${image.slice(1)}`,
    },
  ],
])

/** Where no character means something else between double quotes. */
function doubleQuoted(image: string): string | undefined {
  const body = image.slice(1, -1)
  return /["\\{]/.test(body) ? undefined : `"${body}"`
}
