/**
 * Text that is JavaScript. A plain string gets into it only as a quoted literal; what enters as it is has been written in this
 * folder, as a template with the tag `js`. The way of ajv's code generation.
 */
export class Code {
  readonly #text: string

  constructor(text: string, writtenHere: typeof token) {
    if (writtenHere !== token) throw new TypeError('code is made by the tag `js`')
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

/** Only this file has it. */
const token = Symbol('written here')

export type Part = Code | string | number | boolean | null | undefined | readonly Part[]

/** Code with parts put in: code as it is, lists with commas between, everything else as a literal. */
export function js(texts: TemplateStringsArray, ...parts: readonly Part[]): Code {
  let text = texts[0] ?? ''
  for (const [i, part] of parts.entries()) text += `${written(part)}${texts[i + 1] ?? ''}`
  return new Code(text, token)
}

/**
 * Data as code: JSON in a string of several lines, which is read faster than an object that is written out, and in which no name is
 * more than a name.
 */
export function json(value: unknown): Code {
  const text = escaped(laidOut(value)).replace(/[\\`]|\$(?=\{)/g, '\\$&')
  return new Code(`JSON.parse(\`${text}\`)`, token)
}

/** Pieces of code one after the other. */
export function join(
  codes: readonly Code[],
  separator: ' + ' | ' && ' | ' || ' | ' | ' | ', ' | ',\n' | '; ' | '\n' | '\n\n' | '',
): Code {
  return new Code(codes.join(separator), token)
}

/** The lines two spaces further in. No literal goes over lines, but for that of `json`, which is not to be here. */
export function indented(code: Code): Code {
  return new Code(`${code}`.replace(/^(?=.)/gm, '  '), token)
}

/**
 * A name of emitted code, made after words of the policy for whoever reads it. The dollar sign keeps it apart from JavaScript's own
 * words, from parameters and from the support library. `number`: the how-manieth of these words.
 */
export function nameOf(words: readonly (string | number)[], number?: number): Code {
  const text = words.join('$').replace(/[^A-Za-z0-9_$]/g, '_')
  // Cut before the number, so that long words end in different names, too.
  const cut = text.slice(0, 80)
  const end = number !== undefined ? `$${number}` : cut.includes('$') ? '' : '$'
  return new Code(`${/^\d/.test(cut) ? '_' : ''}${cut}${end}`, token)
}

/** A name that is written in this folder, such as that of a function of the support library. */
export function known(name: string): Code {
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new TypeError('no name')
  return new Code(name, token)
}

function written(part: Part): string {
  if (part instanceof Code) return part.toString()
  if (Array.isArray(part)) return part.map(written).join(', ')
  if (typeof part === 'string') return quoted(part)
  if (typeof part === 'number' && !Number.isFinite(part)) throw new TypeError('a number that has no literal')
  return Object.is(part, -0) ? '-0' : String(part)
}

/** A literal that ends no line, no string and no HTML element. */
function quoted(text: string): string {
  return escaped(JSON.stringify(text))
}

/** JSON without what could end a line or an HTML element, or cannot be seen. Outside of its strings there is nothing of that. */
function escaped(text: string): string {
  return text.replace(
    /[<\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** The elements of a list, and the lists in an object, one below the other. */
function laidOut(value: unknown): string {
  if (Array.isArray(value))
    return value.length === 0 ? '[]' : `[\n${value.map((one) => JSON.stringify(one)).join(',\n')}\n]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return `{\n${members.map(([name, member]) => `${JSON.stringify(name)}: ${laidOut(member)}`).join(',\n')}\n}`
}
