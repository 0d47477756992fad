import type { Assignable, Condition, Expr, ItemTarget, RoleDeclaration, Rule } from '../ast.ts'
import { comma, concat, type Doc, filled, group, join, line, nest, nothing, space, token } from './document.ts'
import { expression, listed, quote } from './expression.ts'
import { withLead } from './type.ts'

/** `verb actions targets clauses if C unless D`. */
export function rule(one: Rule): Doc {
  const property = one.property === undefined ? nothing : concat(space, quote(one.property.value))
  const actions = one.actions.length === 0 ? ['*'] : one.actions.map(({ text }) => text)
  const start = concat(one.verb, property)
  const head = concat(start, space, hanging(start, one, actions), clauses(one))
  return withLead(one, withCondition(head, one.condition))
}

/** What is listed is continued under its first item. */
function hanging(start: Doc, { target }: Rule, actions: readonly string[]): Doc {
  if (target.kind === 'server') {
    const before = concat(join(actions, comma, space), space)
    return concat(before, nest(filled(target.items.map(item)), start.width + 1 + before.width))
  }
  const all = nest(filled(actions.map((action) => token(action))), start.width + 1)
  if (target.kind === 'block') return all
  return concat(
    all,
    listed(
      'on',
      target.types.map(({ text }) => text),
      [comma, space],
    ),
  )
}

function item(target: ItemTarget): Doc {
  if (target.kind === 'all') return token('*')
  return token(target.kind === 'name' ? target.name.text : quote(target.pattern.value))
}

function clauses({ rate, as }: Rule): Doc {
  const by = rate?.by === undefined ? nothing : concat(space, 'by', space, expression(rate.by))
  const limit =
    rate === undefined
      ? nothing
      : concat(space, 'to', space, String(rate.count), space, 'per', space, printMilliseconds(rate.per), by)
  return as === undefined ? limit : concat(limit, space, 'as', space, as.text)
}

const units = [
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const

/** The shortest duration of this length: of an hour, `1h`. */
function printMilliseconds(milliseconds: number): string {
  let rest = milliseconds
  let text = ''
  for (const [unit, size] of units) {
    // A week is written only where it is the whole, as `10d` reads better than `1w3d`.
    if (unit === 'w' && rest % size !== 0) continue
    const count = Math.floor(rest / size)
    if (count > 0) text += `${count}${unit}`
    rest -= count * size
  }
  return text === '' ? '0s' : text
}

export function role(one: RoleDeclaration): Doc {
  const [first, ...others] = one.assignable.map(assignable)
  const names =
    first === undefined
      ? nothing
      : group(concat(':', space, first, nest(concat(...others.map((other) => concat(line, '|', space, other))))))
  const head = concat(one.contextual ? concat('contextual', space) : nothing, 'role', space, one.name.text, names)
  return withLead(one, withCondition(head, one.condition))
}

function assignable({ any, type, role, when }: Assignable): Doc {
  return concat(
    any ? concat('any', space) : nothing,
    type.text,
    role === undefined ? nothing : concat('.', role.text),
    when === undefined ? nothing : concat(space, 'when', space, when.text),
  )
}

/** `head if C unless D` on one line, or each clause on its own where that is too long. */
function withCondition(head: Doc, { if: holds, unless }: Condition): Doc {
  const clause = (word: string, expr: Expr | undefined): Doc =>
    expr === undefined ? nothing : concat(line, word, space, expression(expr))
  return group(concat(head, nest(concat(clause('if', holds), clause('unless', unless)))))
}
