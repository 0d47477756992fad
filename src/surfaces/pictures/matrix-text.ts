import { visibleText } from '../../base/visible.ts'
import type { Matrix, MatrixCell, MatrixSubject, MatrixTable } from './matrix.ts'

export interface TextOptions {
  /** Columns of the terminal. */
  readonly width: number
  readonly color: boolean
}

const colors = { allow: '32', depends: '33', deny: '31', dim: '2', bold: '1' } as const

/** Allowed, denied, allowed unless something denies it, or else depending on something. */
export function markOf({ outcome, granted }: Pick<MatrixCell, 'outcome' | 'granted'>): string {
  if (outcome === 'depends') return granted ? '✓?' : '?'
  return outcome === 'allow' ? '✓' : '✗'
}

interface Line {
  readonly head: string
  readonly cells: readonly { readonly text: string; readonly style: keyof typeof colors | undefined }[]
}

/** Tables for a terminal, cut into several where one is too wide, each with the conditions that its cells depend on. */
export function printMatrix({ tables, complete }: Matrix, { width, color }: TextOptions): string {
  const paint = (text: string, style: keyof typeof colors | undefined) =>
    color && style !== undefined ? `\u001b[${colors[style]}m${text}\u001b[0m` : text
  const parts = tables.flatMap((table) => {
    const notes = new Map<string, number>()
    const lines = linesOf(table, notes)
    const title = paint(`${table.kind === 'entities' ? 'who may, of' : table.kind} ${visibleText(table.name)}`, 'bold')
    const conditions = [...notes].map(([condition, number]) => note(number, condition, width))
    return [title, ...grids(lines, width, paint), ...conditions]
  })
  const dim = color ? '; dim: as for anyone' : ''
  const legend = `✓ allow  ✗ deny  ? depends on what stands below the table  ✓? is allowed but for a deny there${dim}`
  return [
    ...parts,
    paint(complete ? legend : `${legend}. Not complete: there are more cells than are worked out`, 'dim'),
    '',
  ].join('\n')
}

/** Of a type a line for each subject; of a server, which has more items than there are subjects, one for each item. */
function linesOf({ kind, subjects, uses, cells }: MatrixTable, notes: Map<string, number>): readonly Line[] {
  const shown = (cell: MatrixCell | undefined, subject: number): Line['cells'][number] => {
    if (cell === undefined) return { text: '', style: undefined }
    const { outcome, condition, asAnyone } = cell
    if (condition !== '' && !notes.has(condition)) notes.set(condition, notes.size + 1)
    const number = condition === '' ? '' : notes.get(condition)
    return {
      text: `${markOf(cell)}${number}`,
      style: asAnyone && subjects[subject]?.kind !== 'anyone' ? 'dim' : outcome,
    }
  }
  const heads = (names: readonly string[]): Line => ({
    head: '',
    cells: names.map((text) => ({ text, style: 'dim' })),
  })
  const people = subjects.map((subject) => visibleText(subjectName(subject, subjects)))
  const things = uses.map(({ action, item }) => visibleText(item === undefined ? action : `${action} ${item}`))
  if (kind !== 'server') {
    return [heads(things), ...people.map((head, i) => ({ head, cells: things.map((_, j) => shown(cells[i]?.[j], i)) }))]
  }
  return [heads(people), ...things.map((head, j) => ({ head, cells: people.map((_, i) => shown(cells[i]?.[j], i)) }))]
}

/** Of which actor types is said where that makes a difference. */
export function subjectName({ kind, name = '', actors }: MatrixSubject, all: readonly MatrixSubject[]): string {
  if (kind === 'entity') return name
  const differs = all.filter((other) => other.kind === kind && (other.name ?? '') === name).length > 1
  if (kind === 'anyone') return differs ? `any ${actors.join(', ')}` : 'anyone'
  const of = differs ? ` (${actors.join(', ')})` : ''
  return kind === 'scope' ? `scope("${name}")${of}` : `${name}${of}`
}

function* grids(
  lines: readonly Line[],
  width: number,
  paint: (text: string, style: keyof typeof colors | undefined) => string,
): Iterable<string> {
  const first = Math.max(...lines.map(({ head }) => head.length))
  const [titles] = lines
  const columns = (titles?.cells ?? []).map((_, i) => Math.max(...lines.map(({ cells }) => cells[i]?.text.length ?? 0)))
  for (let from = 0; from < columns.length; ) {
    let to = from
    let used = first + 2
    while (to < columns.length && (to === from || used + 2 + (columns[to] ?? 0) <= width))
      used += 2 + (columns[to++] ?? 0)
    for (const { head, cells } of lines) {
      const row = cells.slice(from, to).map(({ text, style }, i) => paint(text.padEnd(columns[from + i] ?? 0), style))
      yield `  ${head.padEnd(first)}  ${row.join('  ')}`.trimEnd()
    }
    from = to
    if (from < columns.length) yield ''
  }
  yield ''
}

function note(number: number, condition: string, width: number): string {
  const lead = `  ${number}  `.padEnd(6)
  const lines = condition.split('\n').flatMap((line) => wrapped(visibleText(line), Math.max(30, width - lead.length)))
  return [...lines.map((line, i) => `${i === 0 ? lead : ' '.repeat(lead.length)}${line}`), ''].join('\n')
}

/** At spaces, where there are any; what goes on is set in. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let rest = text
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width)
    const end = space > width / 2 ? space : width
    lines.push(rest.slice(0, end))
    rest = `  ${rest.slice(end).trimStart()}`
  }
  return [...lines, rest]
}
