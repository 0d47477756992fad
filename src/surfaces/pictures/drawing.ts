/** What a picture shows: boxes and arrows, which are laid out by whoever draws it. */
export interface Drawing {
  readonly nodes: readonly DrawnNode[]
  readonly edges: readonly DrawnEdge[]
}

export interface DrawnNode {
  readonly id: string
  /** Lines of text. */
  readonly label: readonly string[]
  readonly tone: Tone
}

export type Tone = 'plain' | 'good' | 'bad' | 'error' | 'actor' | 'role' | 'action'

export interface DrawnEdge {
  readonly from: string
  readonly to: string
  readonly label?: string
  readonly line: 'solid' | 'dashed' | 'bad'
}
