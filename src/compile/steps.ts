import type { Entities, Expr } from '../ir/expr.ts'
import type { Program } from '../ir/program.ts'
import { headOf, mask, relationOf, typeNumber, typeOfNumber } from './assigned.ts'
import { type Body, isMentioned, withMentioned, writeBody } from './body.ts'
import type { Code } from './code.ts'
import { js, known } from './code.ts'
import type { Truth } from './expression.ts'
import { place } from './site.ts'
import { entityTypes, stepTypes } from './typing.ts'

/**
 * Whether it holds of some entity that a path of fields ends in: `parent.viewer`, `folder.owner.manager`. A loop for each step, over
 * the store's lists as they are; what cannot be told on the way is added to what comes of it.
 */
export function anyStep(
  body: Body,
  of: Expr,
  subject: Code,
  each: (body: Body, subject: Code, member: Code) => Truth,
  entityOf: (body: Body, expr: Expr) => Code,
): Truth | undefined {
  const path = pathOf(body, of)
  if (path === undefined) return undefined
  const { module } = body
  const name = module.name(body.word, ...path.steps.map((step) => step.name))
  const q = known('q')
  const { temporaries, result } = writeBody(body, (inner) => {
    const [first] = path.steps
    if (first === undefined) return js``
    const start = path.start.kind === 'variable' && path.start.name === 'resource' ? known('e') : known('o')
    const loops = loop(inner, path.steps, 0, start, (last, member) => {
      const truth = each(withMentioned(last, member), q, member)
      return returned(last, truth)
    })
    return js`${`${start}` === 'o' ? js`  const o = ${entityOf(inner, path.start)}\n` : js``}${opening(inner, first, start)}${loops}  return x`
  })
  module.define(name, [...body.params, q], js`  let x = false, y\n${temporaries}${result}`)
  const call = js`${name}(${[...body.params, subject]})`
  return { code: path.steps.length === 1 ? quickStep(body, path, subject, each, entityOf, call) : call, sure: false }
}

/** Most fields hold one entity. */
function quickStep(
  body: Body,
  { start, steps: [step] }: Path,
  subject: Code,
  each: (body: Body, subject: Code, member: Code) => Truth,
  entityOf: (body: Body, expr: Expr) => Code,
  call: Code,
): Code {
  const [type, ...others] = step?.types ?? []
  if (step === undefined || type === undefined || others.length > 0 || start.kind !== 'variable') return call
  const { module } = body
  const of = entityOf(body, start)
  const h = body.temporary()
  const relation = relationOf(module, type, step.name)
  const head = isMentioned(body, of)
    ? headOf(body, relation, of)
    : js`(typeof ${of} === 'number' && ${certain(body, of, step.types)} ? ${relation}.head[${of} & ${mask(module)}] : 0)`
  const member = js`~${h}`
  return js`((${h} = ${head}) < 0 ? ${each(withMentioned(body, member), subject, member).code} : ${call})`
}

interface Path {
  readonly start: Expr
  readonly steps: readonly Step[]
}

interface Step {
  readonly expr: Entities
  readonly name: string
  /** The types that have the field, of those that an entity can be of here. */
  readonly types: readonly string[]
}

/** Loops in loops: a longer path is a set of entities at each step. */
const maxSteps = 16

/** The steps from one entity on; undefined where a path begins with anything else. */
function pathOf(body: Body, of: Expr): Path | undefined {
  const { program } = body.module
  const steps: Step[] = []
  let start = of
  while (start.kind === 'entities') {
    const types = stepTypes(program, start.of, body.names)
    if (types === undefined) return undefined
    steps.unshift({ expr: start, name: start.name, types: types.filter((type) => hasRelation(program, type, start)) })
    start = start.of
  }
  if (steps.length === 0 || steps.length > maxSteps) return undefined
  return entityTypes(program, start, body.names) === undefined ? undefined : { start, steps }
}

function hasRelation({ types }: Program, type: string, step: Expr): boolean {
  const fields = types.find(({ name }) => name === type)?.fields ?? []
  return step.kind === 'entities' && fields.some(({ name }) => name === step.name)
}

