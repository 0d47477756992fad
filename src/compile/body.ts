import type { Expr } from '../ir/expr.ts'
import type { RecordField, Type } from '../ir/type.ts'
import { children, nodes } from '../ir/walk.ts'
import type { Code } from './code.ts'
import { join, js, known } from './code.ts'
import type { Direct } from './direct.ts'
import type { Module } from './module.ts'
import type { Names } from './typing.ts'

/** What every function that evaluates a part of a rule or role is given: subject, entity, agent, what a URI template bound, action, literals. */
const parameters = [known('s'), known('e'), known('g'), known('u'), known('a'), known('k')]

/** Past this nesting an expression goes on in a function of its own: the stack of whoever parses the code is not ours. */
const maxNesting = 12

/** One function that is being written, and what the names in it stand for. */
export interface Body {
  readonly module: Module
  readonly names: Names
  /** A word of the policy for the functions that are made of it. */
  readonly word: string
  readonly params: readonly Code[]
  /** What locals of the rule are in code. */
  readonly locals: ReadonlyMap<string, Code>
  /** Those that a fact carries or else the context has: looked for again where something is wrong with them, to be told there. */
  readonly carried?: ReadonlyMap<string, RecordField>
  /** Where literals and places are found that are not the same for all rules of this structure: by part, its place in `k`. */
  readonly places?: ReadonlyMap<Expr, number>
  /** The entities in code of which something is known for certain. */
  readonly mentioned?: ReadonlySet<string>
  /** Those that are numbers. */
  readonly numbered?: ReadonlySet<string>
  /** How often a part of the rule is used. */
  readonly uses: ReadonlyMap<Expr, number>
  /** The functions that parts are which are used twice, by the names in scope. */
  readonly shared: Map<Expr, Map<string, Code>>
  /** The temporaries that hold what the function has read of the request, by who reads it: in one function it is read once. */
  readonly reads: Map<string, Code>
  /** What is written now runs only where something is out of the ordinary. */
  readonly seldom?: boolean
  /** What is written now is the verdict of a whole group. */
  readonly direct?: Direct
  readonly nesting: number
  /** How many temporaries the function has, with those of the functions that stand in it. */
  readonly counter: { temporaries: number }
  temporary(): Code
}

export type NewBody = Omit<Body, 'temporary' | 'nesting' | 'counter' | 'reads'>

/** Begins a function; what it returns is put together by `write`. `inside`: it stands in the function `of`, and sees its names. */
export function writeBody(
  of: NewBody & { readonly counter?: Body['counter'] },
  write: (body: Body) => Code,
  inside = false,
  reads: ReadonlyMap<string, Code> = new Map(),
): { readonly temporaries: Code; readonly result: Code } {
  const names: Code[] = []
  const counter = (inside ? of.counter : undefined) ?? { temporaries: 0 }
  const result = write({
    ...of,
    nesting: 0,
    reads: new Map(reads),
    counter,
    temporary: () => {
      counter.temporaries += 1
      const name = known(`t${counter.temporaries}`)
      names.push(name)
      return name
    },
  })
  const text = `${result}`
  // A quick way that was tried and given up leaves names behind.
  const used = names.filter((name) => text.includes(`${name}`))
  return { temporaries: used.length === 0 ? js`` : js`  let ${used}\n`, result }
}

/** A function that returns an expression; the code is a call of it. */
export function outlined(body: Body, words: string, write: (body: Body) => Code): Code {
  const name = body.module.name(body.word, words)
  const { temporaries, result } = writeBody(body, write)
  body.module.define(name, body.params, js`${temporaries}  return ${result}`)
  return js`${name}(${body.params})`
}

/**
 * A function for what is seldom the case, so that what is usual stays small: engines optimise small functions better. It goes on from
 * what has been read already.
 */
export function otherwise(body: Body, write: (body: Body) => Code): Code {
  const { module, params, reads } = body
  const name = module.name(body.word, 'otherwise')
  const { temporaries, result } = writeBody({ ...body, seldom: true }, write, true, reads)
  const text = `${result}`
  const given = [...reads.values()].filter((one) => text.includes(`${one}`))
  module.define(name, [...params, ...given], js`${temporaries}  return ${result}`)
  return js`${name}(${[...params, ...given]})`
}

export function isDeep(body: Body): boolean {
  return body.nesting >= maxNesting
}

export function deeper(body: Body): Body {
  return { ...body, nesting: body.nesting + 1 }
}

/** The body with one more local, which is a parameter of the functions inside. */
export function withLocal(
  body: Body,
  local: string,
  type: Type | undefined,
): { readonly body: Body; readonly code: Code } {
  const code = known(`x${body.params.length - parameters.length + 1}`)
  const locals = new Map(body.names.locals).set(local, type)
  return {
    code,
    body: {
      ...body,
      names: { ...body.names, locals },
      params: [...body.params, code],
      locals: new Map(body.locals).set(local, code),
    },
  }
}

export function newBody(module: Module, word: string, names: Names, roots: readonly Expr[]): NewBody {
  return { module, names, word, params: parameters, locals: new Map(), uses: usesOf(roots), shared: new Map() }
}

/** A `let` that is used twice is one expression with two parents. */
function usesOf(roots: readonly Expr[]): ReadonlyMap<Expr, number> {
  const uses = new Map<Expr, number>()
  for (const root of roots) {
    for (const node of nodes(root)) for (const child of children(node)) uses.set(child, (uses.get(child) ?? 0) + 1)
  }
  return uses
}

export function list(codes: readonly Code[]): Code {
  return js`[${join(codes, ', ')}]`
}

/** The code is the number of an entity that a fact in force mentions, so that something is known of it. */
export function withMentioned(body: Body, entity: Code): Body {
  const mentioned = new Set([...(body.mentioned ?? []), `${entity}`])
  return { ...body, mentioned, numbered: new Set([...(body.numbered ?? []), `${entity}`]) }
}

export function isMentioned({ mentioned }: Body, entity: Code): boolean {
  return mentioned?.has(`${entity}`) === true
}

export function isNumbered({ numbered }: Body, entity: Code): boolean {
  return numbered?.has(`${entity}`) === true
}
