import type { TokenType } from './chevrotain.ts'
import * as t from './tokens.ts'

/** What other languages write, what to say about it, and the token it is read as so that parsing can go on. */
export interface Habit {
  readonly message: string
  readonly help: string
  /** Undefined: it is left out. */
  readonly readAs?: TokenType
}

export const habits: ReadonlyMap<TokenType, Habit> = new Map<TokenType, Habit>([
  [t.AndAnd, { message: '`&&` is not an operator', help: 'write `and`', readAs: t.And }],
  [t.OrOr, { message: '`||` is not an operator', help: 'write `or`', readAs: t.Or }],
  [t.Bang, { message: '`!` is not an operator', help: 'write `not`', readAs: t.Not }],
  [t.StrictEqual, { message: '`===` is not an operator', help: 'write `==`', readAs: t.Equal }],
  [t.StrictNotEqual, { message: '`!==` is not an operator', help: 'write `!=`', readAs: t.NotEqual }],
  [t.Semicolon, { message: '`;` separates nothing here', help: 'leave it out: statements need no separators' }],
  [t.SingleQuoted, { message: 'strings stand in double quotes', help: 'write `"…"`', readAs: t.Str }],
  [t.BlockComment, { message: 'a comment cannot be written as `/* … */`', help: 'begin each line of it with `//`' }],
  [t.HashComment, { message: 'a comment does not begin with `#`', help: 'begin it with `//`' }],
])
