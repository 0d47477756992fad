import { nearest } from '../../base/suggest.ts'

/** Words with which other policy languages and programming languages begin what Licet begins otherwise. */
const foreign: Readonly<Record<string, string>> = {
  permit: 'allow',
  grant: 'allow',
  can: 'allow',
  permission: 'allow',
  forbid: 'deny',
  prohibit: 'deny',
  type: 'resource',
  entity: 'resource',
  definition: 'resource',
  principal: 'actor',
  subject: 'actor',
  relation: 'role',
  include: 'import',
  use: 'import',
  fn: 'function',
  func: 'function',
  def: 'let',
  const: 'let',
  var: 'let',
  fact: 'given',
  assert: 'expect',
  version: 'edition',
  may: 'can',
}

/** The keyword among `candidates` that someone probably meant by a word that is none. */
export function meantKeyword(word: string, candidates: Iterable<string>): string | undefined {
  const all = [...candidates]
  const translated = Object.hasOwn(foreign, word.toLowerCase()) ? foreign[word.toLowerCase()] : undefined
  return translated !== undefined && all.includes(translated) ? translated : nearest(word, all)
}

/** Keywords that begin a statement or member, by where they may. */
export const keywordsIn = {
  file: [
    'allow',
    'deny',
    'delegate',
    'limit',
    'label',
    'role',
    'actor',
    'resource',
    'open',
    'virtual',
    'dynamic',
    'contextual',
    'given',
    'test',
    'server',
    'let',
    'context',
    'token',
    'function',
    'action',
    'scope',
    'import',
    'edition',
    'always',
    'never',
  ],
  entity: ['allow', 'deny', 'delegate', 'limit', 'label', 'role', 'contextual', 'always', 'never'],
  server: ['allow', 'deny', 'delegate', 'limit', 'label', 'let', 'always', 'never'],
  test: ['given', 'expect'],
  fields: ['contextual'],
} as const satisfies Readonly<Record<string, readonly string[]>>
