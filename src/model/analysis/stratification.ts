import type { Report } from '../report.ts'
import { components } from './components.ts'
import { type Predicate, targets } from './predicates.ts'
import { positive, under } from './signs.ts'

/** No cycle passes through a `not`, an `unless` or a deny. */
export function checkStratified(predicates: ReadonlyMap<string, Predicate>, report: Report): void {
  const all = [...predicates.values()]
  const edges = (from: Predicate) =>
    from.parts.flatMap((part) => part.occurrences.flatMap((found) => targets(predicates, found, from)))
  for (const component of components(all, edges)) {
    const inside = new Set(component)
    const crossing = component
      .flatMap((from) =>
        from.parts.flatMap((part) =>
          part.occurrences.flatMap((found) => {
            const to = targets(predicates, found, from).find((target) => inside.has(target))
            return to !== undefined && under(part.sign, found.sign) !== positive ? [{ from, to, at: found.at }] : []
          }),
        ),
      )
      .sort((a, b) => (a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : a.at.start - b.at.start))[0]
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
