import { createToken, Lexer, type TokenType } from './chevrotain.ts'
import { scanBlockComment, scanEntity, scanRegex, scanString, scanUnquotedEntity } from './scan.ts'

// Categories: a keyword is a NAME wherever a name may stand, and every name and reserved word is a WORD.
// INVARIANT: chevrotain's lookahead takes a keyword and NAME for different tokens, so that a choice between the two needs a
// GATE in the grammar.

function category(name: string, label: string, ...categories: TokenType[]): TokenType {
  return createToken({ name, label, pattern: Lexer.NA, categories })
}

/** After a dot and as a key: any identifier, reserved ones included. */
export const Word = category('Word', 'a name')
export const Reserved = category('Reserved', 'a reserved word', Word)
export const BinaryOperator = category('BinaryOperator', 'an operator')
export const Prefix = category('Prefix', 'an operator')
export const Access = category('Access', '`.`')

// Every pattern says with which characters it begins: working that out of regular expressions would cost at each start.
const lowerCase = [...'abcdefghijklmnopqrstuvwxyz']
const upperCase = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

/** The lexer finds only identifiers; `keywordOf` then tells which of them are keywords. */
export const Name = createToken({
  name: 'Name',
  label: 'a name',
  pattern: /[A-Za-z_]\w*/,
  start_chars_hint: [...upperCase, '_', ...lowerCase],
  categories: [Word],
})
export const Verb = category('Verb', 'a verb', Name)

// ---- words ----

const keywords = new Map<string, TokenType>()

function word(text: string, ...categories: TokenType[]): TokenType {
  const token = createToken({ name: text.toUpperCase(), label: `\`${text}\``, pattern: Lexer.NA, categories })
  keywords.set(text, token)
  return token
}

export const If = word('if', Reserved)
export const Unless = word('unless', Reserved)
export const And = word('and', Reserved, BinaryOperator)
export const Or = word('or', Reserved, BinaryOperator)
export const Not = word('not', Reserved, Prefix)
export const In = word('in', Reserved, BinaryOperator)
export const Has = word('has', Reserved)
export const Is = word('is', Reserved)
export const True = word('true', Reserved)
export const False = word('false', Reserved)
export const Any = word('any', Reserved)

export const Edition = word('edition', Name)
export const Import = word('import', Name)
export const Open = word('open', Name)
export const Virtual = word('virtual', Name)
export const Dynamic = word('dynamic', Name)
export const Contextual = word('contextual', Name)
export const Actor = word('actor', Name)
export const Resource = word('resource', Name)
export const Role = word('role', Name)
export const Allow = word('allow', Verb)
export const Deny = word('deny', Verb)
export const Delegate = word('delegate', Verb)
export const Limit = word('limit', Verb)
export const Label = word('label', Verb)
export const Always = word('always', Name)
export const Never = word('never', Name)
export const Action = word('action', Name)
export const Scope = word('scope', Name)
export const Includes = word('includes', Name)
export const Let = word('let', Name)
export const Server = word('server', Name)
export const From = word('from', Name)
export const FunctionWord = word('function', Name)
export const Context = word('context', Name)
export const Token = word('token', Name)
export const Test = word('test', Name)
export const Given = word('given', Name)
export const Expect = word('expect', Name)
export const Who = word('who', Name)
export const Can = word('can', Name)
export const Cannot = word('cannot', Name)
export const Via = word('via', Name)
export const Missing = word('missing', Name)
export const On = word('on', Name)
export const To = word('to', Name)
export const Per = word('per', Name)
export const By = word('by', Name)
export const As = word('as', Name)
export const When = word('when', Name)
export const Until = word('until', Name)
/** The words of policies, in the order of this page. */
export const keywordNames: readonly string[] = [...keywords.keys()]

// These are words of questions only.
export const Why = word('why', Name)
export const What = word('what', Name)
export const Which = word('which', Name)
export const Do = word('do', Name)
export const With = word('with', Name)

/** The token type of an identifier: a keyword's own, or undefined for a plain name. */
export function keywordOf(text: string): TokenType | undefined {
  return keywords.get(text)
}

// ---- literals ----
// Those with escapes or repeated groups are scanned by hand: a regular expression would need stack for each repetition,
// and a hostile text could overflow it.

function scanned(
  name: string,
  label: string,
  scan: (text: string, from: number) => number,
  first: string[],
): TokenType {
  return createToken({
    name,
    label,
    pattern: (text: string, offset: number) => {
      const end = scan(text, offset)
      return end === -1 ? null : [text.slice(offset, end)]
    },
    start_chars_hint: first,
    line_breaks: false,
  })
}

export const Entity = scanned('Entity', 'an entity', scanEntity, upperCase)
export const Str = scanned('String', 'a string', scanString, ['"'])
export const Regex = scanned('Regex', 'a regular expression', scanRegex, ['/'])
/** Whatever begins with a digit; the lexer sorts it into the following three, or reports it. */
export const Numeric = createToken({
  name: 'Numeric',
  pattern: /\d\w*(?:\.\d+(?:[eE][+-]?\d\w*|\w*))?/,
  start_chars_hint: [...'0123456789'],
})
export const Duration = category('Duration', 'a duration such as `5m`')
export const Num = category('Number', 'a number')
export const Int = category('Int', 'a whole number')

