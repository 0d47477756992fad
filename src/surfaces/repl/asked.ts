import type { Decision, Engine, Environment, Item, PolicyQuestion } from '../../index.ts'
import { askerText, requestText } from './notation.ts'

type Target = Extract<PolicyQuestion, { readonly kind: 'decision' }>['target']

/** Who asks; with a token of its own, or that of the session. */
export interface Asker {
  readonly actor: string | null
  readonly agents: readonly string[]
  readonly token?: unknown
}

/** `token`, `context`, `now` …, as given in the session. */
export type Inputs = ReadonlyMap<string, unknown>

/** A request, in data that outlives the policy it was asked of. */
export interface Request {
  readonly by: Asker
  readonly inputs: Inputs
  readonly action: string
  readonly target: string | Item
}

/** A request with what came of it, to be asked again when something changes. */
export interface AskedRequest extends Request {
  readonly allowed: boolean
  readonly reason: Decision['reason']
}

export function targetOf(target: Target): string | Item {
  return target.kind === 'entity' ? target.entity : target
}

/** What questions bring besides who asks: nothing has been labelled unless it is given. */
export function environment(inputs: Inputs, by?: Asker): Environment {
  return {
    session: { labels: [] },
    ...Object.fromEntries(inputs),
    ...(by?.token === undefined ? {} : { token: by.token as Readonly<Record<string, unknown>> }),
    ...(by === undefined || by.agents.length === 0 ? {} : { agents: by.agents }),
  }
}

export function decide(engine: Engine, { by, inputs, action, target }: Request): Decision {
  return engine.authorize(by.actor, action, target, environment(inputs, by))
}

/** `User:ann via Agent:bot can write Repo:site`, as a test says it. */
export function requestLine({ by, action, target }: Request, can = 'can'): string {
  return `${askerText(by)} ${can} ${requestText(action, target)}`
}

/** Two requests of one key are the same question. */
export function keyOf(request: Request): string {
  const { by, inputs } = request
  const given = JSON.stringify([by.token ?? null, [...inputs]], (_, value) =>
    typeof value === 'bigint' ? `${value}n` : value,
  )
  return `${requestLine(request)} ${given}`
}
