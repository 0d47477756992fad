import type { IToken } from '../chevrotain.ts'
import { isA } from '../is-a.ts'
import { canEnd, isJoiner, isStatementWord } from '../recovery/starts.ts'
import * as t from '../tokens.ts'
import { clauseMeant } from './clauses.ts'
import { keywordsIn, meantKeyword } from './keywords.ts'
import { type Explain, shown, typeAt } from './mistake.ts'

/** `allow read when x`, `where x`: other languages' words for `if`. */
export const foreignCondition: Explain = ({ tokens, at, word, failure }) => {
  const found = tokens[at]
  if (failure.expected !== '' && failure.expected !== 'a target') return
  if (found === undefined || !['when', 'where', 'provided'].includes(found.image)) return
  if (!isA(tokens[word], t.Verb) && !isA(tokens[word], t.Role)) return
  return { from: at, message: `a condition does not begin with ${shown(found)}`, help: 'write `if`', instead: 'if' }
}

/** `allow if x`, `deny on Repo`. */
export const missingActions: Explain = (mistake) => {
  const { tokens, at, word } = mistake
  const verb = tokens[word]
  if (verb === undefined || !isA(verb, t.Verb)) return
  const next = tokens[word + 1]
  const isReservedName = isA(next, t.Reserved) && !isA(next, t.If) && !isA(next, t.Unless)
  const missing = at === word + 1 && !isReservedName && (!isA(next, t.Name) || isStatementWord(next))
  const joined = at === word + 2 && isJoiner(next)
  if (!missing && !joined) return
  if (isA(next, t.Str)) {
    return {
      from: word + 1,
      message: `${shown(next)} is not an action`,
      help: 'an action is a name without quotes; a target comes after it',
    }
  }
  return { from: word, message: `${shown(verb)} needs an action`, help: `as in \`${verb.image} read\`` }
}

/** Those that are done to an item. */
const serverActions: ReadonlySet<string> = new Set(['call', 'get', 'read', 'subscribe', 'complete', 'list'])

/** A rule in a server without a target. */
export const missingTarget: Explain = (mistake) => {
  const { tokens, at, word, place, failure } = mistake
  if (place !== 'server' || !isA(tokens[word], t.Verb)) return
  if (isA(tokens[at], t.Reserved) && !isA(tokens[at], t.If) && !isA(tokens[at], t.Unless)) return
  // `limit call to 30 per 1m` reads `to` as the name of a tool.
  const before = tokens[at - 1]
  const joined =
    at >= word + 3 && (isA(before, t.To) ? isA(tokens[at], t.Int) : isA(before, t.As) && isA(tokens[at], t.Name))
  if (failure.expected !== 'a target' && !joined) return
  const last = Math.max(word, at - (joined ? 2 : 1))
  return {
    from: last,
    message: `a target is missing after ${shown(tokens[last])}`,
    help:
      last === word + 1 && !serverActions.has(tokens[last]?.image ?? '')
        ? `an action comes first, as in \`${tokens[word]?.image} call ${tokens[last]?.image}\``
        : 'name a tool, a prompt or a URI template, or write `*`',
  }
}

/** `role reader: User, Team`, `role reader: User or Team`. */
export const assignableList: Explain = (mistake) => {
  const { tokens, at, word } = mistake
  const found = typeAt(mistake, at)
  if (found !== t.Comma && found !== t.Or) return
  if (!isA(tokens[word], t.Role) && !isA(tokens[word], t.Contextual)) return
  return {
    from: at,
    message: `the types of a role are not separated by ${shown(tokens[at])}`,
    help: 'write `|` between them',
    instead: found === t.Comma ? ' |' : '|',
  }
}

/** `role admin { User:ann }`, `role admin: User = User:ann`: who has a role is no part of its declaration. */
export const holdersInRole: Explain = (mistake) => {
  const { tokens, at, word, place } = mistake
  const name = tokens[word + 1]
  const found = typeAt(mistake, at)
  if (!isA(tokens[word], t.Role) || !isA(name, t.Name) || name === undefined) return
  if (found !== t.LCurly && found !== t.Assign) return
  const given = place === 'entity' ? `given Doc:1 { ${name.image}: User:ann }` : `given role ${name.image}: User:ann`
  return { from: at, message: `who has a role is said by facts, not where it is declared`, help: `write \`${given}\`` }
}

/** `test foo { … }`. */
export const testName: Explain = ({ tokens, at, word }) => {
  const name = tokens[at]
  if (!isA(tokens[word], t.Test) || at !== word + 1 || name === undefined || !isA(name, t.Word)) return
  return {
    from: at,
    message: 'the name of a test is a text',
    help: `write \`test "${name.image}"\``,
    instead: `"${name.image}"`,
  }
}

