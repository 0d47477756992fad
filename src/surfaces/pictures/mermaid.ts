import { visibleText } from '../../base/visible.ts'
import type { Drawing, DrawnEdge, Tone } from './drawing.ts'

/** A drawing as a Mermaid flowchart. Labels are text: what could be markup or syntax in them is written as entities. */
export function mermaid({ nodes, edges }: Drawing, direction: 'TD' | 'LR'): string {
  const ids = new Map(nodes.map(({ id }, i) => [id, `n${i}`]))
  const used = new Set(nodes.map(({ tone }) => tone))
  return [
    `flowchart ${direction}`,
    ...nodes.map(({ id, label, tone }) => `  ${ids.get(id)}["${label.map(text).join('<br>')}"]:::${tone}`),
    ...edges.flatMap((edge) => {
      const [from, to] = [ids.get(edge.from), ids.get(edge.to)]
      return from === undefined || to === undefined ? [] : [`  ${from} ${arrow(edge)} ${to}`]
    }),
    ...[...used].sort().map((tone) => `  classDef ${tone} ${classes[tone]}`),
    '',
  ].join('\n')
}

function arrow({ line, label }: DrawnEdge): string {
  const head = line === 'solid' ? '-->' : line === 'dashed' ? '-.->' : '--x'
  return label === undefined || label === '' ? head : `${head}|"${text(label)}"|`
}

/** Mermaid's own form of entities, by number. */
function text(label: string): string {
  return visibleText(label).replace(/[^A-Za-z0-9 .,:_=()…✓✗!→\-/]/gu, (character) => `#${character.codePointAt(0)};`)
}

const classes: Readonly<Record<Tone, string>> = {
  plain: 'fill:#f6f4f2,stroke:#b8b4ac,color:#22262b',
  good: 'fill:#e3f4ea,stroke:#1b7a4b,color:#14502f',
  bad: 'fill:#fbe9e7,stroke:#b3261e,color:#6f1813',
  error: 'fill:#fdf1d8,stroke:#8a5a00,color:#5a3b00',
  actor: 'fill:#e7effc,stroke:#2f6fde,color:#173f86',
  role: 'fill:#efe9fb,stroke:#6b4fc0,color:#3d2a7a',
  action: 'fill:#e3f4ea,stroke:#1b7a4b,color:#14502f',
}
