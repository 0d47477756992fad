// size: values and conditions need each other, and every kind of expression is a case here
import { assertNever } from '../base/assert-never.ts'
import type { Expr, Field, Holds, Obtainable, Quantified } from '../ir/expr.ts'
import type { Type } from '../ir/type.ts'
import { children, inputsRead } from '../ir/walk.ts'
import { atomOf } from './atoms.ts'
import { type Body, deeper, isDeep, list, otherwise, outlined, withLocal, writeBody } from './body.ts'
import type { Code } from './code.ts'
import { join, js, known } from './code.ts'
import { constant } from './constant.ts'
import { conditionAt, valueAt } from './fast/glance.ts'
import { type Operand, orElse } from './fast/operand.ts'
import { quantifier } from './fast/quantifier.ts'
import { readOf } from './fast/read.ts'
import { announce } from './fast/stored.ts'
import { masksFirst, maskTruth } from './global-roles.ts'
import { place, site } from './site.ts'
import { anyStep } from './steps.ts'
import { elementType, entityTypes } from './typing.ts'

/**
 * Expressions and conditions as JavaScript. One file, since each needs the other; every operator is one call of the support library
 * here, and faster ways for what is common stand in files of their own.
 */

/** A condition: true, false, or a doubt. `sure`: never a doubt. */
export interface Truth {
  readonly code: Code
  readonly sure: boolean
}

/** A value as values are everywhere: entities are objects. */
export function valueCode(body: Body, expr: Expr): Code {
  if (entityTypes(body.module.program, expr, body.names) === undefined) return anyValue(body, expr)
  return js`${body.module.support('asValue')}(r, ${anyValue(body, expr)})`
}

/** An entity as a number or a key; what turns out to be something else stays as it is. */
export function entityOf(body: Body, expr: Expr): Code {
  if (entityTypes(body.module.program, expr, body.names) !== undefined) return anyValue(body, expr)
  return js`${body.module.support('asEntity')}(r, ${anyValue(body, expr)})`
}

/** An entity where the type says so, any other value as it is everywhere. */
function anyValue(body: Body, expr: Expr): Code {
  const quick = atAGlance(body, expr, valueAt)
  return quick === undefined
    ? nestedValue(body, expr)
    : orElse(quick, () => otherwise(body, (inner) => nestedValue(inner, expr)))
}

function nestedValue(body: Body, expr: Expr): Code {
  const shared = sharedCall(body, expr, 'value', (inner) => generalValue(inner, expr))
  if (shared !== undefined) return shared
  if (isDeep(body) && !isLeaf(expr)) return outlined(body, 'value', (inner) => generalValue(inner, expr))
  return generalValue(deeper(body), expr)
}

/** Larger expressions are left to the general way: their parts may be quick again. */
const maxGlance = 40

/** The quick way, where there is one. What is written for the case that it does not tell is not written in two ways again. */
function atAGlance(
  body: Body,
  expr: Expr,
  write: (body: Body, expr: Expr) => Operand | undefined,
): Operand | undefined {
  return body.seldom === true || sizeOf(expr, maxGlance) > maxGlance ? undefined : write(body, expr)
}

/** As a tree, counted no further than the limit. */
function sizeOf(expr: Expr, limit: number): number {
  let size = 1
  for (const child of children(expr)) {
    if (size > limit) break
    size += sizeOf(child, limit - size)
  }
  return size
}

