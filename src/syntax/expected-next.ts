import { type Expected, expectedAfter } from './expected.ts'
import { lex } from './lexer.ts'
import * as t from './tokens.ts'

/** What a name that may stand somewhere is the name of; `key` is one of a record or of facts, `name` one in an expression. */
export type NamePlace =
  | 'actor'
  | 'agent'
  | 'entity'
  | 'type'
  | 'action'
  | 'item'
  | 'server'
  | 'role'
  | 'input'
  | 'test'
  | 'key'
  | 'member'
  | 'name'

/** What may follow a question that was begun. */
export interface ExpectedNext {
  /** Words of the language. */
  readonly words: readonly string[]
  readonly places: readonly NamePlace[]
  /** What was read, token by token as written. */
  readonly before: readonly string[]
}

/** Questions are short; what follows a long one is worked out for nobody. */
const mostTokens = 300

/** What the grammar lets follow the beginning of a question. Of a text that cannot be one, nothing. */
export function expectedNext(text: string): ExpectedNext {
  const { tokens } = lex({ name: '', text })
  const before = tokens.map(({ image }) => image)
  if (tokens.length > mostTokens) return { words: [], places: [], before }
  const words = new Set<string>()
  const places = new Set<NamePlace>()
  for (const expected of expectedAfter('question', tokens)) {
    for (const word of expected.words) if (/^[a-z]/.test(word)) words.add(word)
    const place = placeOf(expected)
    if (place !== undefined) places.add(place)
    if (expected.rule === 'asker' && expected.type === t.Name) words.add('anonymous')
  }
  return { words: [...words], places: [...places], before }
}

const namePlaces: Readonly<Record<string, NamePlace>> = {
  request: 'action',
  expectThat: 'action',
  expectWho: 'action',
  what: 'server',
  grantee: 'type',
  fact: 'type',
  listed: 'type',
  expression: 'type',
  postfix: 'name',
}

/** By the rule of the grammar in which the token stands; of several in one rule the first is that of `CONSUME`. */
function placeOf({ type, rule, within, occurrence }: Expected): NamePlace | undefined {
  const outer = within.at(-1)
  switch (type) {
    case t.Entity:
      return outer === 'asker' ? 'actor' : outer === 'askerTail' ? 'agent' : 'entity'
    case t.Str:
      return rule === 'tests' ? 'test' : rule === 'item' ? 'item' : undefined
    case t.Word:
      return rule === 'key' ? 'key' : 'member'
    case t.Name:
      if (rule === 'item') return occurrence === 0 ? 'item' : 'server'
      if (rule === 'which') return occurrence === 0 ? 'type' : 'action'
      if (rule === 'given') return occurrence === 0 ? 'role' : 'input'
      return namePlaces[rule]
    default:
      return undefined
  }
}
