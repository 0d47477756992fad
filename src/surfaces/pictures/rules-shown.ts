import { lineStarts, type Policy, positionAt } from '../../index.ts'

/** A rule as it stands in the text. */
export interface RuleShown {
  readonly effect: string
  readonly doc?: string
  readonly file: string
  readonly line: number
  /** Its text; undefined where the file is not there. */
  readonly source?: string
}

const maxSource = 2000

/** Rules by their ids. */
export function rulesShown(
  { program, sources }: Policy,
  ids: ReadonlySet<string>,
): Readonly<Record<string, RuleShown>> {
  const files = new Map(sources.map(({ name, text }) => [name, { text, starts: lineStarts(text) }]))
  const shown = program.rules
    .filter(({ id }) => ids.has(id))
    .map(({ id, effect, doc, at }): [string, RuleShown] => {
      const file = files.get(at.file)
      const place = file === undefined ? { line: 0 } : { line: positionAt(file.starts, at.start).line }
      const source = file?.text.slice(at.start, Math.min(at.end, at.start + maxSource))
      return [
        id,
        {
          effect,
          ...(doc === undefined ? {} : { doc }),
          file: at.file,
          ...place,
          ...(source === undefined ? {} : { source }),
        },
      ]
    })
  // An id may be any text, also the name of something that every object has.
  return Object.assign(Object.create(null), Object.fromEntries(shown))
}
