import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts'
import type { IToken, TokenType } from '../chevrotain.ts'
import { endOf, type Failure } from '../grammar/core.ts'
import { isA } from '../is-a.ts'
import * as t from '../tokens.ts'
import type { Explain } from './mistake.ts'
import { shown } from './mistake.ts'

/** `User: ann` where an entity was meant. */
export const spacedEntity: Explain = ({ tokens, at, failure }) => {
  const [type, colon, id] = [tokens[at - 1], tokens[at], tokens[at + 1]]
  if (colon?.tokenType !== t.Colon || type === undefined || !isA(type, t.Name) || failure.expected === 'a type') return
  if (!/^[A-Z]/.test(type.image)) {
    if (!isEntityPlace(tokens, at) || id === undefined) return
    return {
      code: 'bad-entity',
      from: at - 1,
      to: at + 2,
      message: `${shown(type)} cannot be the type of an entity`,
      help: `types of entities begin with a capital: \`${capitalised(type.image)}:${id.image}\``,
    }
  }
  if (isA(id, t.Star)) {
    const help = `everyone of a type is written \`any ${type.image}\``
    return { code: 'bad-entity', from: at - 1, to: at + 2, message: `\`${type.image}:*\` is not an entity`, help }
  }
  if (id === undefined || !(isA(id, t.Word) || isA(id, t.Int) || isA(id, t.Str))) return
  return {
    code: 'bad-entity',
    from: at - 1,
    to: at + 2,
    message: 'an entity is written without a space',
    help: `write \`${type.image}:${id.image}\``,
  }
}

function isEntityPlace(tokens: readonly IToken[], at: number): boolean {
  const before = tokens[at - 2]
  return isA(before, t.Given) || isA(before, t.Expect) || isA(before, t.Equal) || isA(before, t.In)
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** What the parser expects where a name or key was meant that a colon follows. */
const beforeColon: ReadonlySet<string> = new Set(['a name', 'a key', 'a field', 'a field, a role or a rule'])

/**
 * `role Owner:User` reads as an entity: the three tokens that were meant, and what to say. Only where no entity could be
 * meant, so that parsing can go on with them.
 */
export function splitEntity(
  failure: Failure | undefined,
  tokens: readonly IToken[],
  file: string,
  isTest: boolean,
): { readonly diagnostic: Diagnostic; readonly at: number; readonly tokens: readonly IToken[] } | undefined {
  const entity = failure?.at
  if (entity === undefined || failure === undefined || entity.tokenType !== t.Entity) return undefined
  const [type = '', id = ''] = entity.image.split(':')
  if (!/^[A-Za-z_]\w*$/.test(id)) return undefined
  const at = tokens.indexOf(entity)
  const opened = isA(tokens[at - 1], t.LCurly) || isA(tokens[at - 1], t.LParen) || isA(tokens[at - 1], t.Comma)
  // In a test nothing begins with a name and a colon.
  if (isTest && at === 0) return undefined
  const inFields = failure.expected === '`}`' || failure.expected === '`)`' || failure.expected === ''
  const isGivenOrExpected = isA(tokens[0], t.Given) || isA(tokens[0], t.Expect)
  if (!beforeColon.has(failure.expected) && (!inFields || isGivenOrExpected || !(opened || at === 0))) return undefined
  const start = entity.startOffset
  const colon = start + type.length
  return {
    diagnostic: diagnostic('bad-entity', { file, start, end: endOf(entity) }, `${shown(entity)} reads as an entity`, {
      help: `put a space after the colon: \`${type}: ${id}\``,
    }),
    at,
    tokens: [part(type, start, t.Name), part(':', colon, t.Colon), part(id, colon + 1, t.Name)],
  }
}

function part(image: string, startOffset: number, tokenType: TokenType): IToken {
  return { image, startOffset, tokenType, tokenTypeIdx: tokenType.tokenTypeIdx ?? 0 }
}
