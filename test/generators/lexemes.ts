import fc from 'fast-check'
import { durationOf } from '../../src/syntax/literals.ts'

// The words and values of which generated trees are made.

export const reserved = ['if', 'unless', 'and', 'or', 'not', 'in', 'has', 'is', 'true', 'false', 'any'] as const

export const keywords = [
  ...['edition', 'import', 'open', 'virtual', 'contextual', 'actor', 'resource', 'role', 'allow', 'deny', 'delegate'],
  ...['limit', 'label', 'always', 'never', 'action', 'scope', 'includes', 'let', 'server', 'from', 'function'],
  ...['context', 'token', 'test', 'given', 'expect', 'who', 'can', 'cannot', 'via', 'missing', 'on', 'to', 'per'],
  ...['by', 'as', 'when', 'until', 'anonymous', 'why', 'what', 'which', 'do', 'with'],
] as const

/** A contextual keyword: a name like any other where a name may stand. */
const keyword = fc.constantFrom(...keywords)

const identifier = fc.constantFrom(
  'a',
  'b',
  '_x',
  'owner',
  'reader',
  'read',
  'write',
  'call',
  'search_code',
  'x2',
  'Org',
)

export const name = fc.oneof({ weight: 3, arbitrary: identifier }, keyword)
export const word = fc.oneof({ weight: 6, arbitrary: name }, fc.constantFrom(...reserved))
export const typeName = fc.constantFrom('User', 'Group', 'Doc', 'Repo_2', 'T')

/** Any well-formed text, with the characters that mean something in a string among them. */
export const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc
    .array(fc.constantFrom('\\', '*', '{', '}', '"', '\n', '\t', '\r', '\u2028', '{a.b}', '\\*', 'x', ' ', '/'), {
      maxLength: 6,
    })
    .map((parts) => parts.join('')),
  fc.constantFrom('get_*', 'repo://{owner}/{+path}', './people.licet', ''),
)

/** Documentation: lines without space at their end. */
export const plain = fc
  .array(fc.string({ unit: 'grapheme-ascii', maxLength: 12 }), { minLength: 1, maxLength: 3 })
  .map((lines) => lines.map((line) => line.trimEnd()).join('\n'))

/** Bare ids and quoted ones. */
export const id = fc.oneof(
  fc.constantFrom('ann', '1', 'a-b', 'a_b-2', '-a', 'a--b', 'acme/site', '*'),
  text.filter((one) => one !== ''),
)

export const int = fc.oneof(fc.bigInt({ min: 0n, max: 1000n }), fc.bigInt({ min: 0n, max: 2n ** 70n }))

export const number = fc
  .double({ min: 0, noNaN: true, noDefaultInfinity: true })
  // A literal is never negative, and so never -0.
  .map((value) => Math.abs(value))

export const duration = fc
  .array(fc.tuple(fc.nat(1000), fc.constantFrom('ms', 's', 'm', 'h', 'd', 'w')), { minLength: 1, maxLength: 3 })
  .map((steps) => steps.map(([count, unit]) => `${count}${unit}`).join(''))
  .map((written) => ({ text: written, milliseconds: durationOf(written) ?? 0 }))

export const regex = fc.constantFrom('a', '^x+$', '[/]', '\\/', '(?i);\\s*drop\\b', '[\\]/]x', ' ', '"', '{a}')
