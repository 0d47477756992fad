import type { Span } from '../../src/base/source.ts'
import type { Fact, Facts } from '../../src/facts/store.ts'
import type { Expr } from '../../src/ir/expr.ts'
import type { Program } from '../../src/ir/program.ts'
import type { Type } from '../../src/ir/type.ts'
import { elementOf } from '../../src/runtime/element.ts'
import { callHost, type HostFunctions } from '../../src/runtime/host-call.ts'
import { printExpression } from '../../src/runtime/print-expression.ts'
import { calculate } from '../../src/value/arithmetic.ts'
import { compare } from '../../src/value/compare.ts'
import { decode } from '../../src/value/decode.ts'
import { describeEntity } from '../../src/value/describe.ts'
import { entity } from '../../src/value/entity.ts'
import { containsAll, containsAny } from '../../src/value/equal.ts'
import { evaluationError, isError, together } from '../../src/value/evaluation-error.ts'
import { integer } from '../../src/value/integer.ts'
import { setOf } from '../../src/value/set.ts'
import { setSize } from '../../src/value/set-size.ts'
import { type Absent, absent, type Entity, type EvaluationError, type Value } from '../../src/value/value.ts'

/**
 * The rules on errors of `grammar/semantics.md`, followed directly: operands from left to right, roles on the fly, no formulas. For
 * programs without recursion, permissions and agents.
 */
type Outcome = Value | Absent | EvaluationError
type Truth = boolean | EvaluationError

export interface World {
  readonly program: Program
  readonly facts: Facts
  readonly functions: HostFunctions
  readonly context: Readonly<Record<string, unknown>>
  readonly scopes: unknown
  readonly actor: Entity
  readonly resource: Entity
}

interface Names {
  readonly subject: Entity
  readonly resource: Entity
  readonly locals: ReadonlyMap<string, Outcome>
}

export function direct(world: World, condition: Expr): Truth {
  return truth(world, condition, { subject: world.actor, resource: world.resource, locals: new Map() })
}

const error = evaluationError
const absentAt = (at: Span, what?: string) =>
  error('absent', what === undefined ? 'a value that is not set' : `\`${what}\` is not set`, at)
const located = (outcome: Outcome, at: Span): Outcome =>
  isError(outcome) && outcome.at === undefined ? { ...outcome, at } : outcome

function all(truths: readonly Truth[], decided: boolean): Truth {
  if (truths.includes(decided)) return decided
  return together(truths.filter(isError)) ?? !decided
}
const and = (truths: readonly Truth[]) => all(truths, false)
const or = (truths: readonly Truth[]) => all(truths, true)
const not = (one: Truth): Truth => (isError(one) ? one : !one)

function truth(world: World, expr: Expr, names: Names): Truth {
  const of = (operand: Expr) => value(world, operand, names)
  switch (expr.kind) {
    case 'and':
    case 'or':
      return all(
        expr.operands.map((operand) => truth(world, operand, names)),
        expr.kind === 'or',
      )
    case 'not':
      return not(truth(world, expr.operand, names))
    case 'conditional': {
      const condition = truth(world, expr.condition, names)
      return isError(condition) ? condition : truth(world, condition ? expr.then : expr.else, names)
    }
    case 'holds':
    case 'contained': {
      const subject = of(expr.subject)
      if (isError(subject)) return subject
      if (subject === absent) return absentAt(expr.at)
      if (!isEntity(subject)) return error('wrong-kind', 'expected an entity', expr.at)
      const each = (member: Entity) =>
        expr.kind === 'holds' ? role(world, expr.relation, member, subject) : within(world, subject, member, expr.at)
      const operand = expr.kind === 'holds' ? expr.of : expr.within
      const found = operand === undefined ? absent : of(operand)
      if (isError(found)) return found
      if (found === absent) return false
      if (isEntity(found)) return each(found)
      if (typeof found !== 'object' || found.kind !== 'set') return error('wrong-kind', 'expected an entity', expr.at)
      const members = found.members.map((member) =>
        isEntity(member) ? each(member) : error('wrong-kind', 'expected an entity', expr.at),
      )
      return or([...members, ...(found.gap === undefined ? [] : [found.gap])])
    }
    case 'some':
    case 'every': {
      const set = of(expr.of)
      if (isError(set)) return set
      if (set === absent) return absentAt(expr.at, printExpression(expr.of))
      if (typeof set !== 'object' || set.kind !== 'set') return error('wrong-kind', 'expected a set', expr.at)
      const members = set.members.map((member) =>
        truth(world, expr.body, { ...names, locals: new Map([...names.locals, [expr.local, member]]) }),
      )
      return all([...members, ...(set.gap === undefined ? [] : [set.gap])], expr.kind === 'some')
    }
    case 'obtainable': {
      if (expr.fact.kind !== 'scope') throw new Error('not generated')
      const scopes = decode(world.scopes, { kind: 'set', of: { kind: 'string' } }, expr.at)
      if (isError(scopes)) return scopes
      if (typeof scopes !== 'object' || scopes.kind !== 'set') return false
      return scopes.members.includes(expr.fact.scope) || (scopes.gap ?? false)
    }
    default: {
      const outcome = of(expr)
      if (outcome === absent) return absentAt(expr.at)
      if (typeof outcome === 'boolean' || isError(outcome)) return outcome
      return error('wrong-kind', 'expected true or false', expr.at)
    }
  }
}

