import type { Expr } from './cedar.ts'
import type { Translated } from './translated.ts'

/** What tests have shown: attributes that are there, by path, and of which type an entity is. */
export type Shown = ReadonlySet<string>

export const nothingShown: Shown = new Set()

export function with_(shown: Shown, more: readonly string[]): Shown {
  return more.length === 0 ? shown : new Set([...shown, ...more])
}

/** What it shows that the condition has come out so. */
export function shownBy(expr: Expr, outcome: boolean): readonly string[] {
  switch (expr.kind) {
    case 'unary':
      return expr.operator === '!' ? shownBy(expr.operand, !outcome) : []
    case 'binary':
      if (expr.operator === (outcome ? '&&' : '||'))
        return [...shownBy(expr.left, outcome), ...shownBy(expr.right, outcome)]
      if (expr.operator === (outcome ? '||' : '&&')) {
        const right = shownBy(expr.right, outcome)
        return shownBy(expr.left, outcome).filter((path) => right.includes(path))
      }
      return []
    case 'is': {
      const path = pathOf(expr.of)
      // Not in it, it may still be of the type.
      if (path === undefined || (!outcome && expr.in !== undefined)) return []
      return [outcome ? `${path} is ${expr.type}` : `${path} is no ${expr.type}`]
    }
    case 'has': {
      if (!outcome) return []
      const paths: string[] = []
      let of = expr.of
      for (const name of expr.path) {
        of = { kind: 'attribute', of, name }
        const path = pathOf(of)
        if (path !== undefined) paths.push(path)
      }
      return paths
    }
    default:
      return []
  }
}

export function pathOf(expr: Expr): string | undefined {
  if (expr.kind === 'variable') return expr.name
  const of = expr.kind === 'attribute' ? pathOf(expr.of) : undefined
  return of === undefined || expr.kind !== 'attribute' ? undefined : `${of}.${JSON.stringify(expr.name)}`
}

/** After the `is` tests passed; the checker sees it so, too. */
export function narrowed(of: Translated, expr: Expr, shown: Shown): Translated {
  const path = pathOf(expr)
  if (of.shape.kind !== 'entity' || path === undefined) return of
  const types = of.shape.types.filter(
    (type) => !shown.has(`${path} is no ${type}`) && ![...shown].some((one) => isOtherType(one, path, type)),
  )
  return types.length === of.shape.types.length ? of : { ...of, shape: { kind: 'entity', types } }
}

function isOtherType(one: string, path: string, type: string): boolean {
  return one.startsWith(`${path} is `) && !one.startsWith(`${path} is no `) && one !== `${path} is ${type}`
}