/** By the support library, whatever it may be. */
function generalValue(body: Body, expr: Expr): Code {
  const { module } = body
  const call = (name: string, ...args: Code[]) => js`${module.support(name)}(${[known('r'), ...args]})`
  const of = (operand: Expr) => valueCode(body, operand)
  switch (expr.kind) {
    case 'constant':
      return constant(body, expr)
    case 'variable':
      switch (expr.name) {
        case 'actor':
          return known('s')
        case 'agent':
          return known('g')
        case 'resource':
          return known('e')
        case 'action':
          return body.names.action ? known('a') : call('variable', js`${expr.name}`, place(body, expr))
        default:
          return call('variable', js`${expr.name}`, place(body, expr))
      }
    case 'local': {
      const carried = body.carried?.get(expr.name)
      if (carried !== undefined)
        return asTyped(body, expr, call('parameter', known('u'), module.data(carried), place(body, expr)))
      return body.locals.get(expr.name) ?? call('bound', known('u'), js`${expr.name}`, place(body, expr))
    }
    case 'set':
      return call('set', list(expr.elements.map(of)), site(body, expr))
    case 'record':
      return call(
        'record',
        module.data(expr.entries.map(({ key }) => key)),
        list(expr.entries.map(({ value }) => of(value))),
        site(body, expr, ...expr.entries.map(({ value }) => value)),
      )
    case 'field':
      return field(body, expr)
    case 'entities':
      return call(
        'entitiesOf',
        of(expr.of),
        module.data({ name: expr.name, optional: expr.optional }),
        place(body, expr),
      )
    case 'index':
      return asTyped(
        body,
        expr,
        call('indexed', of(expr.of), of(expr.key), module.data(expr.type), site(body, expr, expr.of, expr.key)),
      )
    case 'construct':
      return call(
        'constructed',
        js`${expr.type}`,
        ...template(body, expr.parts),
        site(body, expr, ...operandsOf(expr.parts)),
      )
    case 'interpolate':
      return call('interpolated', ...template(body, expr.parts), site(body, expr, ...operandsOf(expr.parts)))
    case 'builtin':
      return call('builtin', js`${expr.name}`, list(expr.args.map(of)), site(body, expr, ...expr.args))
    case 'host-call': {
      const declared = module.program.functions.find(({ name }) => name === expr.function)
      return asTyped(
        body,
        expr,
        call('hostCall', module.data(declared), list(expr.args.map(of)), site(body, expr, ...expr.args)),
      )
    }
    case 'compare':
      return call(
        'compared',
        js`${expr.operator}`,
        of(expr.left),
        of(expr.right),
        site(body, expr, expr.left, expr.right),
      )
    case 'arithmetic':
      return call(
        'calculated',
        js`${expr.operator}`,
        js`${expr.domain}`,
        of(expr.left),
        of(expr.right),
        site(body, expr, expr.left, expr.right),
      )
    case 'negate':
      return call('negated', js`${expr.domain}`, of(expr.operand), site(body, expr, expr.operand))
    case 'element':
      return call('element', js`${expr.in}`, of(expr.value), of(expr.of), site(body, expr, expr.value, expr.of))
    case 'has':
      announce(module, expr)
      return call('has', of(expr.of), js`${expr.name}`, js`${expr.relation}`, site(body, expr, expr.of))
    case 'is':
      return call('is', of(expr.of), js`${expr.type}`, site(body, expr, expr.of))
    case 'conditional': {
      const t = body.temporary()
      const branch = branches(body, expr.then, expr.else)
      return js`((${t} = ${truthOf(body, expr.condition).code}) === true ? ${branch(expr.then)} : ${t} === false ? ${branch(expr.else)} : ${t})`
    }
    case 'coalesce': {
      const t = body.temporary()
      const branch = branches(body, expr.left, expr.right)
      return js`((${t} = ${branch(expr.left)}) === ${module.support('absent')} ? ${branch(expr.right)} : ${t})`
    }
    case 'and':
    case 'or':
    case 'not':
    case 'recover':
    case 'holds':
    case 'contained':
    case 'some':
    case 'every':
    case 'obtainable':
      return truthOf(body, expr).code
    default:
      return assertNever(expr)
  }
}

/** Both are entities in the form of entities, or neither is. */
function branches(body: Body, a: Expr, b: Expr): (expr: Expr) => Code {
  const { program } = body.module
  const both = [a, b].every((one) => entityTypes(program, one, body.names) !== undefined)
  return (expr) => (both ? entityOf(body, expr) : valueCode(body, expr))
}

/** What comes as a value from elsewhere, in the form of entities where the type says that it is one. */
function asTyped(body: Body, expr: Expr, code: Code): Code {
  const isEntity = entityTypes(body.module.program, expr, body.names) !== undefined
  return isEntity ? js`${body.module.support('asEntity')}(r, ${code})` : code
}

