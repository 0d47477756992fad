import { tokensOf } from './scan.ts'

/** What a schema's text says that its JSON does not: in which order, and with which comments. */
export interface SchemaOutline {
  /** By their names with their namespaces, in the order of the text. */
  readonly entities: ReadonlyMap<string, EntityOutline>
  /** Of what is no statement of its own here: actions, common types and namespaces, each after its name. */
  readonly others: readonly string[]
  /** After the last declaration. */
  readonly closing: readonly string[]
}

export interface EntityOutline {
  readonly comments: readonly string[]
  /** The comments of each attribute, in the order of the text. */
  readonly fields: ReadonlyMap<string, readonly string[]>
}

/** Of a text that Cedar has read. */
export function outlineOf(text: string): SchemaOutline {
  const { words, closing } = wordsOf(text)
  const entities = new Map<string, EntityOutline>()
  const others: string[] = []
  let namespace = ''
  for (const declaration of declarationsOf(words)) {
    const { comments, rest } = annotated(declaration)
    const [keyword, ...after] = rest
    const end = after.findIndex(({ text }) => /^(?:in|enum|tags|appliesTo|[={;])$/.test(text))
    const names = after.slice(0, end).filter(({ text }) => text !== ',')
    const { fields, comments: inner } = fieldsOf(after.slice(end))
    const own = [...comments, ...[keyword, ...names].flatMap((word) => (word ? around(word) : [])), ...inner]
    if (keyword?.text === '}') namespace = ''
    if (keyword?.text === 'entity')
      for (const { text } of names) entities.set(namespace + text, { comments: own, fields })
    else {
      const name = names.map(({ text }) => text.replace(/^"|"$/g, '')).join('')
      const all = [...own, ...[...fields.values()].flat()]
      others.push(...all.map((line) => (name === '' ? line : `${name}: ${line}`)))
      if (keyword?.text === 'namespace') namespace = `${name}::`
    }
  }
  return { entities, others, closing }
}

/** A token that is no comment, with those before it, and with what follows on its line. */
interface Word {
  readonly text: string
  readonly isName: boolean
  readonly above: readonly string[]
  readonly beside: string[]
}

function around({ above, beside }: Word): readonly string[] {
  return [...above, ...beside]
}

function wordsOf(source: string): { readonly words: readonly Word[]; readonly closing: readonly string[] } {
  const words: Word[] = []
  let above: string[] = []
  let before = 0
  for (const { kind, start, end } of tokensOf(source)) {
    const text = source.slice(start, end)
    if (kind === 'comment') {
      const isBeside = above.length === 0 && !source.slice(before, start).includes('\n')
      const line = text.replace(/^\/+ ?/, '').trimEnd()
      ;(isBeside ? (words.at(-1)?.beside ?? above) : above).push(line)
      continue
    }
    words.push({ text, isName: kind === 'word' || kind === 'string', above, beside: [] })
    above = []
    before = end
  }
  return { words, closing: above }
}

/** Each up to its `;`; the `{` and the `}` of a namespace end one, too. */
function* declarationsOf(words: readonly Word[]): Iterable<readonly Word[]> {
  let own: Word[] = []
  let depth = 0
  for (const word of words) {
    own.push(word)
    const isNamespace = own.some(({ text }, i) => text === 'namespace' && own[i + 1]?.isName === true)
    if (/^[{[(]$/.test(word.text) && !isNamespace) depth += 1
    if (/^[}\])]$/.test(word.text)) depth -= 1
    const isEnd = depth < 0 || (depth === 0 && word.text === ';') || (isNamespace && word.text === '{')
    if (!isEnd) continue
    yield own
    own = []
    depth = 0
  }
}

/** Without its annotations, which are comments too: `@doc("A picture")`. */
function annotated(words: readonly Word[]): { readonly comments: readonly string[]; readonly rest: readonly Word[] } {
  const comments: string[] = []
  let rest = words
  while (rest[0]?.text === '@') {
    const [at, name, open, value] = rest
    const length = open?.text === '(' ? 5 : 2
    const said = length === 2 ? '' : (value?.text ?? '').slice(1, -1).replace(/\\"/g, '"').replace(/\s+/g, ' ')
    comments.push(...at.above, ...(name?.text === 'doc' ? [said] : [`${name?.text}: ${said}`]))
    comments.push(...rest.slice(1, length).flatMap(around))
    rest = rest.slice(length)
  }
  return { comments, rest }
}

/** The attributes among what follows the names of a declaration; what is said of none of them is said of the whole. */
function fieldsOf(words: readonly Word[]): EntityOutline {
  const fields = new Map<string, string[]>()
  const comments: string[] = []
  let depth = 0
  let current = comments
  let rest = words
  while (rest.length > 0) {
    const isKey = depth === 1 && (rest[0]?.isName === true || rest[0]?.text === '@') && current === comments
    const { comments: said, rest: following } = isKey ? annotated(rest) : { comments: [], rest }
    const [word] = following
    if (word === undefined) break
    if (isKey) {
      current = [...said]
      fields.set(word.text.startsWith('"') ? word.text.slice(1, -1).replace(/\\"/g, '"') : word.text, current)
    }
    if (/^[}\])>]$/.test(word.text)) depth -= 1
    if (depth === 0) current = comments
    current.push(...around(word))
    if (/^[{[(<]$/.test(word.text)) depth += 1
    if (depth === 1 && word.text === ',') current = comments
    rest = following.slice(1)
  }
  return { comments, fields }
}
