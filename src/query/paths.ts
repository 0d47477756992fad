import type { Expr, VariableName } from '../ir/expr.ts'
import { children } from '../ir/walk.ts'

/** The fields of entity type that lead from somewhere to entities. */
export type Path = readonly string[]

/** What an expression is looked at from: a variable that stands for everything that is sought. */
export interface View {
  readonly sought: VariableName
  /** Locals that range over what these paths lead to. */
  readonly locals: ReadonlyMap<string, readonly Path[]>
  /** By expression, since a `let` that is used twice is one: looked at anew at each use, a few lines could take for ever. */
  readonly depends: Map<Expr, boolean>
  readonly paths: Map<Expr, readonly Path[] | undefined>
}

/** More of them tell no more than that nothing is told. */
const mostPaths = 64

export function viewOf(sought: VariableName): View {
  return { sought, locals: new Map(), depends: new Map(), paths: new Map() }
}

export function withLocal(view: View, local: string, paths: readonly Path[]): View {
  return { ...view, locals: new Map([...view.locals, [local, paths]]), depends: new Map(), paths: new Map() }
}

/** The expression can come to something else for another one of what is sought. */
export function depends(expr: Expr, view: View): boolean {
  const known = view.depends.get(expr)
  if (known !== undefined) return known
  const found =
    expr.kind === 'variable'
      ? expr.name === view.sought
      : expr.kind === 'local'
        ? view.locals.has(expr.name)
        : children(expr).some((part) => depends(part, view))
  view.depends.set(expr, found)
  return found
}

/** The paths of which one leads from what is sought to whatever the expression comes to; undefined where that is not told. */
export function pathsOf(expr: Expr, view: View): readonly Path[] | undefined {
  if (view.paths.has(expr)) return view.paths.get(expr)
  const found = newPaths(expr, view)
  const paths = found !== undefined && found.length > mostPaths ? undefined : found
  view.paths.set(expr, paths)
  return paths
}

function newPaths(expr: Expr, view: View): readonly Path[] | undefined {
  switch (expr.kind) {
    case 'variable':
      return expr.name === view.sought ? [[]] : undefined
    case 'local':
      return view.locals.get(expr.name)
    case 'field':
      return expr.relation ? longer(pathsOf(expr.of, view), expr.name) : undefined
    case 'entities':
      return longer(pathsOf(expr.of, view), expr.name)
    case 'coalesce':
      return either(pathsOf(expr.left, view), pathsOf(expr.right, view))
    case 'conditional':
      return either(pathsOf(expr.then, view), pathsOf(expr.else, view))
    default:
      return undefined
  }
}

function longer(paths: readonly Path[] | undefined, name: string): readonly Path[] | undefined {
  return paths?.map((path) => [...path, name])
}

function either(a: readonly Path[] | undefined, b: readonly Path[] | undefined): readonly Path[] | undefined {
  return a === undefined || b === undefined ? undefined : [...a, ...b]
}