// ---- punctuation ----

function mark(name: string, text: string, ...categories: TokenType[]): TokenType {
  return createToken({ name, label: `\`${text}\``, pattern: text, categories })
}

export const LCurly = mark('LCurly', '{')
export const RCurly = mark('RCurly', '}')
export const LParen = mark('LParen', '(')
export const RParen = mark('RParen', ')')
export const LSquare = mark('LSquare', '[')
export const RSquare = mark('RSquare', ']')
export const Comma = mark('Comma', ',')
export const Colon = mark('Colon', ':')
const Coalesce = mark('Coalesce', '??', BinaryOperator)
export const OptionalDot = mark('OptionalDot', '?.', Access)
export const Question = mark('Question', '?')
export const Dot = mark('Dot', '.', Access)
export const Arrow = mark('Arrow', '=>')
export const Equal = mark('Equal', '==', BinaryOperator)
export const NotEqual = mark('NotEqual', '!=', BinaryOperator)
const LessEqual = mark('LessEqual', '<=', BinaryOperator)
const Less = mark('Less', '<', BinaryOperator)
const GreaterEqual = mark('GreaterEqual', '>=', BinaryOperator)
const Greater = mark('Greater', '>', BinaryOperator)
export const Assign = mark('Assign', '=')
const Plus = mark('Plus', '+', BinaryOperator)
const Minus = mark('Minus', '-', BinaryOperator, Prefix)
export const Star = mark('Star', '*', BinaryOperator)
export const At = mark('At', '@')
export const Pipe = mark('Pipe', '|')

function toEndOfLine(name: string, pattern: RegExp, first: string, group?: string): TokenType {
  const at = group === undefined ? {} : { group }
  return createToken({ name, pattern, start_chars_hint: [first], line_breaks: false, ...at })
}

// ---- what people write out of habit, or by mistake; the lexer reports it and puts the right token in its place ----

export const UnquotedEntity = scanned('UnquotedEntity', 'an entity', scanUnquotedEntity, upperCase)
export const UnterminatedString = toEndOfLine('UnterminatedString', /"[^\r\n]*/, '"')
export const UnterminatedRegex = toEndOfLine('UnterminatedRegex', /\/[^\r\n]*/, '/')
export const SingleQuoted = scanned('SingleQuoted', 'a string', scanString, ["'"])
export const UnterminatedSingleQuoted = toEndOfLine('UnterminatedSingleQuoted', /'[^\r\n]*/, "'")
export const StrictEqual = mark('StrictEqual', '===')
export const StrictNotEqual = mark('StrictNotEqual', '!==')
export const AndAnd = mark('AndAnd', '&&')
export const OrOr = mark('OrOr', '||')
export const Bang = mark('Bang', '!')
export const Semicolon = mark('Semicolon', ';')
export const BlockComment = createToken({
  name: 'BlockComment',
  pattern: (text: string, offset: number) => {
    const end = scanBlockComment(text, offset)
    return end === -1 ? null : [text.slice(offset, end)]
  },
  start_chars_hint: ['/'],
  line_breaks: true,
})
export const HashComment = toEndOfLine('HashComment', /#[^\r\n]*/, '#')

// ---- what lies between tokens ----

const WhiteSpace = createToken({
  name: 'WhiteSpace',
  pattern: /[ \t\r\n\uFEFF]+/,
  start_chars_hint: [' ', '\t', '\r', '\n', '\uFEFF'],
  group: Lexer.SKIPPED,
  line_breaks: true,
})
const Doc = toEndOfLine('Doc', /\/\/\/[^\r\n]*/, '/', 'docs')
const Comment = toEndOfLine('Comment', /\/\/[^\r\n]*/, '/', Lexer.SKIPPED)

/** In the order in which the lexer tries them: longer marks before their prefixes. */
export const lexedTypes: readonly TokenType[] = [
  WhiteSpace,
  UnquotedEntity,
  Entity,
  Name,
  Str,
  UnterminatedString,
  Doc,
  Comment,
  BlockComment,
  Regex,
  UnterminatedRegex,
  Numeric,
  LCurly,
  RCurly,
  LParen,
  RParen,
  LSquare,
  RSquare,
  Comma,
  Colon,
  Coalesce,
  OptionalDot,
  Question,
  Dot,
  Arrow,
  StrictEqual,
  Equal,
  StrictNotEqual,
  NotEqual,
  LessEqual,
  Less,
  GreaterEqual,
  Greater,
  Assign,
  Plus,
  Minus,
  Star,
  At,
  OrOr,
  Pipe,
  AndAnd,
  Bang,
  Semicolon,
  SingleQuoted,
  UnterminatedSingleQuoted,
  HashComment,
]

/** All that the parser knows. */
export const vocabulary: TokenType[] = [
  ...lexedTypes.filter((type) => type.GROUP === undefined),
  ...keywords.values(),
  Duration,
  Num,
  Int,
  Word,
  Reserved,
  Verb,
  BinaryOperator,
  Prefix,
  Access,
]
