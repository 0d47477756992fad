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
  const { layers, routes } = layered(
    nodes.length,
    known.map(({ from, to }) => [from, to]),
  )
  const sizes = nodes.map(({ label }) => ({
    width: Math.max(...label.map((line) => line.length)) * characterWidth + 2 * padding.x,
    height: label.length * lineHeight + 2 * padding.y,
  }))
  const heightOf = (node: number) => sizes[node]?.height ?? 0
  const heights = layers.map((layer) => layer.reduce((sum, node) => sum + heightOf(node) + gap.y, -gap.y))
  const tallest = Math.max(0, ...heights)
  const boxes: Box[] = []
  let x = margin
  for (const [i, layer] of layers.entries()) {
    const width = Math.max(0, ...layer.map((node) => sizes[node]?.width ?? 0))
    let y = margin + (tallest - (heights[i] ?? 0)) / 2
    for (const node of layer) {
      boxes[node] = { x, y, width, height: heightOf(node) }
      y += heightOf(node) + gap.y
    }
    x += width + gap.x
  }
  const parts = [
    ...known.flatMap(({ edge }, i) =>
      arrow(
        edge,
        (routes[i] ?? []).flatMap((node) => boxes[node] ?? []),
      ),
    ),
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

/** Through all that it passes; what leads back, or to itself, goes round below. */
function arrow({ line, label = '' }: DrawnEdge, route: readonly Box[]): readonly string[] {
  const [from, ...rest] = route
  const to = rest.at(-1)
  if (from === undefined || to === undefined) return []
  const kind = line === 'solid' ? 'line' : line === 'dashed' ? 'line dashed' : 'line prohibits'
  const start = { x: from.x + from.width, y: from.y + from.height / 2 }
  const drawn = (d: string) => `<path class="${kind}" marker-end="url(#head)" d="M${at(start)}${d}"/>`
  if (to.x <= from.x) {
    const end = { x: to.x + to.width, y: to.y + to.height - 6 }
    const round = 46
    const d = ` C${at({ ...start, x: start.x + round })} ${at({ ...end, x: end.x + round })} ${at(end)}`
    return [drawn(d), ...named(label, start.x + round * 0.7, (start.y + end.y) / 2)]
  }
  let d = ''
  let last = start
  let before = start
  for (const next of rest) {
    const middle = { x: next.x, y: next.y + next.height / 2 }
    const bend = (middle.x - last.x) / 2
    d += ` C${at({ ...last, x: last.x + bend })} ${at({ ...middle, x: middle.x - bend })} ${at(middle)}`
    before = last
    last = middle
    // Straight on between the boxes of its layer.
    if (next !== to) {
      last = { ...middle, x: middle.x + next.width }
      d += ` L${at(last)}`
    }
  }
  return [drawn(d), ...named(label, (before.x + last.x) / 2, (before.y + last.y) / 2)]
}

function named(label: string, x: number, y: number): readonly string[] {
  return label === '' ? [] : [textAt(x - (label.length * characterWidth) / 2, y - 3, label, 'quiet label')]
}

function at({ x, y }: { readonly x: number; readonly y: number }): string {
  return `${round(x)} ${round(y)}`
}