/** Statements that return true, and else add to `x` what cannot be told. */
export function returned({ module }: Body, { code, sure }: Truth): Code {
  if (sure) return js`  if (${code}) return true`
  return js`  if ((y = ${code}) === true) return true\n  if (y !== false) x = ${module.support('or')}(x, y)`
}

/** The start is an entity of which something is known; else that is what comes of the whole. */
function opening(body: Body, { expr, name, types }: Step, start: Code): Code {
  const { module } = body
  const at = place(body, expr)
  const unknown = js`return ${module.support('unknownEntity')}(r, ${start}, ${at})`
  const none = expr.optional ? js`false` : js`${module.support('notRelated')}(r, ${start}, ${name}, ${at})`
  const known_ = isMentioned(body, start)
    ? js``
    : js`  if (!(${certain(body, start, types)} || ${module.support('isKnown')}(r, ${start}))) ${unknown}\n`
  return js`  if (typeof ${start} !== 'number') {
    if (typeof ${start} !== 'string') return ${module.support('noEntity')}(r, ${start}, ${at})
    return ${module.support('isKnown')}(r, ${start}) ? ${none} : ${module.support('unknownEntity')}(r, ${start}, ${at})
  }
${known_}`
}

/** The quick half of whether anything is known of a numbered entity. */
function certain({ module }: Body, entity: Code, types: readonly string[]): Code {
  const [type, ...others] = types
  if (type === undefined || others.length > 0)
    return js`r.table.types[${typeOfNumber(module, entity)}].certain[${entity} & ${mask(module)}] === 1`
  const rows = module.constant(type, js`r.table.types[${typeNumber(module.program, type)}]`)
  return js`${rows}.certain[${entity} & ${mask(module)}] === 1`
}

function loop(
  body: Body,
  steps: readonly Step[],
  index: number,
  from: Code,
  last: (body: Body, member: Code) => Code,
): Code {
  const { module } = body
  const step = steps[index]
  if (step === undefined) return last(body, from)
  const number = `${index + 1}`
  const [h, i, m, p, n, any] = ['h', 'i', 'm', 'p', 'n', 'any'].map((letter) => known(`${letter}${number}`)) as [
    Code,
    Code,
    Code,
    Code,
    Code,
    Code,
  ]
  const [first, ...others] = step.types
  const relation =
    first !== undefined && others.length === 0 ? relationOf(module, first, step.name) : known(`r${number}`)
  const chosen =
    first !== undefined && others.length === 0 ? js`` : js`  const ${relation} = ${choice(body, step, from)}\n`
  const missing = js`${module.support('or')}(x, ${module.support('notRelated')}(r, ${from}, ${step.name}, ${place(body, step.expr)}))`
  const inner = loop(body, steps, index + 1, m, last)
  return js`${chosen}  const ${h} = ${head(module, relation, from, others.length === 0 && first !== undefined)}
  let ${any} = false
  for (let ${i} = ${h}, ${p} = ${h} > 0 ? ${relation}.pool : undefined, ${n} = ${h} < 0 ? ${h} + 1 : ${h} > 0 ? ${h} + ${p}[${h}] : 0; ${i} < ${n};) {
    ${i}++
    let ${m} = ${h} < 0 ? ~${h} : ${p}[${i}]
    if (${m} < 0 && (${m} = ${module.support('inForce')}(r, ${relation}, ${m})) < 0) continue
    ${any} = true
    ${inner}
  }
${step.expr.optional ? js`` : js`  if (!${any}) x = ${missing}\n`}`
}

function head(module: Body['module'], relation: Code, from: Code, isCertain: boolean): Code {
  return isCertain
    ? js`${relation}.head[${from} & ${mask(module)}]`
    : js`${relation} === undefined ? 0 : ${relation}.head[${from} & ${mask(module)}]`
}

/** The facts of the field by the type that the entity has. */
function choice({ module }: Body, { types, name }: Step, from: Code): Code {
  let code = js`undefined`
  for (const type of types) {
    code = js`(${typeOfNumber(module, from)}) === ${typeNumber(module.program, type)} ? ${relationOf(module, type, name)} : ${code}`
  }
  return code
}
