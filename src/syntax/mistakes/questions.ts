import { isA } from '../is-a.ts'
import { isStatementWord } from '../recovery/starts.ts'
import * as t from '../tokens.ts'
import { meantKeyword } from './keywords.ts'
import { type Explain, shown } from './mistake.ts'

/** Words with which a question begins. */
const questionWords = ['can', 'why', 'who', 'what', 'which', 'as', 'given', 'expect', 'test']

/** `cann User:ann read Doc:1`, `allow read if owner`: a first word that begins no question. */
export const unknownQuestion: Explain = ({ tokens, at, place }) => {
  const [first] = tokens
  if (place !== 'question' || first === undefined || !isA(first, t.Name) || at > 2) return
  const { image } = first
  if (questionWords.includes(image)) return
  if (isStatementWord(first)) {
    return {
      from: 0,
      message: `\`${image}\` belongs into a policy`,
      help: 'rules are changed in its file; facts can be given here',
    }
  }
  const meant = meantKeyword(image, questionWords)
  return {
    from: 0,
    message: `${shown(first)} begins no question`,
    help:
      meant === undefined
        ? 'ask for instance `can User:ann read Doc:1`, or `who can read Doc:1`'
        : `did you mean \`${meant}\`?`,
  }
}

/** `can User:ann`, `can User:ann read`, `can ann read Doc:1`: who, what or on what is not all there. */
export const unfinishedQuestion: Explain = ({ tokens, at, place, failure }) => {
  if (place !== 'question') return
  const can = tokens.findIndex((token, i) => i < at && (isA(token, t.Can) || isA(token, t.Cannot)))
  if (can === -1) return
  const last = tokens[at - 1]
  if (at >= tokens.length && failure.expected === 'a name') {
    return {
      from: at - 1,
      message: isA(last, t.On) ? 'the server is missing' : `an action is missing after ${shown(last)}`,
    }
  }
  const [who, action, on] = [tokens[can + 1], tokens[can + 2], tokens[can + 3]]
  if (at === can + 3 && isA(who, t.Name) && isA(action, t.Name) && on !== undefined) {
    const help = `an actor is written with its type, such as \`User:${who?.image}\``
    return { from: can + 1, message: `${shown(who)} is neither an actor nor an action on ${shown(action)}`, help }
  }
  if (at < tokens.length || !(failure.expected.startsWith('an entity, or a tool') || failure.expected === '`on`'))
    return
  if (failure.expected === '`on`' && isA(last, t.Name)) {
    if (isA(last, t.Do)) return
    const help = `write \`${last?.image} on s\` for an item of the server \`s\`, \`Type:id\` for an entity`
    return { from: at - 1, message: `${shown(last)} is neither an entity nor an item of a server`, help }
  }
  return {
    from: at - 1,
    message: `${shown(last)} needs something to act on`,
    help: 'an entity such as `Doc:1`, or a tool and `on` its server',
  }
}
