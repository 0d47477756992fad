import { nodes } from '../../ir/walk.ts'
import type { Report } from '../report.ts'
import { components } from './components.ts'
import { type Predicate, type Predicates, shownName, targets } from './predicates.ts'
import { negative, type Occurrence, positive, type Sign, under } from './signs.ts'

/** A place in the body of one predicate that depends on another. */
interface Step {
  readonly from: Predicate
  readonly to: Predicate
  readonly node: Occurrence['node']
  readonly sign: Sign
  /** The line says that it may lead back through a negation. */
  readonly recursive: boolean
}

/**
 * No cycle passes through a `not`, an `unless` or a deny that is not marked as recursive, nor through an entity that is constructed:
 * there is no end of those.
 */
export function checkStratified(predicates: Predicates, report: Report): void {
  const edges = (from: Predicate): readonly Predicate[] => {
    const reached: Predicate[] = []
    for (const part of from.parts)
      for (const found of part.occurrences) for (const to of targets(predicates, found, from)) reached.push(to)
    return reached
  }
  // What nothing asks about is in no cycle: of most policies, that is all but a few roles.
  const asked = new Set<Predicate>()
  for (const predicate of predicates.all) for (const to of edges(predicate)) asked.add(to)
  for (const component of components(
    predicates.all.filter((predicate) => asked.has(predicate)),
    edges,
  )) {
    const steps = stepsWithin(predicates, component)
    const made = steps.find(({ node }) => constructs(node))
    if (made !== undefined)
      report.add(
        'recursive-constructor',
        made.node.at,
        `\`${shownName(made.from)}\` asks about entities that it makes up, which ask in turn`,
        { help: 'a recursive role walks stored fields, of which there are only so many' },
      )
    // What counts as both signs has no meaning in a cycle, marked or not.
    const crossing = steps.find(({ sign, recursive }) => sign !== positive && !(recursive && sign === negative))
    if (crossing === undefined) continue
    const { from, to, node, sign } = crossing
    report.add(
      'recursion-through-negation',
      node.at,
      from === to
        ? `\`${shownName(from)}\` depends on its own opposite`
        : `\`${shownName(from)}\` depends on the opposite of \`${shownName(to)}\`, which depends on \`${shownName(from)}\``,
      {
        help:
          sign === negative
            ? 'a role may be recursive, but not through `not`, `unless` or a deny; where that is meant, `@recursive` before it says so'
            : 'a role may be recursive, but not through a comparison or the condition of `? :`',
      },
    )
  }
}

/** In the order of the text. */
function stepsWithin(predicates: Predicates, component: readonly Predicate[]): readonly Step[] {
  const inside = new Set(component)
  const steps: Step[] = []
  for (const from of component)
    for (const part of from.parts)
      for (const found of part.occurrences) {
        const to = targets(predicates, found, from).find((target) => inside.has(target))
        if (to !== undefined)
          steps.push({ from, to, node: found.node, sign: under(part.sign, found.sign), recursive: part.recursive })
      }
  return steps.sort(({ node: { at: a } }, { node: { at: b } }) =>
    a.file < b.file ? -1 : a.file > b.file ? 1 : a.start - b.start,
  )
}

function constructs(node: Occurrence['node']): boolean {
  if (node.kind !== 'holds' || node.of === undefined) return false
  for (const part of nodes(node.of)) if (part.kind === 'construct') return true
  return false
}
