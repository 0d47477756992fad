import { assertNever } from '../base/assert-never.ts'
import type { Span } from '../base/source.ts'
import type {
  Builtin,
  Connective,
  Constant,
  Contained,
  Expr,
  Holds,
  HostCall,
  Obtainable,
  Quantified,
  Recover,
} from '../ir/expr.ts'
import { inputsRead } from '../ir/walk.ts'
import { calculate, negate } from '../value/arithmetic.ts'
import { compare } from '../value/compare.ts'
import { entity } from '../value/entity.ts'
import { evaluationError, isBudget, isError, together } from '../value/evaluation-error.ts'
import { integer } from '../value/integer.ts'
import { setOf } from '../value/set.ts'
import type { Entity, EvaluationError, Value } from '../value/value.ts'
import { absent } from '../value/value.ts'
import type { Cases, Outcome, Unknown } from './cases.ts'
import {
  absentError,
  booleanCases,
  conditionOf,
  eachCase,
  formulaOf,
  isSplit,
  mapCases,
  split,
  strict,
  unknown,
  wrongKind,
} from './cases.ts'
import type { Part } from './construct.ts'
import { construct, interpolate } from './construct.ts'
import { elementOf } from './element.ts'
import { withoutAtoms } from './errors.ts'
import { entitiesOf, fieldOf, hasName, indexOf } from './field.ts'
import type { Formula } from './formula.ts'
import { always, conjunction, disjunction, failed, ifThenElse, negation, never } from './formula.ts'
import { held } from './held.ts'
import { callHost } from './host-call.ts'
import { localOf, variableOf } from './inputs.ts'
import { located } from './located.ts'
import { holds, within } from './membership.ts'
import { printExpression } from './print-expression.ts'
import type { Run } from './run.ts'
import { leafOf, step } from './run.ts'
import type { Scope } from './scope.ts'
import { bind } from './scope.ts'

/**
 * What an expression evaluates to, and what a condition comes down to. One file, since each needs the other; every operator is
 * one line here and a function of values elsewhere.
 */
export function evaluate(run: Run, expr: Expr, scope: Scope): Cases {
  if (expr.kind === 'constant') return constant(expr)
  const known = scope.memo.cases?.get(expr)
  if (known !== undefined) return known
  step(run)
  const cases = mapCases(evaluateNew(run, expr, scope), (outcome) => located(outcome, expr.at))
  scope.memo.cases ??= new Map()
  scope.memo.cases.set(expr, cases)
  return cases
}

