import type { Span } from '../../base/source.ts'
import type { Facts } from '../../facts/store.ts'
import type { Expr } from '../../ir/expr.ts'
import { notLocked } from '../../runtime/asked-target.ts'
import { groundAtoms } from '../../runtime/bodies/body.ts'
import { solved } from '../../runtime/decide.ts'
import type { Evaluator } from '../../runtime/evaluator.ts'
import type { Formula } from '../../runtime/formula.ts'
import { atomsIn } from '../../runtime/formula.ts'
import { guarded } from '../../runtime/guarded.ts'
import { evaluate, ground } from '../../runtime/interpret.ts'
import { listLines } from '../../runtime/listed.ts'
import type { RequestInput } from '../../runtime/normalise.ts'
import type { Environment } from '../../runtime/request.ts'
import type { Run } from '../../runtime/run.ts'
import type { Scope } from '../../runtime/scope.ts'
import { bind, scopeOf } from '../../runtime/scope.ts'
import { type Model, truthOf } from '../../runtime/truth.ts'
import { anonymous } from '../../value/entity.ts'
import { isError } from '../../value/evaluation-error.ts'
import type { Value } from '../../value/value.ts'
import { askedIn } from './conditions.ts'
import { type Line, linesOf, obligationsAsked, rulesAsked } from './lines.ts'

/**
 * Told of each rule, role and condition that mattered, and whether it held; of none that was an error. `asked`: a rule or role that
 * could have mattered, had others come out otherwise.
 */
export type Note = (kind: 'rule' | 'role' | 'condition', at: Span, outcome: 'held' | 'failed' | 'asked') => void

/**
 * What one decision shows of the policy: it is grounded and solved as the decision is, and then read from the rules down. A condition is
 * noted where it mattered: had it been otherwise, so would the rule or the role (masking MC/DC, with each rule and role for a
 * decision). What stands beside it is looked at whether or not the decision had to, since `and` and `or` have no order.
 */
export function observeDecision(evaluator: Evaluator, request: RequestInput, facts: Facts, note: Note): boolean {
  return observing(() => {
    const run = evaluator.begin(request, facts, 'decide')
    if (isError(run) || notLocked(run.policy, run.question.target) !== undefined) return
    const { action, target } = run.question
    const isList = action === 'list' && target.kind !== 'entity'
    // A list leaves open what belongs to a use.
    const seen = isList ? listLines(run).open : run
    const { allowed } = evaluator.decide(request, facts)
    read(seen, [...rulesAsked(seen), ...(allowed ? obligationsAsked(seen) : [])], note)
  })
}

/** What the condition of an expectation shows of the policy. */
export function observeCondition(
  evaluator: Evaluator,
  condition: Expr,
  env: Environment,
  facts: Facts,
  note: Note,
): boolean {
  return observing(() => {
    const nobody = { actor: null, action: 'log', resource: { kind: 'server', server: '' }, env } as const
    const run = evaluator.begin(nobody, facts, 'decide')
    if (isError(run)) return
    const scope = scopeOf({ subject: anonymous })
    const line: Line = { formula: ground(run, condition, scope), parts: [{ expr: condition, scope }] }
    read(run, [line], (kind, at, outcome) => {
      if (kind !== 'condition' || at.file !== condition.at.file || !isWithin(at, condition.at)) note(kind, at, outcome)
    })
  })
}

function isWithin(at: Span, whole: Span): boolean {
  return whole.start <= at.start && at.end <= whole.end
}

/** What cannot be looked into to its end has shown nothing more: false. */
function observing(look: () => void): boolean {
  return guarded<boolean>(
    () => {
      look()
      return true
    },
    () => false,
  )
}

/** Everything is looked at before it is solved, since what is looked at may reach further roles and permissions. */
function read(run: Run, asked: readonly Line[], note: Note): void {
  const { atoms } = run.system
  const lines: (readonly Line[])[] = []
  for (const line of asked) lookInto(run, line, note)
  groundAtoms(run)
  for (let atom = atoms[lines.length]; atom !== undefined; atom = atoms[lines.length]) {
    const found = linesOf(run, atom)
    lines.push(found)
    for (const line of found) lookInto(run, line, note)
    groundAtoms(run)
  }
  const model = solved(run)
  const reached = new Set<number>()
  const reach = (atom: number) => reached.add(atom)
  for (const line of asked) readLine({ run, model, note, reach, seen: newSeen() }, line)
  // A Set hands out what is added while it is walked.
  for (const atom of reached)
    for (const line of lines[atom] ?? []) readLine({ run, model, note, reach, seen: newSeen() }, line)
}