function field(body: Body, expr: Field): Code {
  const { module } = body
  const { name, type, optional, relation, chain } = expr
  const read = module.data({ name, type, optional, relation, chain })
  const where = site(body, expr, expr.of)
  const raw = readOf(body, expr)
  const slowly = js`${module.support('fieldOf')}(r, ${valueCode(body, expr.of)}, ${read}, ${where})`
  if (raw === undefined) {
    announce(module, expr)
    return asTyped(body, expr, slowly)
  }
  const typed = js`${module.support('typed')}(r, ${raw.name}, ${read}, ${where})`
  return asTyped(body, expr, js`(${raw.first} === ${module.support('doubtful')} ? ${slowly} : ${typed})`)
}

/** The texts of a template, and its operands. */
function template(body: Body, parts: readonly (string | Expr)[]): [Code, Code] {
  return [
    body.module.data(parts.map((part) => (typeof part === 'string' ? part : null))),
    list(operandsOf(parts).map((operand) => valueCode(body, operand))),
  ]
}

function operandsOf(parts: readonly (string | Expr)[]): readonly Expr[] {
  return parts.filter((part) => typeof part !== 'string')
}

export function truthOf(body: Body, expr: Expr): Truth {
  const quick = atAGlance(body, expr, conditionAt)
  if (quick === undefined) return nestedTruth(body, expr)
  const code = orElse(quick, () => otherwise(body, (inner) => nestedTruth(inner, expr).code))
  return { code, sure: quick.when.length === 0 && quick.text === undefined }
}

function nestedTruth(body: Body, expr: Expr): Truth {
  const shared = sharedCall(body, expr, 'truth', (inner) => generalTruth(inner, expr).code)
  if (shared !== undefined) return { code: shared, sure: false }
  if (isDeep(body) && !isLeaf(expr)) {
    let sure = false
    const code = outlined(body, 'when', (inner) => {
      const truth = generalTruth(inner, expr)
      sure = truth.sure
      return truth.code
    })
    return { code, sure }
  }
  return generalTruth(deeper(body), expr)
}

function generalTruth(body: Body, expr: Expr): Truth {
  const { module } = body
  switch (expr.kind) {
    case 'and':
    case 'or': {
      const masked = expr.kind === 'or' ? maskTruth(body, expr) : undefined
      if (masked !== undefined) return masked
      const operands = expr.kind === 'or' ? masksFirst(module, expr.operands) : expr.operands
      return connective(
        body,
        expr.kind,
        operands.map((operand) => (inner: Body) => truthOf(inner, operand)),
      )
    }
    case 'not': {
      const { code, sure } = truthOf(body, expr.operand)
      return { code: sure ? js`!(${code})` : js`${module.support('not')}(${code})`, sure }
    }
    case 'recover': {
      const { code, sure } = truthOf(body, expr.operand)
      if (sure) return { code, sure }
      const [before, after] = [module.support('recovering'), module.support('recovered')]
      return { code: js`${after}(r, ${before}(r), ${code}, ${module.data(inputsRead(expr))})`, sure }
    }
    case 'conditional': {
      const condition = truthOf(body, expr.condition)
      const [then, otherwise] = [truthOf(body, expr.then), truthOf(body, expr.else)]
      if (condition.sure)
        return { code: js`(${condition.code} ? ${then.code} : ${otherwise.code})`, sure: then.sure && otherwise.sure }
      const t = body.temporary()
      const code = js`((${t} = ${condition.code}) === true ? ${then.code} : ${t} === false ? ${otherwise.code} : ${t})`
      return { code, sure: false }
    }
    case 'holds':
      return maskTruth(body, expr) ?? holds(body, expr)
    case 'contained':
      return someEntity(body, expr.subject, expr.within, expr, (_, subject, member) => ({
        code: js`${module.support('within')}(r, ${subject}, ${member}, ${place(body, expr)})`,
        sure: false,
      }))
    case 'some':
    case 'every':
      return quantified(body, expr)
    case 'obtainable':
      return obtainable(body, expr)
    case 'constant':
      if (expr.value.kind === 'boolean') return { code: js`${expr.value.value}`, sure: true }
      return asCondition(body, expr)
    default:
      return asCondition(body, expr)
  }
}

