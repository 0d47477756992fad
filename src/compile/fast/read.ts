import type { Expr, Field } from '../../ir/expr.ts'
import type { Body } from '../body.ts'
import type { Code } from '../code.ts'
import { join, js, known } from '../code.ts'
import { type Direct, inputs } from '../direct.ts'

/** A field of the request as it came: the value itself, `absent`, or `doubtful` where a closer look is needed. */
export interface Read {
  /** Reads it unless it has been read; to be evaluated before `name`. */
  readonly first: Code
  readonly name: Code
  /** That it is `absent` means that the field is; else it is an error. */
  readonly mayBeAbsent: boolean
}

/** From an input of the request through records to a field. */
interface Path {
  readonly register: 'args' | 'context' | 'token' | 'client'
  readonly fields: readonly Pick<Field, 'name' | 'optional' | 'chain'>[]
}

const registers: readonly string[] = ['args', 'context', 'token', 'client'] satisfies readonly Path['register'][]
/** Sets that a token has even where it does not say so. */
const claims: readonly string[] = ['scopes', 'roles', 'groups', 'permissions']
const longest = 8

/** A read of an input; whatever is read twice in one function is read once. */
export function readOf(body: Body, expr: Expr): Read | undefined {
  const path = pathOf(expr)
  if (path === undefined) return undefined
  const { direct } = body
  if (direct !== undefined) return directRead(body, direct, path)
  const reader = readerOf(body, path)
  let name = body.reads.get(`${reader}`)
  if (name === undefined) {
    name = body.temporary()
    body.reads.set(`${reader}`, name)
  }
  return { first: js`(${name} ??= ${reader}())`, name, mayBeAbsent: mayBeAbsent(path) }
}

function mayBeAbsent(path: Path): boolean {
  return path.fields.at(-1)?.optional === true || path.fields.some((_, i) => mayBeMissing(path, i))
}

/**
 * The same where the read stands: the objects on the way are looked at behind the load, when the engine that runs the code has just
 * learnt what they look like, so that the look costs nothing.
 */
function directRead(body: Body, direct: Direct, path: Path): Read | undefined {
  const { register, fields } = path
  const input = inputs.find((one) => one === register)
  if (input === undefined) return undefined
  const { module, reads } = body
  const [absent, doubtful] = [module.support('absent'), module.support('doubtful')]
  const read = direct.inputs.get(input) ?? new Set()
  direct.inputs.set(input, read)
  let first = known(input)
  let name = first
  let key: string = input
  for (const [i, { name: field }] of fields.entries()) {
    if (i === 0) read.add(field)
    direct.fields.add(field)
    key = JSON.stringify([key, field])
    const [outer, from] = [first, name]
    const found = reads.get(key)
    name = found ?? body.temporary()
    reads.set(key, name)
    const unset = i === fields.length - 1 ? whereNotSet(module, path) : absent
    if (i === 0) {
      first = js`(${name} ??= ${from}[${field}] ?? ${unset})`
      continue
    }
    const missing = mayBeMissing(path, i) ? js`${outer} === ${absent} ? ${absent} : ` : js``
    const look = js`typeof ${outer} === 'object' && (${name} = ${from}[${field}] ?? ${unset}, ${from}.__proto__ === ${module.support('plain')})`
    first = js`(${name} ??= ${missing}${look} ? ${name} : ${doubtful})`
  }
  return { first, name, mayBeAbsent: mayBeAbsent(path) }
}

function pathOf(expr: Expr): Path | undefined {
  const fields: Field[] = []
  let of = expr
  for (; of.kind === 'field'; of = of.of) {
    // A member of Object.prototype is found in every object.
    if (of.relation || of.name in Object.prototype || fields.length === longest) return undefined
    if (fields.length > 0 && !isRecord(of)) return undefined
    fields.unshift(of)
  }
  if (of.kind !== 'variable' || fields.length === 0 || !registers.includes(of.name)) return undefined
  return { register: of.name as Path['register'], fields }
}

function isRecord({ type }: Field): boolean {
  return type.kind === 'record' || type.kind === 'map' || type.kind === 'json'
}

/** Where the object that the step begins at is not set, the whole is absent: `?.`. */
function mayBeMissing({ fields }: Path, step: number): boolean {
  return fields[step - 1]?.optional === true && fields[step]?.chain === true
}

/** The function that goes the path; nothing that may lie on it, such as a getter, makes it throw. */
function readerOf({ module }: Body, path: Path): Code {
  const { register, fields } = path
  const [absent, doubtful, inherited] = [
    module.support('absent'),
    module.support('doubtful'),
    module.support('inherited'),
  ]
  const steps = fields.map(({ name }, i) => {
    const [from, to] = [known(`o${i}`), known(`o${i + 1}`)]
    const missing = mayBeMissing(path, i)
      ? js`\n  if (${from} === undefined || ${from} === null) return ${absent}`
      : js``
    const isOther = i === 0 ? js`typeof ${from} !== 'object'` : js`!${module.support('isPlain')}(${from})`
    return js`${missing}\n  if (${isOther} || ${inherited}[${name}] !== undefined) return ${doubtful}\n  const ${to} = ${from}[${name}]`
  })
  const words = [register, ...fields.map(({ name }) => name)].join('$')
  const value = js`o${fields.length} ?? ${whereNotSet(module, path)}`
  return module.constant(
    words,
    js`() => { try {\n  const o0 = r.${known(register)}${join(steps, '')}\n  return ${value}\n} catch { return ${doubtful} } }`,
  )
}

/** A required field that is not set is an error, to be told from one that is not there for want of an object. */
function whereNotSet({ support }: Body['module'], path: Path): Code {
  const { register, fields } = path
  const [first] = fields
  if (register === 'token' && fields.length === 1 && first !== undefined && claims.includes(first.name))
    return support('noClaims')
  const isTold = fields.at(-1)?.optional === true || !fields.some((_, i) => mayBeMissing(path, i))
  return support(isTold ? 'absent' : 'doubtful')
}
