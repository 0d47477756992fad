import type { GraphEdge, GraphNode, PolicyGraph } from './policy-graph.ts'

const colors = { actor: '34', resource: '1', role: '35', action: '32', server: '32', dim: '2' } as const

/** The graph for a terminal: a tree for each type, with its roles and actions and what gives them. */
export function printGraph({ nodes, edges }: PolicyGraph, { color }: { readonly color: boolean }): string {
  const paint = (text: string, style: keyof typeof colors) =>
    color ? `\u001b[${colors[style]}m${text}\u001b[0m` : text
  const from = (id: string) => edges.filter((edge) => edge.from === id)
  const to = (id: string) => edges.filter((edge) => edge.to === id)
  const branch = (texts: readonly string[]) => texts.map((text, i) => `${i === texts.length - 1 ? '└─' : '├─'} ${text}`)
  const member = ({ id, kind, name }: GraphNode) => {
    const sources = to(id).map((edge) => source(edge))
    const word = kind === 'action' ? 'allow ' : kind === 'role' ? 'role ' : ''
    return `${paint(`${word}${name}`, kind)}${sources.length === 0 ? '' : paint(`  ← ${sources.join(', ')}`, 'dim')}`
  }
  const types = nodes.filter(({ kind }) => kind === 'actor' || kind === 'resource')
  const trees = types.flatMap(({ id, kind, name }) => {
    const containers = from(id).filter((edge) => edge.kind === 'in')
    const fields = from(id).filter((edge) => edge.kind === 'field')
    const inside = containers.length === 0 ? '' : ` in ${containers.map((edge) => edge.to).join(' | ')}`
    const members = nodes.filter((node) => node.type === name)
    return [
      `${kind} ${paint(name, kind)}${inside}`,
      ...branch([...fields.map((edge) => `${edge.label}: ${edge.to}`), ...members.map(member)]),
      '',
    ]
  })
  const others = nodes.filter((node) => node.type === undefined && (node.kind === 'role' || node.kind === 'server'))
  const rest = others.map((node) => (node.kind === 'server' ? member({ ...node, name: node.id }) : member(node)))
  return `${[...trees, ...rest].join('\n').trimEnd()}\n`
}

function source({ from, kind, label }: GraphEdge): string {
  const name = from.slice(from.indexOf('.') + 1)
  const path = label === undefined || label === 'any' ? name : `${label}.${name}`
  if (kind === 'assigned') return `${label === 'any' ? 'any ' : ''}${from}`
  return kind === 'prevents' ? `unless ${path}` : path
}
