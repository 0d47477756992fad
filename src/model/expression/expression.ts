import { assertNever } from '../../base/assert-never.ts'
import type { Expr } from '../../syntax/ast.ts'
import type { Report } from '../report.ts'
import type { Schema } from '../schema.ts'
import { boolean, duration, number } from '../shape.ts'
import { checkCall } from './calls.ts'
import type { Checked } from './checked.ts'
import { checkCondition } from './condition.ts'
import { checkIndex } from './constructors.ts'
import { checkEntity, checkInt, checkRecord, checkSet, checkString } from './literals.ts'
import { checkMember } from './members.ts'
import { checkMethod } from './methods.ts'
import { checkName } from './names.ts'
import { checkBinary, checkConditional, checkHas, checkIs, checkUnary } from './operators.ts'
import { checkedUnknown, checkedValue, fail, ruleState, type Scope } from './scope.ts'

/** Nodes of one rule, its `let`s expanded. */
const mostNodes = 100_000

const noLocals: Scope['locals'] = new Map()
const noneBound: Scope['bound'] = []
const notExpanding: Scope['expanding'] = []

/** What is particular to the place where a rule, a role or an expectation stands. */
type Place = Partial<
  Pick<
    Scope,
    'self' | 'resource' | 'actions' | 'nobody' | 'agent' | 'server' | 'items' | 'locals' | 'bound' | 'expanding'
  >
>

/** Where a rule, a role or an expectation begins: with the variables of every request and those of its place. */
export function outermostScope(schema: Schema, report: Report, place: Place): Scope {
  return {
    schema,
    report,
    self: place.self,
    resource: place.resource,
    actions: place.actions,
    nobody: place.nobody ?? false,
    agent: place.agent ?? false,
    server: place.server,
    items: place.items,
    locals: place.locals ?? noLocals,
    bound: place.bound ?? noneBound,
    narrowing: undefined,
    quantified: false,
    rule: ruleState(),
    expanding: place.expanding ?? notExpanding,
    check: checkExpression,
    checkCondition,
  }
}

function checkExpression(scope: Scope, expr: Expr): Checked {
  const checked = elaborated(scope, expr)
  scope.report.notes?.expression(scope, expr, checked)
  return checked
}

function elaborated(scope: Scope, expr: Expr): Checked {
  scope.rule.nodes += 1
  if (scope.rule.nodes > mostNodes) {
    // Once a rule, at the place that overflowed: the rest of it is silent.
    if (scope.rule.nodes === mostNodes + 1)
      fail(scope, 'too-large', expr.span, `with its \`let\`s expanded, this has more than ${mostNodes} nodes`)
    return checkedUnknown(expr.span)
  }
  const at = expr.span
  switch (expr.kind) {
    case 'boolean':
      return checkedValue(boolean, { kind: 'constant', value: { kind: 'boolean', value: expr.value }, at })
    case 'int':
      return checkInt(scope, expr, false)
    case 'number':
      return checkedValue(number, { kind: 'constant', value: { kind: 'number', value: expr.value }, at })
    case 'duration':
      return checkedValue(duration, { kind: 'constant', value: { kind: 'duration', value: expr.milliseconds }, at })
    case 'string':
      return checkString(scope, expr)
    case 'regex':
      return fail(
        scope,
        'type-mismatch',
        at,
        'a regular expression is no value: it stands only in `matches`',
        `\`.matches(/${expr.source}/)\``,
      )
    case 'entity-literal':
      return checkEntity(scope, expr)
    case 'set':
      return checkSet(scope, expr)
    case 'record':
      return checkRecord(scope, expr)
    case 'name':
      return checkName(scope, expr)
    case 'call':
      return checkCall(scope, expr)
    case 'member':
      return checkMember(scope, expr)
    case 'index':
      return checkIndex(scope, expr)
    case 'method':
      return checkMethod(scope, expr)
    case 'unary':
      return checkUnary(scope, expr)
    case 'binary':
      return checkBinary(scope, expr)
    case 'has':
      return checkHas(scope, expr)
    case 'is':
      return checkIs(scope, expr)
    case 'conditional':
      return checkConditional(scope, expr)
    default:
      return assertNever(expr)
  }
}
