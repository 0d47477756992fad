import { nodes } from '../../ir/walk.ts'
import type { Report } from '../report.ts'
import { components } from './components.ts'
import { type Predicate, targets } from './predicates.ts'
import { type Occurrence, positive, under } from './signs.ts'

/** No cycle passes through a `not`, an `unless` or a deny, nor through an entity that is constructed: there is no end of those. */
export function checkStratified(predicates: ReadonlyMap<string, Predicate>, report: Report): void {
  const all = [...predicates.values()]
  const edges = (from: Predicate) =>
    from.parts.flatMap((part) => part.occurrences.flatMap((found) => targets(predicates, found, from)))
  for (const component of components(all, edges)) {
    const inside = new Set(component)
    const steps = component
      .flatMap((from) =>
        from.parts.flatMap((part) =>
          part.occurrences.flatMap((found) => {
            const to = targets(predicates, found, from).find((target) => inside.has(target))
            return to === undefined
              ? []
              : [{ from, to, at: found.at, node: found.node, sign: under(part.sign, found.sign) }]
          }),
        ),
      )
      .sort((a, b) => (a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : a.at.start - b.at.start))
    const made = steps.find(({ node }) => constructs(node))
    if (made !== undefined)
      report.add(
        'recursive-constructor',
        made.at,
        `\`${made.from.name}\` asks about entities that it makes up, which ask in turn`,
        { help: 'a recursive role walks stored fields, of which there are only so many' },
      )
    const crossing = steps.find(({ sign }) => sign !== positive)
    if (crossing === undefined) continue
    const { from, to, at } = crossing
    report.add(
      'recursion-through-negation',
      at,
      from === to
        ? `\`${from.name}\` depends on its own opposite`
        : `\`${from.name}\` depends on the opposite of \`${to.name}\`, which depends on \`${from.name}\``,
      { help: 'a role may be recursive, but not through `not`, `unless` or a deny' },
    )
  }
}

function constructs(node: Occurrence['node']): boolean {
  if (node.kind !== 'holds' || node.of === undefined) return false
  for (const part of nodes(node.of)) if (part.kind === 'construct') return true
  return false
}