/** `role owner = User`, `role owner User`, `actor User: Group`. */
export const colonAfterName: Explain = (mistake) => {
  const { tokens, at, word } = mistake
  const found = typeAt(mistake, at)
  if (at !== word + 2) return
  if (isA(tokens[word], t.Role) && (found === t.Assign || isA(tokens[at], t.Name))) {
    return {
      from: at,
      message: `who can have a role stands after a colon`,
      help: `write \`role ${tokens[word + 1]?.image}: …\``,
    }
  }
  const isEntity = isA(tokens[word], t.Actor) || isA(tokens[word], t.Resource)
  if (isEntity && (found === t.Colon || tokens[at]?.image === 'extends')) {
    return { from: at, message: 'types do not inherit', help: 'what a type can be contained in stands after `in`' }
  }
  return
}

/** `@id("x")` before nothing. */
export const annotationAlone: Explain = (mistake) => {
  const { tokens, at, word } = mistake
  if (word === 0 || at !== word || word < tokens.length) return
  return { from: 0, to: word, message: 'an annotation stands before a statement' }
}

/** `email string`. */
export const fieldWithoutColon: Explain = ({ tokens, at, word, place }) => {
  if (place !== 'entity' && place !== 'fields') return
  const [name, type] = [tokens[word], tokens[word + 1]]
  if (name === undefined || !isA(name, t.Name) || isStatementWord(name) || at > word + 1) return
  const known = meantKeyword(name.image, keywordsIn[place])
  if (type === undefined || !isA(type, t.Name)) {
    if (known !== undefined) return
    return {
      from: word,
      message: `${shown(name)} is neither a field, a role nor a rule`,
      help: `a field is written \`${name.image}: string\``,
    }
  }
  if (known !== undefined) return
  return {
    from: word,
    to: word + 2,
    message: 'a field has a colon before its type',
    help: `write \`${name.image}: ${type.image}\``,
  }
}

/** `alow read`, `permit read`. */
export const unknownWord: Explain = ({ tokens, at, word, place }) => {
  if (place === 'expression' || place === 'question') return
  const token = tokens[word]
  if (token === undefined || !isA(token, t.Name) || isStatementWord(token) || at > word + 1) return
  const meant = meantKeyword(token.image, keywordsIn[place])
  return {
    from: word,
    message: `no statement begins with ${shown(token)} here`,
    help: meant === undefined ? undefined : `did you mean \`${meant}\`?`,
  }
}

/** A misspelt keyword inside a statement: `limit read too 3 per 1m`, `given User:a unitl …`. */
export const joinedWord: Explain = ({ tokens, at, failure }) => {
  const found = tokens[at]
  if (found === undefined || !isA(found, t.Name)) return
  if (failure.expected.startsWith('`') && !failure.expected.includes(',')) {
    const wanted = failure.expected.slice(1, -1)
    const meant = /^\w+$/.test(wanted) ? meantKeyword(found.image, [wanted]) : undefined
    if (meant !== undefined)
      return { from: at, message: `expected \`${meant}\`, found ${shown(found)}`, help: `did you mean \`${meant}\`?` }
    return
  }
  if (failure.expected !== '') return
  const meant = clauseMeant(found.image)
  if (meant === found.image) {
    const help =
      meant === 'until' ? 'it ends a fact; a rule compares: `now < datetime("2027-01-01T00:00:00Z")`' : undefined
    return { from: at, message: `${shown(found)} cannot stand here`, help }
  }
  if (meant === undefined)
    return { from: at, message: `unexpected ${shown(found)}`, help: 'an operator is missing before it, or a keyword' }
  return { from: at, message: `unexpected ${shown(found)}`, help: `did you mean \`${meant}\`?` }
}

/** `{ a: 1 b: 2 }`, `f(a b)`, `allow call a b`. */
export const missingComma: Explain = (mistake) => {
  const { tokens, at, word, place, failure } = mistake
  const [before, found] = [tokens[at - 1], tokens[at]]
  if (found === undefined || !canEnd(before) || !isOperand(found)) return
  const isTarget = place === 'server' && isA(tokens[word], t.Verb) && at >= word + 3 && failure.expected === ''
  const inTargets = isTarget && !tokens.slice(word, at).some((token) => isA(token, t.Reserved) || isJoiner(token))
  const inBrackets = ['`}`', '`]`', '`)`'].includes(failure.expected) && !isStatementWord(found)
  if (!inTargets && !inBrackets) return
  if (isA(found, t.Name) && clauseMeant(found.image) !== undefined) return
  return { from: at, message: `expected \`,\` before ${shown(found)}` }
}

function isOperand(token: IToken): boolean {
  return [t.Word, t.Str, t.Entity, t.Int, t.Num, t.Duration, t.Regex].some((type) => isA(token, type))
}
