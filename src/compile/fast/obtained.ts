import type { Expr, Obtainable } from '../../ir/expr.ts'
import type { Type } from '../../ir/type.ts'
import type { Body } from '../body.ts'
import { js } from '../code.ts'
import { readsRegisters } from '../direct.ts'
import type { Operand } from './operand.ts'
import { readOf } from './read.ts'

/** Facts of the token: scopes, the class and the time of the authentication. */
export function obtained(body: Body, { fact, at }: Obtainable): Operand | undefined {
  const { module } = body
  const claim = (name: string, type: Type) => {
    const of: Expr = { kind: 'variable', name: 'token', at }
    return readOf(body, { kind: 'field', of, name, type, optional: true, relation: false, chain: false, at })
  }
  const absent = module.support('absent')
  switch (fact.kind) {
    case 'scope': {
      const scopes = claim('scopes', { kind: 'set', of: { kind: 'string' } })
      if (scopes === undefined) return undefined
      const t = body.temporary()
      const [only, ...others] = satisfying(body, fact.scope)
      const found =
        others.length === 0
          ? js`${module.support('hasText')}(${scopes.first}, ${only})`
          : js`${module.support('hasSomeText')}(${scopes.first}, ${module.data([only, ...others])})`
      return { when: [js`(${t} = ${found}) !== undefined`], code: t }
    }
    case 'acr': {
      const acr = claim('acr', { kind: 'string' })
      if (acr === undefined) return undefined
      const isNot = js`${acr.name} === ${absent} || typeof ${acr.name} === 'string' && ${module.support('isText')}(${acr.name})`
      return { when: [js`(${acr.first} === ${fact.acr} || ${isNot})`], code: js`(${acr.name} === ${fact.acr})` }
    }
    case 'auth-age': {
      const time = claim('authTime', { kind: 'datetime' })
      if (time === undefined) return undefined
      const t = body.temporary()
      readsRegisters(body)
      const past = js`(${t} = ${module.support('instant')}(${time.name})) <= r.now`
      const age = fact.strict ? js`r.now - ${t} < ${fact.atMost}` : js`r.now - ${t} <= ${fact.atMost}`
      return {
        when: [js`(${time.first} === ${absent} || ${past})`],
        code: js`(${time.name} !== ${absent} && ${age})`,
      }
    }
    default:
      return undefined
  }
}

/** Whoever has one of these scopes has the scope. */
function satisfying({ module }: Body, scope: string): readonly string[] {
  return [scope, ...(module.program.scopes.find((one) => one.scope === scope)?.includedIn ?? [])]
}
