import { suggestion } from '../../base/suggest.ts'
import type { Expr as Ir } from '../../ir/expr.ts'
import type { Type } from '../../ir/type.ts'
import type {
  EntityLiteral,
  Expr,
  IntLiteral,
  RecordLiteral,
  RegexLiteral,
  SetLiteral,
  StringLiteral,
} from '../../syntax/ast.ts'
import { walk } from '../../syntax/walk.ts'
import { entityType, int, isAll, never, set, showShape, string, union, unknown } from '../shape.ts'
import type { Checked } from './checked.ts'
import { checkedValue, fail, type Scope } from './scope.ts'
import { present } from './use.ts'

const largestInt = 2n ** 63n - 1n

/** Steps of a path in a string, which the parser does not count as the height of an expression. */
const longestPath = 64

export function checkInt(scope: Scope, expr: IntLiteral, negative: boolean): Checked {
  const value = negative ? -expr.value : expr.value
  if (value > largestInt || value < -largestInt - 1n)
    return fail(scope, 'bad-number', expr.span, `\`${value}\` does not fit into 64 bits`)
  return checkedValue(int, { kind: 'constant', value: { kind: 'int', value: String(value) }, at: expr.span })
}

export function checkString(scope: Scope, expr: StringLiteral): Checked {
  const parts = interpolation(scope, expr)
  const text = parts.every((part) => typeof part === 'string') ? parts.join('') : undefined
  if (text !== undefined)
    return checkedValue(
      { kind: 'literal', value: text },
      { kind: 'constant', value: { kind: 'string', value: text }, at: expr.span },
    )
  return checkedValue(string, { kind: 'interpolate', parts, at: expr.span })
}

/** `/…/`, the argument of `matches`. */
export function regexLiteral(expr: RegexLiteral): Checked {
  return checkedValue(string, { kind: 'constant', value: { kind: 'string', value: expr.source }, at: expr.span })
}

/** The parts of a string, its dotted paths checked: text and integers, which have one form as text. */
export function interpolation(scope: Scope, expr: StringLiteral): readonly (string | Ir)[] {
  return expr.parts.map((part) => {
    if (part.kind === 'text') return part.value
    const [first, ...rest] = part.names
    if (first === undefined) return ''
    if (rest.length > longestPath)
      return fail(scope, 'too-large', part.span, `a path in a string has at most ${longestPath} steps`).ir
    const checked = scope.check(
      scope,
      rest.reduce<Expr>(
        (of, name) => ({
          kind: 'member',
          of,
          name,
          optional: false,
          span: { ...of.span, end: name.span.end },
        }),
        { kind: 'name', name: first.text, span: first.span },
      ),
    )
    const ir = present(scope, checked)
    if (checked.shape.kind !== 'actors' && !isAll(checked.shape, 'string', 'int'))
      fail(
        scope,
        'type-mismatch',
        part.span,
        `${showShape(checked.shape)} cannot stand in a string`,
        'a `string` or an `int` can',
      )
    return ir
  })
}

export function checkEntity(scope: Scope, expr: EntityLiteral): Checked {
  const ir: Ir = { kind: 'constant', value: { kind: 'entity', type: expr.type, id: expr.id }, at: expr.span }
  if (!scope.schema.types.has(expr.type)) return unknownType(scope, expr.type, expr.span)
  noteEntity(scope.report, expr)
  return checkedValue(entityType(expr.type), ir, { stored: true })
}

/** Of `User:ann`, the type, and all of it. */
export function noteEntity({ notes }: Scope['report'], { type, id, span }: EntityLiteral): void {
  notes?.refer(typeSpan(span, type), { kind: 'type', name: type })
  notes?.refer(span, { kind: 'entity', type, name: id })
}

/** Entities in what is read as data. */
export function noteEntities(expr: Expr, report: Scope['report']): void {
  if (report.notes !== undefined) walk(expr, { 'entity-literal': (entity) => void noteEntity(report, entity) })
}

function typeSpan({ file, start }: Ir['at'], name: string): Ir['at'] {
  return { file, start, end: start + name.length }
}

export function unknownType(scope: Pick<Scope, 'schema' | 'report'>, name: string, span: Ir['at']): Checked {
  if (!scope.schema.broken.has(name) && !scope.schema.lenient)
    scope.report.add(
      'unknown-type',
      span,
      `there is no type \`${name}\``,
      suggestion(name, scope.schema.types.keys(), typeSpan(span, name)),
    )
  return checkedValue(unknown, { kind: 'constant', value: { kind: 'boolean', value: false }, at: span })
}

export function checkSet(scope: Scope, expr: SetLiteral): Checked {
  const elements = expr.elements.map((element) => scope.check(scope, element))
  const ir: Ir = { kind: 'set', elements: elements.map((e) => present(scope, e)), at: expr.span }
  const shapes = elements.map((e) => e.shape)
  if (shapes.some((s) => s.kind === 'unknown' || s.kind === 'actors')) return checkedValue(unknown, ir)
  return checkedValue(set(shapes.length === 0 ? never : union(shapes as readonly Type[])), ir)
}

export function checkRecord(scope: Scope, expr: RecordLiteral): Checked {
  const seen = new Set<string>()
  const entries = expr.entries.map(({ key, value }) => {
    if (seen.has(key.text)) fail(scope, 'duplicate-name', key.span, `\`${key.text}\` is given twice`)
    seen.add(key.text)
    const checked = scope.check(scope, value)
    return { key: key.text, value: present(scope, checked), shape: checked.shape }
  })
  const ir: Ir = { kind: 'record', entries: entries.map(({ key, value }) => ({ key, value })), at: expr.span }
  if (entries.some((e) => e.shape.kind === 'unknown' || e.shape.kind === 'actors')) return checkedValue(unknown, ir)
  const fields = entries.map((e) => ({ name: e.key, type: e.shape as Type, optional: false }))
  return checkedValue({ kind: 'record', fields }, ir)
}
