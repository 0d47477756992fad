import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import type { Span } from '../../base/source.ts'
import { isA } from '../is-a.ts'
import { isJoiner, isStatementWord, type Place } from '../recovery/starts.ts'
import * as t from '../tokens.ts'
import { clauseMeant } from './clauses.ts'
import { keywordsIn } from './keywords.ts'
import { type Explain, type Explanation, shown, typeAt } from './mistake.ts'

const placeNames: Readonly<Record<Place, string>> = {
  file: 'at file level',
  entity: 'in an `actor` or `resource`',
  server: 'in a `server`',
  test: 'in a `test`',
  fields: 'among the fields of `context` and `token`',
}

const allPlaces = ['file', 'entity', 'server', 'test'] as const

/** `allow call search` at file level or in an entity: only the rules of a server have such targets. */
export const targetOutsideServer: Explain = (mistake) => {
  const { tokens, at, word, place } = mistake
  if ((place !== 'file' && place !== 'entity') || !isA(tokens[word], t.Verb)) return
  const target = tokens[at]
  if (target === undefined || at < word + 2) return
  if (isA(target, t.Name) && clauseMeant(target.image) !== undefined) return
  const isTarget = isA(target, t.Str) || isA(target, t.Star) || (isA(target, t.Name) && !isJoiner(target))
  if (!isTarget || !(isA(tokens[at - 1], t.Name) || isA(tokens[at - 1], t.Star)) || hasClause(mistake)) return
  return {
    from: at,
    message: `a rule ${placeNames[place]} has no target such as ${shown(target)}`,
    help: 'a rule about a tool, prompt or URI stands in a `server` block; a rule about types ends in `on T`',
  }
}

function hasClause(mistake: { readonly tokens: Parameters<Explain>[0]['tokens']; readonly at: number }): boolean {
  return mistake.tokens
    .slice(0, mistake.at)
    .some((token) => isA(token, t.If) || isA(token, t.Unless) || isA(token, t.On))
}

/** `allow read on Repo` where the block already says so. */
export const targetInEntity: Explain = (mistake) => {
  const { tokens, at, word, place } = mistake
  if (!isA(tokens[word], t.Verb)) return
  if (place === 'server' && at >= word + 3 && typeAt(mistake, at - 1) === t.On) {
    const help = 'write the tool, prompt or URI template after the action'
    return { from: at - 1, message: 'a rule in a `server` names what it is about without `on`', help }
  }
  if (typeAt(mistake, at) !== t.On) return
  if (place === 'entity') {
    return { from: at, message: 'a rule in an `actor` or `resource` is about that type', help: 'leave out `on …`' }
  }
  if (place !== 'server') return
  return {
    from: at,
    message: 'a rule in a `server` names what it is about without `on`',
    help: 'write the tool after the action',
  }
}

/** A statement that may stand somewhere else. */
export const misplacedWord: Explain = ({ tokens, at, word, place }) => {
  if (place === 'expression' || place === 'question' || at > word + 1) return
  const token = tokens[word]
  if (token === undefined || !isStatementWord(token)) return
  return misplaced(token.image, place, word)
}

function misplaced(keyword: string, place: Place, at: number): Explanation | undefined {
  const elsewhere = allPlaces.filter((one) => one !== place && (keywordsIn[one] as readonly string[]).includes(keyword))
  if ((keywordsIn[place] as readonly string[]).includes(keyword) || elsewhere.length === 0) return undefined
  return {
    from: at,
    message: `\`${keyword}\` cannot stand ${placeNames[place]}`,
    help: `it stands ${elsewhere.map((one) => placeNames[one]).join(' or ')}`,
  }
}

/** The diagnostic of a whole block inside another. */
export function misplacedBlock(keyword: string, place: Place, span: Span): Diagnostic {
  return diagnostic('syntax', span, `\`${keyword}\` cannot stand ${placeNames[place]}`, {
    help: 'it stands at file level; is a `}` missing before it?',
  })
}
