import type { Drawing, DrawnEdge } from './drawing.ts'
import { layered } from './layered.ts'
import { box, characterWidth, lineHeight, round, svg, textAt } from './svg.ts'

const margin = 24
const gap = { x: 96, y: 18 }
const padding = { x: 12, y: 8 }

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A graph from left to right, in layers. */
export function layeredSvg({ nodes, edges }: Drawing, title: string): string {
  const index = new Map(nodes.map(({ id }, i) => [id, i]))
  const known = edges.flatMap((edge) => {
    const [from, to] = [index.get(edge.from), index.get(edge.to)]
    return from === undefined || to === undefined ? [] : [{ edge, from, to }]
  })
  const { layers } = layered(
    nodes.length,
    known.map(({ from, to }) => [from, to]),
  )
  const sizes = nodes.map(({ label }) => ({
    width: Math.max(...label.map((line) => line.length)) * characterWidth + 2 * padding.x,
    height: label.length * lineHeight + 2 * padding.y,
  }))
  const heights = layers.map((layer) => layer.reduce((sum, node) => sum + (sizes[node]?.height ?? 0) + gap.y, -gap.y))
  const tallest = Math.max(0, ...heights)
  const boxes: Box[] = []
  let x = margin
  for (const [i, layer] of layers.entries()) {
    const width = Math.max(...layer.map((node) => sizes[node]?.width ?? 0))
    let y = margin + (tallest - (heights[i] ?? 0)) / 2
    for (const node of layer) {
      const height = sizes[node]?.height ?? 0
      boxes[node] = { x, y, width, height }
      y += height + gap.y
    }
    x += width + gap.x
  }
  const parts = [
    ...known.flatMap(({ edge, from, to }) => {
      const [a, b] = [boxes[from], boxes[to]]
      return a === undefined || b === undefined ? [] : arrow(edge, a, b)
    }),
    ...nodes.flatMap(({ label, tone }, i) => {
      const at = boxes[i]
      if (at === undefined) return []
      return [
        box(at.x, at.y, at.width, at.height, tone),
        ...label.map((line, j) =>
          textAt(at.x + padding.x, at.y + padding.y + (j + 0.75) * lineHeight, line, j === 0 ? 'strong' : 'quiet'),
        ),
      ]
    }),
  ]
  return svg(Math.max(x - gap.x, margin) + margin, tallest + 2 * margin, title, parts)
}

function arrow({ line, label }: DrawnEdge, from: Box, to: Box): readonly string[] {
  const kind = line === 'solid' ? 'line' : line === 'dashed' ? 'line dashed' : 'line prohibits'
  const forward = from.x < to.x
  const start = { x: from.x + from.width, y: from.y + from.height / 2 }
  // What leads back, or to itself, goes round below.
  const end = forward ? { x: to.x, y: to.y + to.height / 2 } : { x: to.x + to.width, y: to.y + to.height - 6 }
  const bend = forward ? Math.max(30, (end.x - start.x) / 2) : 46
  const control = forward ? end.x - bend : end.x + bend
  const d = `M${round(start.x)} ${round(start.y)} C${round(start.x + bend)} ${round(start.y)} ${round(control)} ${round(end.y)} ${round(end.x)} ${round(end.y)}`
  const drawn = `<path class="${kind}" marker-end="url(#head)" d="${d}"/>`
  if (label === undefined || label === '') return [drawn]
  const middle = forward
    ? { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 }
    : { x: start.x + bend * 0.7, y: (start.y + end.y) / 2 }
  return [drawn, textAt(middle.x - (label.length * characterWidth) / 2, middle.y - 4, label, 'quiet')]
}
