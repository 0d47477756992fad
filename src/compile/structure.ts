import type { Expr } from '../ir/expr.ts'
import { children } from '../ir/walk.ts'

/**
 * What two conditions share when they differ in nothing but their literals and their place: rules that were written to one pattern
 * become one function, which is given the literals of each.
 */
export interface Structure {
  readonly key: string
  /** Every part once, in the order in which the key tells of them. */
  readonly nodes: readonly Expr[]
}

/** A `let` that is used twice is told once, and referred to. */
export function structureOf(root: Expr): Structure {
  const nodes: Expr[] = []
  const places = new Map<Expr, number>()
  let key = ''
  const tell = (node: Expr): void => {
    const place = places.get(node)
    if (place !== undefined) {
      key += `#${place};`
      return
    }
    places.set(node, nodes.length)
    nodes.push(node)
    key += `${node.kind}(${detailOf(node)}`
    for (const child of children(node)) tell(child)
    key += ')'
  }
  tell(root)
  return { key, nodes }
}

/** What a part says beside its parts, its place and, where it is a literal, its value. */
function detailOf(node: Expr): string {
  switch (node.kind) {
    case 'constant':
      return node.value.kind === 'boolean' ? `${node.value.value}` : literalKind(node.value)
    case 'construct':
    case 'interpolate':
      return JSON.stringify([
        node.kind === 'construct' ? node.type : null,
        node.parts.map((part) => (typeof part === 'string' ? part : null)),
      ])
    case 'obtainable':
      return JSON.stringify({ ...node.fact, body: undefined })
    default: {
      const detail: Record<string, unknown> = {}
      for (const [name, value] of Object.entries(node)) {
        if (name === 'at' || name === 'kind' || isPart(value)) continue
        detail[name] = name === 'entries' ? (value as readonly { readonly key: string }[]).map(({ key }) => key) : value
      }
      return JSON.stringify(detail)
    }
  }
}

function literalKind(value: Extract<Expr, { kind: 'constant' }>['value']): string {
  if (value.kind === 'entity') return `entity ${value.type}`
  return value.kind === 'int' && !Number.isSafeInteger(Number(value.value)) ? 'large' : value.kind
}

function isPart(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && isPart(value[0])
  return typeof value === 'object' && value !== null && 'at' in value
}
