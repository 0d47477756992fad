/**
 * Pictures of policies and decisions: who may do what, what gives what, why. Text for terminals, JSON, Mermaid, SVG, and one page of HTML;
 * all of them pure functions, and all text in them escaped. The subpath `licet/pictures`.
 */
export { explanationMermaid, explanationSvg } from './explanation-picture.ts'
export { graphMermaid, graphSvg } from './graph-picture.ts'
export { printGraph } from './graph-text.ts'
export {
  type Matrix,
  type MatrixCell,
  type MatrixSubject,
  type MatrixTable,
  type MatrixUse,
  matrixOf,
} from './matrix.ts'
export { matrixPage } from './matrix-page.ts'
export { printMatrix, type TextOptions } from './matrix-text.ts'
export { type GraphEdge, type GraphNode, type PolicyGraph, policyGraph } from './policy-graph.ts'
export type { RuleShown } from './rules-shown.ts'
