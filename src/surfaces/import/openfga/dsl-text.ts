import type { SourceFile } from '../../../index.ts'
import type { Place } from './model.ts'

/** The text of a model, which may be a part of a larger source, with where its declarations stand. */
export interface DslText {
  readonly text: string
  readonly source: SourceFile
  /** The place in the source of an offset in the text. */
  readonly placeOf: (offset: number) => Place
}

export interface Declared {
  readonly offset: number
  readonly comments: readonly string[]
}

/** Where each type, relation and condition is declared: `type doc`, `doc#viewer` and `condition c`. */
export function declarations(text: string): {
  readonly found: ReadonlyMap<string, Declared>
  /** After the last of them. */
  readonly closing: readonly string[]
} {
  const found = new Map<string, Declared>()
  let comments: string[] = []
  let type = ''
  let offset = 0
  for (const line of text.split('\n')) {
    const declared = /^\s*(extend\s+type|type|define|condition)\s+([^\s:(]+)/.exec(line)
    const comment = /^\s*#\s?(.*?)\s*$/.exec(line)?.[1]
    if (comment !== undefined) comments.push(comment)
    else if (declared !== null) {
      const [, keyword = '', name = ''] = declared
      const kind = keyword.startsWith('extend') ? 'type' : keyword
      if (kind === 'type') type = name
      const key = kind === 'define' ? `${type}#${name}` : `${kind} ${name}`
      const trailing = kind === 'condition' ? undefined : /\s#\s?(.*?)\s*$/.exec(line)?.[1]
      if (!found.has(key))
        found.set(key, {
          offset: offset + line.length - line.trimStart().length,
          comments: trailing === undefined || trailing === '' ? comments : [...comments, trailing],
        })
      comments = []
    } else if (line.trim() !== '' && line.trim() !== 'relations') comments = []
    offset += line.length + 1
  }
  return { found, closing: comments }
}

/** What is written above everything else. */
export function header(text: string): readonly string[] {
  const lines: string[] = []
  for (const line of text.split('\n')) {
    const comment = /^\s*#\s?(.*?)\s*$/.exec(line)?.[1]
    if (comment !== undefined) lines.push(comment)
    else if (line.trim() !== '') break
  }
  return lines
}

/** A text that is a whole file. */
export function wholeFile(source: SourceFile): DslText {
  return { text: source.text, source, placeOf: (at) => ({ source, at }) }
}
