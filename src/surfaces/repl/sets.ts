import {
  type Engine,
  type Policy,
  type PolicyQuestion,
  printResidual,
  prompt,
  resource,
  template,
  tool,
  type Who,
} from '../../index.ts'
import { type Answer, errorLines, type Line, styled, told } from './answer.ts'
import { type Asker, environment, type Inputs, targetOf } from './asked.ts'
import { entityText } from './notation.ts'

type Asked<K extends PolicyQuestion['kind']> = Extract<PolicyQuestion, { readonly kind: K }>

/** How many are shown to a person; a program gets all. */
const most = 50

/** `which Repo can User:ann read` */
export function listAnswer(engine: Engine, { action, type }: Asked<'list'>, by: Asker, inputs: Inputs): Answer {
  const list = engine.list(by.actor, action, type, environment(inputs, by))
  const entities = [...list]
  const { complete, errors } = list
  return told(
    { kind: 'list', type, action, entities, complete, errors },
    ...named(entities.map(entityText), `no ${type}`),
    ...unsure(complete, errors),
  )
}

/** `who can read Repo:site`. The anonymous actor is told beside the types that are asked for only where all are. */
export function whoAnswer(engine: Engine, { types, action, target }: Asked<'who'>, inputs: Inputs): Answer {
  const who = engine.who(action, targetOf(target), environment(inputs))
  const isAsked = (one: Who['certain'][number]) =>
    types.length === 0 || (one !== null && types.includes(typeof one === 'string' ? typeOf(one) : one.any))
  const certain = who.certain.filter(isAsked)
  const conditional = who.conditional.filter(({ actor }) => isAsked(actor))
  const { complete, errors } = who
  const depending = conditional.slice(0, most).map(({ actor, residual }): Line => {
    const condition = printResidual(residual).split('\n').join('; ')
    return [styled('doubtful', 'perhaps'), ` ${someone(actor)}: `, styled('faint', condition)]
  })
  return told(
    {
      kind: 'who',
      certain,
      conditional: conditional.map(({ actor, residual }) => ({ actor, if: printResidual(residual) })),
      complete,
      errors,
    },
    ...(certain.length === 0 && conditional.length > 0 ? [] : named(certain.map(someone), 'nobody')),
    ...depending,
    ...(conditional.length > most ? [[`and ${conditional.length - most} more`]] : []),
    ...unsure(complete, errors),
  )
}

/** `what can User:ann do on Repo:site`, `what can User:ann do on github` */
export function actionsAnswer(engine: Engine, { target }: Asked<'actions'>, by: Asker, inputs: Inputs): Answer {
  const env = environment(inputs, by)
  if (target.kind === 'entity') {
    const actions = engine.actions(by.actor, target.entity, env)
    return told({ kind: 'actions', actions }, ...named(actions, 'nothing'))
  }
  const { server } = target
  const bound = engine.for(by.actor, env)
  const shown = items(engine.policy, server).filter(({ item }) => bound.can('list', item))
  return told(
    { kind: 'items', server, items: shown.map(({ kind, name }) => ({ kind, name })) },
    ...named(
      shown.map(({ kind, name }) => `${kind} ${name}`),
      engine.policy.locks.has(server) ? 'nothing' : 'nothing is known of what the server offers: it has no lock',
    ),
  )
}

/** What the lock of a server has. */
function items({ locks }: Policy, server: string) {
  const lock = locks.get(server)
  if (lock === undefined) return []
  return [
    ...lock.tools.map(({ name }) => ({ kind: 'tool', name, item: tool(server, name) })),
    ...lock.prompts.map(({ name }) => ({ kind: 'prompt', name, item: prompt(server, name) })),
    ...lock.resources.map(({ uri }) => ({ kind: 'resource', name: uri, item: resource(server, uri) })),
    ...lock.resourceTemplates.map(({ uriTemplate }) => ({
      kind: 'template',
      name: uriTemplate,
      item: template(server, uriTemplate),
    })),
  ]
}

function someone(one: Who['certain'][number]): string {
  if (one === null) return 'anonymous'
  if (typeof one === 'string') return entityText(one)
  const except = one.except.slice(0, most).map(entityText)
  const more = one.except.length > most ? [`${one.except.length - most} more`] : []
  return `any ${one.any}${except.length === 0 ? '' : ` but ${[...except, ...more].join(', ')}`}`
}

function named(names: readonly string[], none: string): readonly Line[] {
  if (names.length === 0) return [[styled('bad', none)]]
  return [
    ...names.slice(0, most).map((name): Line => [name]),
    ...(names.length > most ? [[styled('faint', `and ${names.length - most} more`)]] : []),
  ]
}

function unsure(complete: boolean, errors: Who['errors']): readonly Line[] {
  return [...errorLines(errors), ...(complete || errors.length > 0 ? [] : [[styled('doubtful', 'there may be more')]])]
}

function typeOf(entity: string): string {
  return entity.slice(0, entity.indexOf(':'))
}
