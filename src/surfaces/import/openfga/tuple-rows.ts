import type { SourceFile } from '../../../index.ts'
import { type Remark, Unreadable } from '../imported.ts'
import { type Mapping, readYaml, remark, type Scalar, type Yaml } from './yaml.ts'

/** Tuples as JSON, one a line. @throws Unreadable */
export function readLines(source: SourceFile): Yaml {
  const items: Yaml[] = []
  let at = 0
  for (const line of source.text.split('\n')) {
    if (line.trim() !== '') items.push(partOf(source, line, at))
    at += line.length + 1
  }
  return { kind: 'list', items, at: 0, comments: [] }
}

const columns = {
  user: ['user_type', 'user_id', 'user_relation'],
  object: ['object_type', 'object_id'],
  condition: ['condition_name', 'condition_context'],
}

/**
 * Tuples as a table (RFC 4180) with the columns that the command line of OpenFGA has: `user_type`, `user_id`, `user_relation`,
 * `relation`, `object_type`, `object_id`, `condition_name`, `condition_context`. @throws Unreadable
 */
export function readCsv(source: SourceFile): Yaml {
  const [head = [], ...rows] = cellsOf(source)
  const known = [...Object.values(columns).flat(), 'relation']
  const unknown = head.find(({ text }) => !known.includes(text))
  if (unknown !== undefined) throw refused(`there is no column \`${unknown.text}\``, source, unknown.at)
  const items = rows.map((row): Yaml => {
    const first = row[0]?.at ?? 0
    if (row.length !== head.length) throw refused('this row has not as many cells as there are columns', source, first)
    const cells = new Map(head.map(({ text }, i) => [text, row[i] as Cell]))
    const cell = (column: string) => cells.get(column)?.text ?? ''
    const scalar = (value: string, column: string): Scalar => {
      return { kind: 'scalar', value, at: cells.get(column)?.at ?? first, comments: [] }
    }
    const [type, id, relation] = columns.user.map(cell)
    const entries = new Map<string, Yaml>([
      ['user', scalar(`${type}:${id}${relation === '' ? '' : `#${relation}`}`, 'user_type')],
      ['relation', scalar(cell('relation'), 'relation')],
      ['object', scalar(columns.object.map(cell).join(':'), 'object_type')],
    ])
    if (cell('condition_name') !== '') {
      const context = cells.get('condition_context')
      const condition = new Map<string, Yaml>([['name', scalar(cell('condition_name'), 'condition_name')]])
      if (context !== undefined && context.text !== '')
        condition.set('context', partOf(source, context.text, context.at))
      entries.set('condition', mapping(condition, first))
    }
    return mapping(entries, first)
  })
  return { kind: 'list', items, at: 0, comments: [] }
}

function mapping(entries: Mapping['entries'], at: number): Mapping {
  return { kind: 'map', entries, at, comments: [], closing: [] }
}

interface Cell {
  readonly text: string
  readonly at: number
}

const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y

function cellsOf(source: SourceFile): readonly (readonly Cell[])[] {
  const { text } = source
  const rows: Cell[][] = []
  let row: Cell[] = []
  for (let at = 0; at < text.length || row.length > 0; ) {
    cell.lastIndex = at
    const found = cell.exec(text)
    if (found === null) throw refused('a quote stands where none can', source, at)
    const [all, quoted, plain = '', end] = found
    row.push({ text: quoted?.replaceAll('""', '"') ?? plain.trim(), at })
    at += all.length
    if (end === ',') continue
    // Blank lines are no rows.
    if (row.length > 1 || row[0]?.text !== '') rows.push(row)
    row = []
  }
  return rows
}

/** A value that is written in a line of its own, whose places are that line's. */
function partOf(source: SourceFile, text: string, at: number): Yaml {
  try {
    return moved(readYaml({ ...source, text }), at)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    throw new Unreadable(error.remarks.map((one): Remark => ({ ...one, source, at: at + one.at })))
  }
}

function moved(node: Yaml, by: number): Yaml {
  const at = node.at + by
  if (node.kind === 'list') return { ...node, at, items: node.items.map((item) => moved(item, by)) }
  if (node.kind === 'scalar') return { ...node, at }
  return { ...node, at, entries: new Map([...node.entries].map(([key, value]) => [key, moved(value, by)])) }
}

function refused(message: string, source: SourceFile, at: number): Unreadable {
  return new Unreadable([remark('untranslated', message, source, at)])
}