function evaluateNew(run: Run, expr: Expr, scope: Scope): Cases {
  const { at } = expr
  const of = (operand: Expr) => evaluate(run, operand, scope)
  const all = (operands: readonly Expr[], apply: (values: readonly Value[]) => Cases) =>
    strict(
      upToError(operands, of),
      (i) => notSet(operands[i], at),
      (splits) => stepOfCases(run, splits),
      (values) => apply(values as readonly Value[]),
    )
  const one = (operand: Expr, apply: (value: Value) => Cases) => all([operand], ([a]) => apply(a as Value))
  const two = (left: Expr, right: Expr, apply: (a: Value, b: Value) => Cases) =>
    all([left, right], ([a, b]) => apply(a as Value, b as Value))
  switch (expr.kind) {
    case 'constant':
      return constant(expr)
    case 'variable':
      return variableOf(run, expr, scope)
    case 'local':
      return localOf(run, expr, scope)
    case 'set':
      return setCases(run, expr.elements.map(of), at)
    case 'record':
      return all(
        expr.entries.map(({ value }) => value),
        (values) => ({
          kind: 'record',
          raw: new Map(expr.entries.map(({ key }, i) => [key, values[i] as Value])),
          type: { kind: 'json' },
        }),
      )
    case 'field':
      return mapCases(of(expr.of), (outcome) => {
        if (outcome === absent) return expr.chain ? absent : notSet(expr.of, at)
        return outcome === unknown || isError(outcome) ? outcome : fieldOf(run, outcome, expr)
      })
    case 'entities':
      return mapCases(of(expr.of), (outcome) => entitiesOf(run, outcome, expr))
    case 'index':
      return two(expr.of, expr.key, (value, key) => indexOf(value, key, expr.type, at))
    case 'construct':
      return withParts(expr.parts, all, (parts) => construct(expr.type, parts, at))
    case 'interpolate':
      return withParts(expr.parts, all, (parts) => interpolate(parts, at))
    case 'builtin':
      return all(expr.args, (values) => builtin(run, expr, values))
    case 'host-call':
      return hostCall(run, expr, scope)
    case 'compare':
      return two(expr.left, expr.right, (a, b) => compare(expr.operator, a, b))
    case 'arithmetic':
      return two(expr.left, expr.right, (a, b) => calculate(expr.operator, expr.domain, a, b))
    case 'negate':
      return one(expr.operand, (a) => negate(expr.domain, a))
    case 'element':
      return two(expr.value, expr.of, (value, set) => {
        // Asked of every member of another set, this is what takes long.
        if (typeof set === 'object' && set.kind === 'set') step(run, set.members.length)
        return elementOf(expr.in, value, set, at)
      })
    case 'has':
      return one(expr.of, (value) => hasName(run, value, expr.name, expr.relation, at))
    case 'is':
      return one(expr.of, (value) => (isEntity(value) ? value.type === expr.type : wrongKind('an entity', at)))
    case 'conditional': {
      const condition = ground(run, expr.condition, scope)
      if (condition.kind === 'constant') return of(condition.value ? expr.then : expr.else)
      if (condition.kind === 'error') return condition.error
      return split(condition, of(expr.then), of(expr.else))
    }
    case 'coalesce':
      return mapCases(of(expr.left), (outcome) => (outcome === absent ? of(expr.right) : outcome))
    case 'and':
    case 'or':
    case 'not':
    case 'recover':
    case 'holds':
    case 'contained':
    case 'some':
    case 'every':
    case 'obtainable':
      return booleanCases(ground(run, expr, scope))
    default:
      return assertNever(expr)
  }
}

/** What a condition depends on, once everything that can be looked up has been. */
export function ground(run: Run, expr: Expr, scope: Scope): Formula {
  const known = scope.memo.formulas?.get(expr)
  if (known !== undefined) return known
  step(run)
  const found = groundNew(run, expr, scope)
  const formula = run.supposing?.condition?.(run, expr, scope, found) ?? found
  scope.memo.formulas ??= new Map()
  scope.memo.formulas.set(expr, formula)
  return formula
}

function groundNew(run: Run, expr: Expr, scope: Scope): Formula {
  switch (expr.kind) {
    case 'and':
    case 'or':
      return connective(run, expr, scope)
    case 'not':
      return negation(ground(run, expr.operand, scope))
    case 'recover':
      return recovered(run, expr, scope)
    case 'conditional':
      return ifThenElse(
        ground(run, expr.condition, scope),
        () => ground(run, expr.then, scope),
        () => ground(run, expr.else, scope),
      )
    case 'holds':
      return holdsCondition(run, expr, scope)
    case 'contained':
      return containedCondition(run, expr, scope)
    case 'some':
    case 'every':
      return quantified(run, expr, scope)
    case 'obtainable':
      return obtainable(run, expr, scope)
    default:
      return formulaOf(evaluate(run, expr, scope), (outcome) =>
        conditionOf(outcome, expr.at, () => leafOf(run, expr, scope)),
      )
  }
}

/** False where the operand is an error, but for what a budget ended, and for what an input that is not known may still make too large. */
function recovered(run: Run, expr: Recover, scope: Scope): Formula {
  const operand = asFound(run, expr.operand, scope)
  const { low, high, errors } = withoutAtoms(operand)
  if (low) return always
  if (!high) return never
  if (readsUnknown(run, expr)) return leafOf(run, expr, scope)
  const kept = together(errors.filter(isBudget))
  return kept === undefined ? never : failed(kept)
}

/** With nothing supposed to be otherwise: what is recovered from has to be known. */
function asFound(run: Run, expr: Expr, scope: Scope): Formula {
  if (run.supposing === undefined) return ground(run, expr, scope)
  const { supposing: _, ...plain } = run
  return ground(plain, expr, bind(scope, []))
}

