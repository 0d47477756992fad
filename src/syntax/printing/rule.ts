import type { Assignable, Condition, Expr, ItemTarget, RoleDeclaration, Rule } from '../ast.ts'
import { chainOf, printExpression, quote } from './expression.ts'
import { filled, fits, indented } from './layout.ts'

export function printRule(rule: Rule, indent: number): string {
  const property = rule.property === undefined ? '' : ` ${quote(rule.property.value)}`
  const verb = `${rule.verb}${property}`
  const actions = rule.actions.length === 0 ? ['*'] : rule.actions.map(({ text }) => text)
  return withCondition(headOf(verb, actions, rule, indent) + clausesOf(rule), rule.condition, indent)
}

function headOf(verb: string, actions: readonly string[], { target }: Rule, indent: number): string {
  if (target.kind === 'server') return filled(`${verb} ${actions.join(', ')}`, target.items.map(printTarget), indent)
  const head = filled(verb, actions, indent)
  if (target.kind === 'block' || target.types.length === 0) return head
  return `${head} on ${target.types.map(({ text }) => text).join(', ')}`
}

function printTarget(item: ItemTarget): string {
  if (item.kind === 'all') return '*'
  return item.kind === 'name' ? item.name.text : quote(item.pattern.value)
}

function clausesOf({ rate, as }: Rule): string {
  const by = rate?.by === undefined ? '' : ` by ${printExpression(rate.by)}`
  const limit = rate === undefined ? '' : ` to ${rate.count} per ${printMilliseconds(rate.per)}${by}`
  return as === undefined ? limit : `${limit} as ${as.text}`
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

export function printRole(role: RoleDeclaration, indent: number): string {
  const contextual = role.contextual ? 'contextual ' : ''
  const assignable = role.assignable.length === 0 ? '' : `: ${role.assignable.map(printAssignable).join(' | ')}`
  const head = `${contextual}role ${role.name.text}${assignable}`
  if (fits(head, indent)) return withCondition(head, role.condition, indent)
  return withCondition(head.replaceAll(' | ', '\n  | '), role.condition, indent)
}

function printAssignable({ any, type, role, when }: Assignable): string {
  const of = role === undefined ? '' : `.${role.text}`
  return `${any ? 'any ' : ''}${type.text}${of}${when === undefined ? '' : ` when ${when.text}`}`
}

/** `head if C unless D` on one line, or each clause on its own where that is too long. */
function withCondition(head: string, { if: holds, unless }: Condition, indent: number): string {
  const clauses: (readonly [string, Expr])[] = []
  if (holds !== undefined) clauses.push(['if', holds])
  if (unless !== undefined) clauses.push(['unless', unless])
  const oneLine = [head, ...clauses.map(([word, expr]) => `${word} ${printExpression(expr)}`)].join(' ')
  if (!oneLine.includes('\n') && fits(oneLine, indent)) return oneLine
  return [head, ...clauses.map(([word, expr]) => indented(printClause(word, expr, indent + 2)))].join('\n')
}

function printClause(word: string, expr: Expr, indent: number): string {
  const oneLine = `${word} ${printExpression(expr)}`
  if (fits(oneLine, indent)) return oneLine
  const [first = '', ...rest] = operandsOf(expr, indent + 2)
  return [`${word} ${first}`, ...rest.map((line) => indented(line))].join('\n')
}

/** A chain with each operand on a line, or on several where it is too long for one; anything else as it is. */
function operandsOf(expr: Expr, indent: number): readonly string[] {
  const isChain = expr.kind === 'binary' && (expr.operator === 'or' || expr.operator === 'and')
  if (!isChain) return [longOperand('', expr, printExpression(expr), indent)]
  return chainOf(expr).map(({ operator, expr: operand, text }) => {
    return longOperand(operator === undefined ? '' : `${operator} `, operand, text, indent)
  })
}

/** A condition that is recovered from stands between the parentheses of its call, and each choice of `? :` on a line of its own. */
function longOperand(before: string, expr: Expr, text: string, indent: number): string {
  if (fits(before + text, indent)) return before + text
  if (expr.kind === 'conditional') {
    const choices = [
      longOperand('? ', expr.then, printExpression(expr.then), indent + 4),
      longOperand(': ', expr.else, printExpression(expr.else), indent + 4),
    ]
    const [open, close] = text.startsWith('(') ? ['(', ')'] : ['', '']
    const condition = printExpression(expr.condition)
    const test = expr.condition.kind === 'conditional' ? `(${condition})` : condition
    return `${before}${open}${test}\n${indented(choices.join('\n'))}${close}`
  }
  const [condition, ...others] = expr.kind === 'call' ? expr.args : []
  if (expr.kind !== 'call' || condition === undefined) return before + text
  const [first = '', ...rest] = fits(`  ${printExpression(condition)},`, indent)
    ? [printExpression(condition)]
    : operandsOf(condition, indent + 4)
  const inner = [first, ...rest.map((line) => indented(line))].join('\n')
  const args = [inner, ...others.map((arg) => printExpression(arg))].join(',\n')
  return `${before}${expr.function.text}(\n${indented(args)}\n)`
}
