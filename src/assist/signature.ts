import { builtins } from '../ir/builtins.ts'
import type { RecordField } from '../ir/type.ts'
import { showType } from '../model/shape.ts'
import { isA } from '../syntax/is-a.ts'
import * as t from '../syntax/tokens.ts'
import type { Analysis } from './analysis.ts'
import { cursorAt } from './cursor.ts'
import { describe, fieldText, obtainable, signatureText } from './describe.ts'
import { builtinDocs } from './keywords.ts'

export interface Signature {
  readonly label: string
  /** Where each parameter stands in the label. */
  readonly parameters: readonly (readonly [start: number, end: number])[]
  readonly doc?: string | undefined
}

export interface Signatures {
  readonly all: readonly Signature[]
  /** Which parameter the cursor is at, from 0. */
  readonly parameter: number
}

/** How the function is called between whose parentheses an offset lies. */
export function signaturesAt(analysis: Analysis, file: string, offset: number): Signatures | undefined {
  const { before, isComment, string } = cursorAt(analysis.files.get(file) ?? '', offset)
  if (isComment) return undefined
  let depth = 0
  let parameter = 0
  for (let i = before.length - 1; i > 0; i--) {
    const token = before[i]
    if (isA(token, t.RParen) || isA(token, t.RSquare) || isA(token, t.RCurly)) depth += 1
    else if (isA(token, t.Comma) && depth === 0) parameter += 1
    else if (isA(token, t.LParen) || isA(token, t.LSquare) || isA(token, t.LCurly)) {
      if (depth-- > 0) continue
      const name = before[i - 1]
      if (!isA(token, t.LParen) || !isA(name, t.Word) || string?.startOffset === token?.startOffset) return undefined
      const all = isA(before[i - 2], t.Access) ? methods(name?.image ?? '') : functions(analysis, name?.image ?? '')
      return all.length === 0 ? undefined : { all, parameter }
    }
  }
  return undefined
}

function methods(name: string): readonly Signature[] {
  if (name === 'some' || name === 'every') return [signature(`${name}(x => boolean): boolean`, builtinDocs[name])]
  return builtins.flatMap((one) =>
    one.form === 'method' && one.name === name ? [signature(signatureText(one), builtinDocs[name])] : [],
  )
}

function functions(analysis: Analysis, name: string): readonly Signature[] {
  const { schema } = analysis
  const host = schema.functions.get(name)
  if (host !== undefined)
    return [
      signature(
        `${name}(${listOf(host.params)}): ${showType(host.result)}`,
        describe(analysis, { kind: 'function', name }).doc,
      ),
    ]
  const info =
    schema.lets.get(name) ??
    [...schema.servers.values()].map(({ lets }) => lets.get(name)).find((one) => one !== undefined)
  if (info?.params !== undefined) return [signature(`${name}(${listOf(info.params)})`, info.declaration.doc)]
  if (Object.hasOwn(obtainable, name)) return [signature(obtainable[name] ?? name, builtinDocs[name])]
  const found = builtins.find((one) => one.form === 'function' && one.name === name)
  return found === undefined ? [] : [signature(signatureText(found), builtinDocs[name])]
}

function listOf(params: readonly RecordField[]): string {
  return params.map(fieldText).join(', ')
}

/** The parameters stand between the first parenthesis and its end, apart by commas outside of brackets. */
function signature(label: string, doc: string | undefined): Signature {
  const parameters: (readonly [number, number])[] = []
  const open = label.indexOf('(')
  let depth = 0
  let start = open + 1
  for (let i = start; i < label.length; i++) {
    const character = label.charAt(i)
    if ('([{'.includes(character)) depth += 1
    else if (')]}'.includes(character) && depth-- === 0) {
      if (i > start) parameters.push([start, i])
      break
    } else if (character === ',' && depth === 0) {
      parameters.push([start, i])
      start = i + 2
    }
  }
  return { label, parameters, doc }
}
