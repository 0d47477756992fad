import { layeredSvg } from './layered-svg.ts'
import { mermaid } from './mermaid.ts'
import { graphDrawing, type PolicyGraph } from './policy-graph.ts'

/** The graph as a Mermaid flowchart, from left to right. */
export function graphMermaid(graph: PolicyGraph): string {
  return mermaid(graphDrawing(graph), 'LR')
}

/** The graph as a picture in SVG. */
export function graphSvg(graph: PolicyGraph, title: string): string {
  return layeredSvg(graphDrawing(graph), title)
}