/** Facts are read at a time. */
function readsUnknown({ question }: Run, expr: Recover): boolean {
  return (
    question.now === unknown ||
    question.openFields ||
    inputsRead(expr).some((name) => question.inputs.get(name) === unknown)
  )
}

function connective(run: Run, { kind, operands }: Connective, scope: Scope): Formula {
  const conditions = lazily(operands, (operand) => ground(run, operand, scope))
  return kind === 'and' ? conjunction(conditions) : disjunction(conditions)
}

/** Only as far as somebody asks, which is until one decides. */
function* lazily<T>(items: readonly T[], condition: (item: T) => Formula): Iterable<Formula> {
  for (const item of items) yield condition(item)
}

function holdsCondition(run: Run, expr: Holds, scope: Scope): Formula {
  return onEntity(run, expr, scope, expr.subject, (subject) => {
    const hold = (entity?: Entity) => holds(run, subject, expr.relation, expr.permission, entity, expr.at)
    if (expr.of === undefined) return hold()
    return onOutcome(run, expr, scope, expr.of, (of) => anyOf(run, of, expr.at, hold))
  })
}

function containedCondition(run: Run, expr: Contained, scope: Scope): Formula {
  return onEntity(run, expr, scope, expr.subject, (subject) =>
    onOutcome(run, expr, scope, expr.within, (container) =>
      anyOf(run, container, expr.at, (entity) => within(run, subject, entity, expr.at)),
    ),
  )
}

/** Without an entity for a subject it is an error, whatever else is said of it. */
function onEntity(run: Run, expr: Expr, scope: Scope, operand: Expr, follows: (entity: Entity) => Formula): Formula {
  return onOutcome(run, expr, scope, operand, (subject) =>
    isEntity(subject) ? follows(subject) : failed(notAnEntity(subject, expr.at)),
  )
}

/** Over the entities of an outcome, which is one or a set; absent is the empty set. */
function anyOf(run: Run, of: Exclude<Outcome, Unknown>, at: Span, each: (entity: Entity) => Formula): Formula {
  if (of === absent) return disjunction([])
  if (isError(of)) return failed(of)
  if (isEntity(of)) return each(of)
  if (typeof of !== 'object' || of.kind !== 'set') return failed(wrongKind('an entity', at))
  const { members, gap } = of
  const conditions = lazily(members, (member) => {
    step(run)
    return isEntity(member) ? each(member) : failed(wrongKind('an entity', at))
  })
  return disjunction(gap === undefined ? conditions : [...conditions, failed(gap)])
}

/** In every case: the condition itself where an operand is not known, else what follows from it. */
function onOutcome(
  run: Run,
  expr: Expr,
  scope: Scope,
  operand: Expr,
  follows: (outcome: Exclude<Outcome, Unknown>) => Formula,
): Formula {
  step(run)
  return formulaOf(evaluate(run, operand, scope), (outcome) =>
    outcome === unknown ? leafOf(run, expr, scope) : follows(outcome),
  )
}

function quantified(run: Run, expr: Quantified, scope: Scope): Formula {
  return onOutcome(run, expr, scope, expr.of, (of) => {
    if (isError(of)) return failed(of)
    if (of === absent) return failed(notSet(expr.of, expr.at))
    if (typeof of !== 'object' || of.kind !== 'set') return failed(wrongKind('a set', expr.at))
    const { members, gap } = of
    const conditions = lazily(members, (value) =>
      ground(run, expr.body, bind(scope, [[expr.local, { kind: 'value', value }]])),
    )
    const all = gap === undefined ? conditions : [...conditions, failed(gap)]
    return expr.kind === 'some' ? disjunction(all) : conjunction(all)
  })
}

function obtainable(run: Run, expr: Obtainable, scope: Scope): Formula {
  const fact = held(run, expr, (approver) => {
    if (expr.fact.kind !== 'approved') return failed(wrongKind('an approval', expr.at))
    return ground(run, expr.fact.body, bind(scope, [[expr.fact.local, { kind: 'value', value: approver }]]))
  })
  if (fact === unknown) return leafOf(run, expr, scope)
  if (run.mode !== 'offer') return fact
  return disjunction([fact, leafOf(run, expr, scope)])
}

