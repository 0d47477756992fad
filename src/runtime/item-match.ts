import type { ItemPattern, Target } from '../ir/program.ts'
import { mayMeet } from '../ir/template-overlap.ts'
import type { UriTemplate } from '../ir/uri-template.ts'
import { expandTemplate, matchUri } from '../ir/uri-template.ts'
import { matchesWildcard } from '../ir/wildcard.ts'
import type { AskedTarget } from './question.ts'
import type { Binding } from './scope.ts'

/** How a rule's target meets an item: with what its template's variables stand for; `open`: only if the URI turns out to match. */
export interface ItemMatch {
  readonly locals: ReadonlyMap<string, Binding>
  readonly open?: UriTemplate
}

type Item = Exclude<AskedTarget, { readonly kind: 'entity' }>

const plain: ItemMatch = { locals: new Map() }

/** Each way in which an item is meant by the target of a rule; none: it is not. A rule may name several templates. */
export function itemMatches(target: Target, action: string, item: Item): readonly ItemMatch[] {
  switch (target.kind) {
    case 'everything':
      return [plain]
    case 'types':
      return []
    case 'items':
      if (target.server !== undefined && target.server !== item.server) return []
      return target.items.flatMap((pattern) => {
        const match = matchOf(pattern, action, item)
        return match === undefined ? [] : [withOtherVariables(match, target.items)]
      })
  }
}

/** A variable that only another template of the rule has is absent: this one does not have it. */
function withOtherVariables(match: ItemMatch, items: readonly ItemPattern[]): ItemMatch {
  const all = items.flatMap((item) => (item.kind === 'uri' ? Object.values(item.locals) : []))
  const others = all.filter((local) => !match.locals.has(local))
  if (others.length === 0) return match
  return {
    ...match,
    locals: new Map([...match.locals, ...others.map((local) => [local, { kind: 'absent' }] as const)]),
  }
}

function matchOf(pattern: ItemPattern, action: string, item: Item): ItemMatch | undefined {
  switch (pattern.kind) {
    case 'all':
      return plain
    case 'names':
      return pattern.names.includes(textOf(item) ?? '') ? plain : undefined
    case 'pattern': {
      const text = textOf(item)
      return text !== undefined && matchesWildcard(pattern.pattern, text) ? plain : undefined
    }
    case 'uri':
      return uriMatch(pattern, action, item)
  }
}

/** What an item is called; servers have no name of their own among items. */
function textOf(item: Item): string | undefined {
  switch (item.kind) {
    case 'tool':
    case 'prompt':
      return item.name
    case 'resource':
      return item.uri
    case 'template':
      return item.text
    case 'server':
      return undefined
  }
}

function uriMatch(
  { template, locals }: Extract<ItemPattern, { kind: 'uri' }>,
  action: string,
  item: Item,
): ItemMatch | undefined {
  const bound = (binding: (variable: string) => Binding): ReadonlyMap<string, Binding> =>
    new Map(Object.entries(locals).map(([variable, local]) => [local, binding(variable)]))
  if (item.kind === 'resource') {
    const values = matchUri(template, item.uri)
    if (values === undefined) return undefined
    return { locals: bound((variable) => ({ kind: 'value', value: values.get(variable) ?? '' })) }
  }
  if (item.kind !== 'template') return undefined
  // Listing and completion are about the template itself: a rule means it if it means all its URIs.
  if (action === 'list' || action === 'complete') {
    return template.text === item.text || (item.template !== undefined && covers(template, item.template))
      ? plain
      : undefined
  }
  if (item.template !== undefined && !mayMeet(template, item.template)) return undefined
  return { locals: bound((variable) => ({ kind: 'uri', template, variable })), open: template }
}

/** Every URI of a template is one of the other: so are two that share only what every URI of the template has. */
function covers(template: UriTemplate, of: UriTemplate): boolean {
  const sample = (rest: string) => {
    const values = of.parts.flatMap((part) =>
      part.kind === 'literal' ? [] : [[part.name, part.kind === 'segment' ? 'zqxj7' : rest] as const],
    )
    return expandTemplate(of, new Map(values))
  }
  return ['zqxj7', 'zqxj7/zqxj8'].every((rest) => {
    const uri = sample(rest)
    return uri !== undefined && matchUri(template, uri) !== undefined
  })
}