function lookInto(run: Run, { of, parts }: Line, note: Note): void {
  if (of !== undefined) note(of.kind, of.at, 'asked')
  const seen = newSeen()
  for (const { expr, scope } of parts) visit(run, expr, scope, seen)
}

function visit(run: Run, expr: Expr, scope: Scope, seen: Seen): void {
  if (!seen(expr, scope)) return
  ground(run, expr, scope)
  for (const [part, within] of partsOf(run, expr, scope)) visit(run, part, within, seen)
}

/** True the first time: a `let` that is used twice is one expression. */
type Seen = (expr: Expr, scope: Scope) => boolean

function newSeen(): Seen {
  const seen = new Map<Scope, Set<Expr>>()
  return (expr, scope) => {
    const known = seen.get(scope) ?? new Set()
    seen.set(scope, known)
    return known.size < known.add(expr).size
  }
}

/** The conditions directly inside one, each with its scope. */
function partsOf(run: Run, expr: Expr, scope: Scope): readonly (readonly [Expr, Scope])[] {
  switch (expr.kind) {
    case 'and':
    case 'or':
      return expr.operands.map((operand) => [operand, scope])
    case 'not':
    case 'recover':
      return [[expr.operand, scope]]
    case 'conditional':
      return [expr.condition, expr.then, expr.else].map((part) => [part, scope])
    case 'some':
    case 'every':
      return [
        ...members(run, expr.of, scope).map(
          (value) => [expr.body, bind(scope, [[expr.local, { kind: 'value', value }]])] as const,
        ),
      ]
    case 'obtainable':
      return []
    default:
      return askedIn([expr]).map((part) => [part, scope])
  }
}

function members(run: Run, set: Expr, scope: Scope): readonly Value[] {
  const outcome = evaluate(run, set, scope)
  return typeof outcome === 'object' && outcome.kind === 'set' ? outcome.members : []
}

interface Reading {
  readonly run: Run
  readonly model: Model
  readonly note: Note
  readonly reach: (atom: number) => void
  readonly seen: Seen
}

function readLine(reading: Reading, { of, formula, parts, given }: Line): void {
  if (of !== undefined) tell(reading, of.kind, of.at, formula)
  if (given !== undefined) for (const atom of atomsIn(given)) reading.reach(atom)
  for (const { expr, scope, beside } of parts) {
    if (beside !== undefined && definitely(reading, beside.formula, beside.hidesIf)) continue
    readCondition(reading, expr, scope)
  }
}

function tell({ model, note }: Reading, kind: Parameters<Note>[0], at: Span, formula: Formula): void {
  const { low, high } = truthOf(formula, model)
  if (low === high) note(kind, at, low ? 'held' : 'failed')
}

function definitely({ model }: Reading, formula: Formula, truth: boolean): boolean {
  const { low, high } = truthOf(formula, model)
  return truth ? low : !high
}

/** Reads a condition that matters. */
function readCondition(reading: Reading, expr: Expr, scope: Scope): void {
  const { run } = reading
  if (!reading.seen(expr, scope)) return
  const formulaOf = (part: Expr, within = scope) => ground(run, part, within)
  switch (expr.kind) {
    case 'constant':
      return
    case 'and':
    case 'or': {
      // An operand matters where no other one decides.
      const decides = expr.operands.map((operand) => definitely(reading, formulaOf(operand), expr.kind === 'or'))
      for (const [i, operand] of expr.operands.entries())
        if (!decides.some((decided, j) => decided && j !== i)) readCondition(reading, operand, scope)
      return
    }
    case 'not':
    case 'recover':
      readCondition(reading, expr.operand, scope)
      return
    case 'conditional': {
      const [whether, then, otherwise] = [expr.condition, expr.then, expr.else].map((part) =>
        truthOf(formulaOf(part), reading.model),
      )
      if (then?.low !== otherwise?.low || then?.high !== otherwise?.high) readCondition(reading, expr.condition, scope)
      if (whether?.low === true) readCondition(reading, expr.then, scope)
      if (whether?.high === false) readCondition(reading, expr.else, scope)
      return
    }
  }
  const formula = formulaOf(expr)
  tell(reading, 'condition', expr.at, formula)
  for (const atom of atomsIn(formula)) reading.reach(atom)
  if (expr.kind === 'some' || expr.kind === 'every') {
    const all = partsOf(run, expr, scope)
    const decides = all.map(([body, within]) => definitely(reading, formulaOf(body, within), expr.kind === 'some'))
    for (const [i, [body, within]] of all.entries())
      if (!decides.some((decided, j) => decided && j !== i)) readCondition(reading, body, within)
    return
  }
  for (const [part, within] of partsOf(run, expr, scope)) readCondition(reading, part, within)
}
