import { isA } from '../is-a.ts'
import { isStatementWord } from '../recovery/starts.ts'
import * as t from '../tokens.ts'
import { type Explain, shown, typeAt } from './mistake.ts'

/** `if a b else c`, `elif`, `then`. */
export const elseBranch: Explain = ({ tokens, at }) => {
  const word = tokens[at]?.image
  if (word !== 'else' && word !== 'elif' && word !== 'elsif' && word !== 'then') return
  return {
    from: at,
    message: `there is no \`${word}\``,
    help: 'write `c ? a : b` in an expression, or a second rule with its own condition',
  }
}

/** `if` with nothing after it, or with the next clause. */
export const missingCondition: Explain = (mistake) => {
  const { tokens, at, failure } = mistake
  const before = typeAt(mistake, at - 1)
  if (before !== t.If && before !== t.Unless) return
  if (failure.expected !== 'an expression') return
  if (at < tokens.length && !isA(tokens[at], t.If) && !isA(tokens[at], t.Unless) && !isA(tokens[at], t.RCurly)) return
  return { from: at - 1, message: `a condition is missing after ${shown(tokens[at - 1])}` }
}

/** `if a if b`, `unless b if a`. */
export const secondCondition: Explain = (mistake) => {
  const { tokens, at } = mistake
  const found = typeAt(mistake, at)
  if (found !== t.If && found !== t.Unless) return
  const before = tokens.slice(0, at)
  if (found === t.If && before.some((token) => token.tokenType === t.Unless)) {
    return { from: at, message: '`if` stands before `unless`', help: 'write `if C unless D`' }
  }
  if (!before.some((token) => token.tokenType === found)) return
  return {
    from: at,
    message: `a second ${shown(tokens[at])}`,
    help: found === t.If ? 'join conditions by `and`, or write a second rule' : 'join conditions by `or`',
  }
}

/** `role any: User`, `let in = …`. */
export const reservedAsName: Explain = ({ tokens, at, failure, place }) => {
  const token = tokens[at]
  if (token === undefined || !isA(token, t.Reserved)) return
  if (isA(token, t.Not) && isA(tokens[at - 1], t.Can)) {
    return {
      from: at - 1,
      to: at + 1,
      message: '`can not` is one word',
      help: 'write `cannot`',
      instead: 'cannot',
    }
  }
  const member = place === 'entity' || place === 'fields'
  const isFieldName = member && (isA(tokens[at + 1], t.Colon) || isA(tokens[at + 1], t.Question))
  const namesWanted =
    failure.expected === 'a name' || failure.expected === 'an action' || failure.expected === 'a target'
  if (!namesWanted && !isFieldName) return
  return {
    from: at,
    message: `${shown(token)} is a reserved word and cannot be a name here`,
    help: isFieldName ? `a field of that name is written \`"${token.image}"\`` : undefined,
  }
}

const closing = new Map([
  [t.LParen, t.RParen],
  [t.LSquare, t.RSquare],
  [t.LCurly, t.RCurly],
])

/** `(a or b`, `[a, b`: where the statement ends, or another begins, before the bracket is closed. */
export const unclosedBracket: Explain = (mistake) => {
  const { tokens, at, failure } = mistake
  const open: number[] = []
  for (let i = 0; i < at; i++) {
    const type = typeAt(mistake, i)
    if (type === undefined) continue
    if (closing.has(type)) open.push(i)
    else if (type === t.RParen || type === t.RSquare || type === t.RCurly) open.pop()
  }
  const last = open.at(-1)
  const found = typeAt(mistake, at)
  if (last === undefined) {
    if (found !== t.RParen && found !== t.RSquare) return
    if (failure.expected === 'an expression') return
    return { from: at, message: `this ${shown(tokens[at])} closes nothing` }
  }
  const wanted = closing.get(typeAt(mistake, last) ?? t.LParen)
  const ends = found === undefined || isStatementWord(tokens[at]) || found === t.If || found === t.Unless
  const closesOther = found === t.RParen || found === t.RSquare || found === t.RCurly
  if (!ends && !(closesOther && found !== wanted)) return
  if (failure.expected === 'an expression' && found === undefined) {
    const before = tokens[at - 1]
    if (isA(before, t.BinaryOperator) || isA(before, t.Prefix)) return
  }
  return { from: last, message: `this ${shown(tokens[last])} is never closed` }
}
