import { isA } from '../is-a.ts'
import { isJoiner } from '../recovery/starts.ts'
import * as t from '../tokens.ts'
import { type Explain, shown } from './mistake.ts'

/** `User:ann can read Doc:1` in a test. */
export const withoutExpect: Explain = ({ tokens, at, word, place }) => {
  const first = tokens[word]
  if (place !== 'test' || at !== word || first === undefined || !isA(first, t.Entity)) return
  return {
    from: word,
    message: 'an expectation begins with `expect`',
    help: `write \`expect ${first.image} …\``,
    instead: `expect ${first.image}`,
  }
}

/** `expect User:ann can`, `… can call`, `… can call search`: what is asked for is not all there. */
export const unfinishedExpectation: Explain = ({ tokens, at, word, failure }) => {
  if (!isA(tokens[word], t.Expect)) return
  const can = tokens.findLastIndex((token, i) => i < at && (isA(token, t.Can) || isA(token, t.Cannot)))
  if (can === -1) return
  if (at === can + 1) return { from: can, message: `an action is missing after ${shown(tokens[can])}` }
  const target = tokens[can + 2]
  if (at === can + 2 || (at === can + 3 && isJoiner(target))) {
    return {
      from: can + 1,
      message: `${shown(tokens[can + 1])} needs something to act on`,
      help: 'an entity such as `Doc:1`, a type with `is [ … ]`, or a tool and `on` its server',
    }
  }
  if (failure.expected !== '`on`') return
  if (at === can + 3) {
    const help = `write \`${target?.image} on s\` for an item of the server \`s\`, \`Type:id\` for an entity`
    return { from: can + 2, message: `${shown(target)} is neither an entity nor an item of a server`, help }
  }
  return { from: at - 1, message: 'the server is missing', help: 'write `on` and its name after the arguments' }
}