function asCondition(body: Body, expr: Expr): Truth {
  return {
    code: js`${body.module.support('condition')}(r, ${valueCode(body, expr)}, ${site(body, expr)})`,
    sure: false,
  }
}

/** Up to so many operands are one expression; more are statements, in pieces that are still optimised. */
const maxInline = 8
const pieceSize = 64

export function connective(body: Body, kind: 'and' | 'or', operands: readonly ((body: Body) => Truth)[]): Truth {
  const { module } = body
  if (operands.length === 0) return { code: js`${kind === 'and'}`, sure: true }
  const [only] = operands
  if (operands.length === 1 && only !== undefined) return only(body)
  if (operands.length > pieceSize) {
    const pieces: ((body: Body) => Truth)[] = []
    for (let i = 0; i < operands.length; i += pieceSize) {
      const piece = operands.slice(i, i + pieceSize)
      pieces.push((inner) => ({ code: statements(inner, kind, piece), sure: false }))
    }
    return connective(body, kind, pieces)
  }
  if (operands.length > maxInline) return { code: statements(body, kind, operands), sure: false }
  const truths = operands.map((operand) => operand(body))
  if (truths.every(({ sure }) => sure)) {
    return {
      code: js`(${join(
        truths.map(({ code }) => code),
        kind === 'and' ? ' && ' : ' || ',
      )})`,
      sure: true,
    }
  }
  // What is sure decides without looking further.
  const combine = module.support(kind)
  const t = body.temporary()
  const decided = kind === 'or'
  let code = truths[0]?.code ?? js`${!decided}`
  for (const truth of truths.slice(1)) {
    code = js`((${t} = ${code}) === ${decided} ? ${decided} : ${combine}(${t}, ${truth.code}))`
  }
  return { code, sure: false }
}

function statements(body: Body, kind: 'and' | 'or', operands: readonly ((body: Body) => Truth)[]): Code {
  const { module } = body
  const name = module.name(body.word, kind)
  const decided = kind === 'or'
  const { temporaries, result } = writeBody(body, (inner) =>
    join(
      operands.map((operand) => {
        return js`  if ((y = ${operand(inner).code}) === ${decided}) return ${decided}\n  x = ${module.support(kind)}(x, y)`
      }),
      '\n',
    ),
  )
  module.define(name, body.params, js`${temporaries}  let x = ${!decided}, y\n${result}\n  return x`)
  return js`${name}(${body.params})`
}

function holds(body: Body, expr: Holds): Truth {
  if (expr.of === undefined) {
    const subject = checkedSubject(body, expr.subject, expr)
    return subject.with((code) => atomOf(body, expr, undefined, code))
  }
  return someEntity(body, expr.subject, expr.of, expr, (inner, subject, member) => atomOf(inner, expr, member, subject))
}

/** Whether it holds of the subject and of some entity of `of`. */
function someEntity(
  body: Body,
  subject: Expr,
  of: Expr,
  expr: Expr,
  each: (body: Body, subject: Code, member: Code) => Truth,
): Truth {
  const checked = checkedSubject(body, subject, expr)
  return checked.with((code) => {
    const { module } = body
    if (of.kind === 'variable' && entityTypes(module.program, of, body.names) !== undefined)
      return each(body, code, anyValue(body, of))
    const step = anyStep(body, of, code, each, entityOf)
    if (step !== undefined) return step
    if (entityTypes(module.program, of, body.names) !== undefined) {
      const t = body.temporary()
      const found = each(body, code, t)
      return {
        code: js`(typeof (${t} = ${anyValue(body, of)}) === 'number' || typeof ${t} === 'string' ? ${found.code} : ${module.support('noEntity')}(r, ${t}, ${place(body, expr)}))`,
        sure: false,
      }
    }
    const member = known('m')
    const arrow = writeBody(body, (inner) => each(inner, code, member).code, true)
    const function_ = js`(m) => {\n${arrow.temporaries}  return ${arrow.result}\n}`
    return {
      code: js`${module.support('anyOf')}(r, ${valueCode(body, of)}, ${function_}, ${place(body, expr)})`,
      sure: false,
    }
  })
}

