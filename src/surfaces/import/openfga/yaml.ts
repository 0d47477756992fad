import { isAlias, isMap, isScalar, isSeq, type ParsedNode, parseDocument } from 'yaml'
import type { SourceFile } from '../../../index.ts'
import { type Remark, Unreadable } from '../imported.ts'
import type { DslText } from './dsl-text.ts'

/** What a YAML document says, with where it says it and what is remarked beside it. JSON is YAML. */
export type Yaml = Scalar | List | Mapping

interface Node {
  readonly at: number
  /** The lines of comments before it, and those that follow inside of it. */
  readonly comments: readonly string[]
}

export interface Scalar extends Node {
  readonly kind: 'scalar'
  /** Integers are kept exactly. */
  readonly value: string | number | bigint | boolean | null
  /** The offset of its first character, where it is a block of lines as they are. */
  readonly block?: { readonly at: number; readonly indent: number }
}

export interface List extends Node {
  readonly kind: 'list'
  readonly items: readonly Yaml[]
}

export interface Mapping extends Node {
  readonly kind: 'map'
  readonly entries: ReadonlyMap<string, Yaml>
  /** What is said after the last of them. */
  readonly closing: readonly string[]
}

/** Aliases count each time that they are used, so that a small document does not become a large one. */
const maxNodes = 500_000
const maxDepth = 64

/** @throws Unreadable */
export function readYaml(source: SourceFile): Yaml {
  const failed = (message: string, at: number): never => {
    throw new Unreadable([{ kind: 'untranslated', message, source, at }])
  }
  let left = maxNodes
  const anchors = new Map<string, ParsedNode>()
  const convert = (node: ParsedNode | null, before: string | null | undefined, depth: number): Yaml => {
    const [at = 0] = node?.range ?? []
    if (--left < 0) failed('this document is too large', at)
    if (depth > maxDepth) failed('this document is too deep', at)
    const own = isSeq(node) ? undefined : node?.commentBefore
    const comments = [...linesOf(before), ...linesOf(own), ...linesOf(isSeq(node) ? undefined : node?.comment)]
    if (node === null) return { kind: 'scalar', value: null, at, comments }
    if (isAlias(node)) {
      const meant = anchors.get(node.source)
      return meant === undefined ? failed('this alias means nothing', at) : convert(meant, undefined, depth + 1)
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, node)
    if (isSeq(node)) {
      // What is said of a list is said above its first element.
      const above = [before, node.commentBefore].filter((one) => one != null).join('\n')
      const items = node.items.map((item, i) => convert(item, i === 0 ? above : undefined, depth + 1))
      return { kind: 'list', items, at, comments: linesOf(node.comment) }
    }
    if (isMap(node)) {
      const entries = new Map<string, Yaml>()
      const merged: Yaml[] = []
      for (const { key, value } of node.items) {
        if (!isScalar(key)) failed('this key is no text', at)
        else if (key.value === '<<') merged.push(convert(value, key.commentBefore, depth + 1))
        else entries.set(String(key.value), convert(value, key.commentBefore, depth + 1))
      }
      // Merge keys, which YAML 1.1 has; what a mapping says itself goes before.
      for (const one of merged.flatMap((each) => (each.kind === 'list' ? each.items : [each])))
        for (const [key, value] of one.kind === 'map' ? one.entries : failed('only mappings are merged', one.at))
          if (!entries.has(key)) entries.set(key, value)
      return { kind: 'map', entries, at, comments, closing: depth === 0 ? linesOf(node.comment) : [] }
    }
    if (!isScalar(node)) return failed('this cannot be read', at)
    const { value } = node
    if (value !== null && !['string', 'number', 'bigint', 'boolean'].includes(typeof value))
      failed('this cannot be read', at)
    return {
      kind: 'scalar',
      value: value as Scalar['value'],
      at,
      comments,
      ...(node.type === 'BLOCK_LITERAL' ? blockAt(source.text, at) : {}),
    }
  }
  const document = parsed(source)
  const [error] = document.errors
  if (error?.message.includes('call stack')) failed('this document is too deep', 0)
  if (error !== undefined) failed(`this is no YAML: ${error.message.split('\n', 1)[0]}`, error.pos[0])
  const root = convert(document.contents, undefined, 0)
  return root.kind === 'map' ? { ...root, closing: [...root.closing, ...linesOf(document.comment)] } : root
}

function parsed(source: SourceFile) {
  try {
    return parseDocument(source.text, {
      intAsBigInt: true,
      prettyErrors: false,
      uniqueKeys: true,
      version: '1.2',
      schema: 'core',
    })
  } catch {
    // The parser calls itself for each level.
    throw new Unreadable([{ kind: 'untranslated', message: 'this document is too deep', source, at: 0 }])
  }
}

function linesOf(comment: string | null | undefined): readonly string[] {
  return (comment ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function blockAt(text: string, header: number): Pick<Scalar, 'block'> {
  const first = text.indexOf('\n', header) + 1
  if (first === 0) return {}
  const line = /^\s*\n/.exec(text.slice(first, first + 1000))
  const indent = /^ */.exec(text.slice(first + (line?.[0].length ?? 0)))?.[0].length ?? 0
  return { block: { at: first, indent } }
}

/** A text that is one value of a document, its lines found again in the source. */
export function embedded(source: SourceFile, { value, at, block }: Scalar): DslText {
  const text = String(value)
  const placeOf = (offset: number): { source: SourceFile; at: number } => {
    if (block === undefined) return { source, at }
    const before = text.slice(0, offset).split('\n')
    let start = block.at
    for (let line = 1; line < before.length; line++) start = source.text.indexOf('\n', start) + 1
    return { source, at: Math.min(source.text.length, start + block.indent + (before.at(-1)?.length ?? 0)) }
  }
  return { text, source, placeOf }
}

export function remark(kind: Remark['kind'], message: string, source: SourceFile, at: number): Remark {
  return { kind, message, source, at }
}