function constant({ value, at }: Constant): Value | EvaluationError {
  switch (value.kind) {
    case 'string':
    case 'boolean':
    case 'number':
      return value.value
    case 'int':
      return integer(BigInt(value.value))
    case 'duration':
    case 'datetime':
      return { kind: value.kind, milliseconds: value.value }
    case 'entity':
      return entity(value.type, value.id)
    default:
      return wrongKind('a constant', at)
  }
}

function notSet(expr: Expr | undefined, at: Span): EvaluationError {
  return absentError(at, expr && printExpression(expr))
}

/** Combinations of cases may double with every operand, and each is kept. */
function stepOfCases(run: Run, splits: number): void {
  step(run, splits === 0 ? 1 : 100)
}

/** Operands from left to right: after one that is an error whatever roles and permissions come to, none matters. */
function upToError(
  operands: readonly Expr[],
  of: (operand: Expr) => Cases,
  mayBeAbsent = (_: number) => false,
): Cases[] {
  const found: Cases[] = []
  for (const [index, operand] of operands.entries()) {
    const cases = of(operand)
    found.push(cases)
    if (isError(cases) || (cases === absent && !mayBeAbsent(index))) break
  }
  return found
}

/** The first element that cannot be told leaves its errors as the gap. */
function setCases(run: Run, elements: readonly Cases[], at: Span): Cases {
  const splits = elements.filter(isSplit)
  stepOfCases(run, splits.length)
  const [first] = splits
  if (first !== undefined) return eachCase(first.condition, elements, (chosen) => setCases(run, chosen, at))
  const members: Value[] = []
  let gap: EvaluationError | undefined
  for (const element of elements as readonly Outcome[]) {
    if (element === unknown) return unknown
    if (element === absent) gap ??= absentError(at)
    else if (isError(element)) gap ??= element
    else members.push(element)
  }
  return setOf(members, gap)
}

function withParts(
  parts: readonly (string | Expr)[],
  all: (operands: readonly Expr[], apply: (values: readonly Value[]) => Cases) => Cases,
  apply: (parts: readonly Part[]) => Outcome,
): Cases {
  return all(
    parts.filter((part) => typeof part !== 'string'),
    (values) => {
      let next = 0
      return apply(
        parts.map((part) =>
          typeof part === 'string' ? { kind: 'text', text: part } : { kind: 'value', value: values[next++] as Value },
        ),
      )
    },
  )
}

function builtin(run: Run, { name, at }: Builtin, values: readonly Value[]): Outcome {
  const implementation = run.builtins.get(name)
  if (implementation === undefined) return evaluationError('wrong-kind', `there is no built-in \`${name}\``, at)
  return implementation(values) ?? evaluationError('wrong-kind', `\`${name}\` does not take values of these kinds`, at)
}

/** Strict, but for a parameter that is optional. */
function hostCall(run: Run, expr: HostCall, scope: Scope): Cases {
  const declared = run.policy.functions.get(expr.function)
  if (declared === undefined)
    return evaluationError('host-function', `there is no function \`${expr.function}\``, expr.at)
  const isOptional = (i: number) => declared.params[i]?.optional === true
  return strict(
    upToError(expr.args, (arg) => evaluate(run, arg, scope), isOptional),
    (i) => (isOptional(i) ? undefined : notSet(expr.args[i], expr.at)),
    (splits) => stepOfCases(run, splits),
    (values) => {
      const args = values.map((value) => (value === absent ? undefined : value))
      return callHost(run.functions, declared, args, expr.at)
    },
  )
}

function isEntity(value: Outcome): value is Entity {
  return typeof value === 'object' && value.kind === 'entity'
}

function notAnEntity(outcome: Outcome, at: Span): EvaluationError {
  if (isError(outcome)) return outcome
  return outcome === absent ? absentError(at) : wrongKind('an entity', at)
}