/** The subject in code that may be used more than once; where it is no entity, that is what comes of the whole. */
function checkedSubject(body: Body, subject: Expr, expr: Expr): { with: (use: (code: Code) => Truth) => Truth } {
  const { module } = body
  if (subject.kind === 'variable') return { with: (use) => use(anyValue(body, subject)) }
  const t = body.temporary()
  return {
    with: (use) => ({
      code: js`(typeof (${t} = ${entityOf(body, subject)}) === 'number' || typeof ${t} === 'string' ? ${use(t).code} : ${module.support('noSubject')}(r, ${t}, ${place(body, expr)}))`,
      sure: false,
    }),
  }
}

function quantified(body: Body, expr: Quantified): Truth {
  const quick = body.seldom === true ? undefined : quantifier(body, expr, (inner) => truthOf(inner, expr.body).code)
  if (quick === undefined) return everyMember(body, expr)
  return { code: orElse(quick, () => otherwise(body, (inner) => everyMember(inner, expr).code)), sure: false }
}

function everyMember(body: Body, expr: Quantified): Truth {
  const { module } = body
  const type = elementType(module.program, expr.of, body.names)
  const { body: inner, code } = withLocal(body, expr.local, type)
  const arrow = writeBody(inner, (within) => truthOf(within, expr.body).code, true)
  const isEntity =
    entityTypes(module.program, { kind: 'local', name: expr.local, at: expr.at }, inner.names) !== undefined
  const unbox = isEntity ? js`  ${code} = ${module.support('asEntity')}(r, ${code})\n` : js``
  const each = js`(${code}) => {\n${unbox}${arrow.temporaries}  return ${arrow.result}\n}`
  return {
    code: js`${module.support('quantified')}(r, ${expr.kind}, ${valueCode(body, expr.of)}, ${each}, ${site(body, expr, expr.of)})`,
    sure: false,
  }
}

function obtainable(body: Body, expr: Obtainable): Truth {
  const { module } = body
  const { fact } = expr
  const data = place(body, expr)
  const call = (name: string, ...args: Code[]): Truth => ({
    code: js`${module.support(name)}(${[known('r'), ...args]})`,
    sure: false,
  })
  switch (fact.kind) {
    case 'scope':
      return call('hasScope', js`${fact.scope}`, data)
    case 'acr':
      return call('hasAcr', js`${fact.acr}`, data)
    case 'auth-age':
      return call('authenticatedWithin', js`${fact.atMost}`, js`${fact.strict}`, data)
    case 'confirmed':
      return call('confirmed')
    case 'approved': {
      const approver: Type = { kind: 'union', of: body.names.actor.map((name): Type => ({ kind: 'entity', name })) }
      const { body: inner, code } = withLocal(body, fact.local, approver)
      const arrow = writeBody(inner, (within) => truthOf(within, fact.body).code, true)
      return call('approved', js`${fact.count}`, js`(${code}) => {\n${arrow.temporaries}  return ${arrow.result}\n}`)
    }
    default:
      return assertNever(fact)
  }
}

function isLeaf({ kind }: Expr): boolean {
  return kind === 'constant' || kind === 'variable' || kind === 'local'
}

/** A call of the function that a part is which is used more than once: evaluated once for the same names. */
function sharedCall(body: Body, expr: Expr, form: 'value' | 'truth', write: (body: Body) => Code): Code | undefined {
  if (isLeaf(expr) || (body.uses.get(expr) ?? 0) < 2) return undefined
  const { module } = body
  const key = `${form} ${body.params.join()}`
  let calls = body.shared.get(expr)
  if (calls === undefined) {
    calls = new Map()
    body.shared.set(expr, calls)
  }
  const written = calls.get(key)
  if (written !== undefined) return written
  const name = module.name(body.word, 'let')
  const call = js`${name}(${body.params})`
  calls.set(key, call)
  const { temporaries, result } = writeBody({ ...body, seldom: false }, write)
  const last = module.constantOnce(`last ${name}`, `${name}last`, () => js`{ turn: 0, with: [], is: undefined }`)
  const params = list(body.params)
  module.define(
    name,
    body.params,
    js`  if (${module.support('isSame')}(r, ${last}, ${params})) return ${last}.is\n${temporaries}  return ${module.support('remember')}(r, ${last}, ${params}, ${result})`,
  )
  return call
}
