import { meantKeyword } from './keywords.ts'

const clauseWords = [
  'if',
  'unless',
  'and',
  'or',
  'in',
  'has',
  'is',
  'on',
  'to',
  'as',
  'by',
  'per',
  'when',
  'until',
  'can',
  'cannot',
  'via',
  'missing',
]

/** The clause that someone probably meant by a word; a word of a letter or two is too near to too many. */
export function clauseMeant(word: string): string | undefined {
  return word.length > 2 ? meantKeyword(word, clauseWords) : undefined
}