function value(world: World, expr: Expr, names: Names): Outcome {
  return located(newValue(world, expr, names), expr.at)
}

function newValue(world: World, expr: Expr, names: Names): Outcome {
  const { at } = expr
  const of = (operand: Expr) => value(world, operand, names)
  const strict = (
    operands: readonly Expr[],
    apply: (values: readonly Value[]) => Outcome,
    mayBeAbsent = (_: number) => false,
  ): Outcome => {
    const values: Outcome[] = []
    for (const [i, operand] of operands.entries()) {
      const one = of(operand)
      if (isError(one)) return one
      if (one === absent && !mayBeAbsent(i)) return absentAt(at, printExpression(operand))
      values.push(one)
    }
    return apply(values as readonly Value[])
  }
  const two = (left: Expr, right: Expr, apply: (a: Value, b: Value) => Outcome) =>
    strict([left, right], ([a, b]) => apply(a as Value, b as Value))
  switch (expr.kind) {
    case 'constant':
      if (expr.value.kind === 'int') return integer(BigInt(expr.value.value))
      return expr.value.kind === 'entity' ? entity(expr.value.type, expr.value.id) : expr.value.value
    case 'variable':
      if (expr.name === 'actor') return names.subject
      if (expr.name === 'resource') return names.resource
      return { kind: 'record', raw: world.context, type: { kind: 'json' } }
    case 'local':
      return names.locals.get(expr.name) ?? error('absent', `\`${expr.name}\` has no value here`)
    case 'set': {
      const elements = expr.elements.map(of).map((one) => (one === absent ? absentAt(at) : one))
      return setOf(
        elements.filter((one): one is Value => !isError(one)),
        elements.find(isError),
      )
    }
    case 'field': {
      const receiver = of(expr.of)
      if (isError(receiver)) return receiver
      if (receiver === absent) return expr.chain ? absent : absentAt(at, printExpression(expr.of))
      return field(world, receiver, expr)
    }
    case 'entities':
      return step(world, of(expr.of), expr.name, expr.optional, at)
    case 'builtin': {
      return strict(expr.args, ([a, b]) => {
        if (typeof a !== 'object' || a.kind !== 'set') return error('wrong-kind', 'no set', at)
        if (expr.name === 'isEmpty') return a.members.length === 0 ? (a.gap ?? true) : false
        if (expr.name === 'length') return setSize(a)
        if (typeof b !== 'object' || b.kind !== 'set') return error('wrong-kind', 'no set', at)
        return expr.name === 'containsAll' ? containsAll(a, b) : containsAny(a, b)
      })
    }
    case 'host-call': {
      const declared = world.program.functions.find(({ name }) => name === expr.function)
      if (declared === undefined) throw new Error('not generated')
      return strict(
        expr.args,
        (values) => {
          const args = (values as readonly Outcome[]).map((one) => (one === absent ? undefined : (one as Value)))
          return callHost(world.functions, declared, args, at) as Outcome
        },
        (i) => declared.params[i]?.optional === true,
      )
    }
    case 'compare':
      return two(expr.left, expr.right, (a, b) => compare(expr.operator, a, b))
    case 'arithmetic':
      return two(expr.left, expr.right, (a, b) => calculate(expr.operator, expr.domain, a, b))
    case 'element':
      return two(expr.value, expr.of, (a, b) => elementOf(expr.in, a, b, at))
    case 'has':
      return strict([expr.of], ([one]) => {
        if (!isEntity(one)) return error('wrong-kind', 'expected something with fields', at)
        return known(world, one) ? world.facts.attribute(one.key, expr.name) !== undefined : unknown(one, at)
      })
    case 'conditional': {
      const condition = truth(world, expr.condition, names)
      return isError(condition) ? condition : of(condition ? expr.then : expr.else)
    }
    case 'coalesce': {
      const left = of(expr.left)
      return left === absent ? of(expr.right) : left
    }
    case 'and':
    case 'or':
    case 'not':
    case 'holds':
    case 'contained':
    case 'some':
    case 'every':
    case 'obtainable':
      return truth(world, expr, names)
    default:
      throw new Error('not generated')
  }
}

type Read = Extract<Expr, { readonly kind: 'field' }>

