import { type Explanation, type ProofNode, printChange } from '../../index.ts'
import type { Drawing, DrawnEdge, DrawnNode, Tone } from './drawing.ts'
import { mermaid } from './mermaid.ts'
import { box, characterWidth, lineHeight, path, round, svg, textAt } from './svg.ts'

type Told = Pick<Explanation, 'allowed' | 'proof' | 'nearest'>

const marks = { true: '✓', false: '✗', error: '!' }
const maxLabel = 90

/** The proof, and under a denial the nearest ways, as a Mermaid flowchart. */
export function explanationMermaid(explanation: Told): string {
  return mermaid(drawingOf(explanation), 'LR')
}

function drawingOf({ allowed, proof, nearest }: Told): Drawing {
  const nodes: DrawnNode[] = []
  const edges: DrawnEdge[] = []
  const add = (label: readonly string[], tone: Tone, from?: string, line: DrawnEdge['line'] = 'solid'): string => {
    const id = `${nodes.length}`
    nodes.push({ id, label, tone })
    if (from !== undefined) edges.push({ from, to: id, line })
    return id
  }
  const walk = (node: ProofNode, from?: string) => {
    const id = add([titleOf(node), ...notesOf(node)].map(cut), toneOf(node), from)
    for (const child of node.children) walk(child, id)
    return id
  }
  const root = walk(proof)
  if (!allowed) {
    for (const [i, way] of nearest.ways.entries()) {
      add([`it would be allowed: ${i + 1}`, ...way.map(printChange)].map(cut), 'plain', root, 'dashed')
    }
  }
  return { nodes, edges }
}

const step = 22
const row = 26

/** The proof as a tree in SVG, a line for each claim, and under a denial the nearest ways. */
export function explanationSvg({ allowed, proof, nearest }: Told): string {
  const parts: string[] = []
  let y = 20
  let width = 0
  const line = (depth: number, text: string, notes: string, tone: Tone, parent: number | undefined): number => {
    const x = 16 + depth * step
    const length = text.length * characterWidth + 20
    if (parent !== undefined) parts.push(path(`M${x - step + 8} ${round(parent + 10)} V${y} H${x}`, 'line'))
    parts.push(box(x, y - 10, length, 20, tone), textAt(x + 10, y + 4, text))
    if (notes !== '') parts.push(textAt(x + length + 10, y + 4, notes, 'quiet'))
    width = Math.max(width, x + length + 10 + notes.length * characterWidth)
    const at = y
    y += row
    return at
  }
  const walk = (node: ProofNode, depth: number, parent: number | undefined) => {
    const at = line(depth, cut(titleOf(node)), cut(notesOf(node).join('  ')), toneOf(node), parent)
    for (const child of node.children) walk(child, depth + 1, at)
  }
  walk(proof, 0, undefined)
  if (!allowed && nearest.ways.length > 0) {
    y += 14
    parts.push(textAt(16, y + 4, 'nearest changes that would allow it', 'strong'))
    y += row
    for (const [i, way] of nearest.ways.entries()) {
      for (const [j, change] of way.entries()) {
        const text = `${j === 0 ? `${i + 1}.` : '  and'} ${printChange(change)}`
        parts.push(textAt(24, y + 4, text))
        width = Math.max(width, 24 + text.length * characterWidth)
        y += lineHeight + 2
      }
      y += 4
    }
  }
  return svg(width + 20, y + 4, proof.text, parts)
}

function titleOf({ truth, text }: ProofNode): string {
  return `${marks[truth]} ${text}`
}

function notesOf({ rule, values = [], error, repeated }: ProofNode): readonly string[] {
  return [
    ...(rule === undefined ? [] : [rule]),
    ...values.map(({ text, value }) => `${text} is ${value}`),
    ...(error === undefined ? [] : [error]),
    ...(repeated === undefined ? [] : [repeated === 'cycle' ? 'depends on itself' : 'see above']),
  ]
}

/** What is good of a grant is bad of a prohibition. */
function toneOf({ truth, effect }: ProofNode): Tone {
  if (truth === 'error') return 'error'
  if (effect === 'deny') return truth === 'true' ? 'bad' : 'plain'
  return truth === 'true' ? 'good' : 'plain'
}

function cut(text: string): string {
  return text.length <= maxLabel ? text : `${text.slice(0, maxLabel - 1)}…`
}