function field(world: World, of: Value, read: Read, type: Type = read.type): Outcome {
  if (typeof of !== 'object') return error('wrong-kind', 'expected something with fields', read.at)
  if (of.kind === 'set') {
    const one = type.kind === 'set' ? type.of : type
    const union: Type = { kind: 'union', of: [one, { kind: 'set', of: one }] }
    return overMembers(
      of.gap,
      of.members.map((member) =>
        read.relation
          ? step(world, member, read.name, read.optional, read.at)
          : located(field(world, member, read, union), read.at),
      ),
    )
  }
  if (of.kind === 'record') {
    const found = decode((of.raw as Readonly<Record<string, unknown>>)[read.name], type, read.at)
    return found === absent && !read.optional
      ? error('missing-attribute', `\`${read.name}\` is not set`, read.at)
      : found
  }
  if (of.kind !== 'entity') return error('wrong-kind', 'expected something with fields', read.at)
  if (!known(world, of)) return unknown(of, read.at)
  const set = read.relation ? related(world, of, read.name) : undefined
  if (read.type.kind === 'set' && set !== undefined) return setOf(set)
  const found = set === undefined ? (world.facts.attribute(of.key, read.name) ?? absent) : (set[0] ?? absent)
  return found === absent && !read.optional ? notSet(read.name, of, read.at) : found
}

function step(world: World, of: Outcome, name: string, optional: boolean, at: Span): Value {
  if (of === absent) return setOf([])
  if (isError(of)) return setOf([], of)
  if (typeof of === 'object' && of.kind === 'set') {
    return overMembers(
      of.gap,
      of.members.map((member) => step(world, member, name, optional, at)),
    )
  }
  if (!isEntity(of)) return setOf([], error('wrong-kind', 'expected an entity', at))
  if (!known(world, of)) return setOf([], unknown(of, at))
  const found = related(world, of, name)
  return found.length > 0 || optional ? setOf(found) : setOf([], notSet(name, of, at))
}

function overMembers(gap: EvaluationError | undefined, found: readonly Outcome[]): Value {
  const errors = gap === undefined ? [] : [gap]
  const members: Value[] = []
  for (const one of found) {
    if (one === absent) continue
    if (isError(one)) errors.push(one)
    else if (typeof one === 'object' && one.kind === 'set') {
      members.push(...one.members)
      if (one.gap !== undefined) errors.push(one.gap)
    } else members.push(one)
  }
  return setOf(members, together(errors))
}

function role(world: World, relation: string, of: Entity, subject: Entity): Truth {
  const lines = world.program.roles.filter((one) => one.type === of.type && one.name === relation)
  const [first] = lines
  if (first === undefined) throw new Error('not generated')
  if (!known(world, of)) return unknown(of, first.at)
  const names: Names = { subject, resource: of, locals: new Map() }
  return or(
    lines.map(({ at, condition, except }) => {
      const facts = world.facts
        .facts(of.key, relation)
        .map((fact) => and([assigned(world, fact, subject, at), carried(world, fact, names)]))
      const holders = or([...facts, condition === undefined ? false : truth(world, condition, names)])
      return and([holders, except === undefined ? true : not(truth(world, except, names))])
    }),
  )
}

function assigned(world: World, { subject: assignee }: Fact, subject: Entity, at: Span): Truth {
  switch (assignee.kind) {
    case 'entity':
      return within(world, subject, assignee.entity, at)
    case 'any':
      return subject.type === assignee.type
    case 'holders':
      return role(world, assignee.role, assignee.entity, subject)
  }
}

function carried(world: World, { when }: Fact, names: Names): Truth {
  if (when === undefined) return true
  const condition = world.program.conditions.find(({ name }) => name === when.let)
  if (condition === undefined) throw new Error('not generated')
  const locals = condition.params.map(({ name }) => [name, when.args.get(name) ?? absent] as const)
  return truth(world, condition.body, { ...names, locals: new Map(locals) })
}

function within(world: World, subject: Entity, container: Entity, at: Span): Truth {
  if (subject.key === container.key) return true
  if (!known(world, subject)) return unknown(subject, at)
  const reached = new Set([subject.key])
  for (const key of reached) {
    for (const fact of world.facts.facts(key, 'in')) {
      if (fact.subject.kind === 'entity') reached.add(fact.subject.entity.key)
    }
  }
  return reached.has(container.key)
}

function related(world: World, of: Entity, name: string): readonly Entity[] {
  return world.facts.facts(of.key, name).flatMap(({ subject }) => (subject.kind === 'entity' ? [subject.entity] : []))
}

function known({ facts, actor }: World, { key }: Entity): boolean {
  return key === actor.key || facts.known(key)
}

function unknown(of: Entity, at: Span): EvaluationError {
  return error('unknown-entity', `nothing is known of \`${describeEntity(of)}\``, at)
}

function notSet(name: string, of: Entity, at: Span): EvaluationError {
  return error('missing-attribute', `\`${name}\` of \`${describeEntity(of)}\` is not set`, at)
}

function isEntity(one: Outcome | undefined): one is Entity {
  return typeof one === 'object' && one.kind === 'entity'
}
