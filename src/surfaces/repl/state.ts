import {
  createEngine,
  type Engine,
  type EngineOptions,
  type EntityInput,
  type FactInput,
  type FactRejection,
  type Policy,
  type QuestionReader,
  questionsAbout,
} from '../../index.ts'
import type { AskedRequest, Asker, Inputs } from './asked.ts'

export type Facts = readonly (FactInput | EntityInput)[]

/** What is said in a session, and can be taken back step by step. */
export interface Said {
  /** Who asks; undefined until somebody is named. */
  readonly by: Asker | undefined
  readonly inputs: Inputs
  readonly facts: readonly Facts[]
}

/** What a session is at a time. */
export interface State {
  policy: Policy
  /** Reads what is asked about it. */
  read: QuestionReader
  /** The facts of the files. */
  facts: Facts
  functions: NonNullable<EngineOptions['functions']>
  /** On the facts of the files and of the session. */
  engine: Engine
  said: Said
  /** What was said before, the latest last, each with what came then. */
  readonly past: { readonly said: Said; readonly what: string }[]
  /** What was asked, the latest last; bounded. */
  readonly asked: Map<string, AskedRequest>
  trace: boolean
  time: boolean
}

/** How far back a session can be taken, and how many decisions are asked again after a change. */
const [mostPast, mostAsked] = [100, 200]

/** @throws TypeError where a host function that the policy declares is not given */
export function newState(policy: Policy, facts: Facts, functions: State['functions']): State {
  return {
    policy,
    read: questionsAbout(policy),
    facts,
    functions,
    engine: createEngine(policy, { facts, functions }),
    said: { by: undefined, inputs: new Map(), facts: [] },
    past: [],
    asked: new Map(),
    trace: false,
    time: false,
  }
}

export function say(state: State, said: Partial<Said>, what: string): void {
  state.past.push({ said: state.said, what: what.trim().replace(/\s+/g, ' ') })
  if (state.past.length > mostPast) state.past.shift()
  state.said = { ...state.said, ...said }
}

export function remember(state: State, key: string, request: AskedRequest): void {
  state.asked.delete(key)
  state.asked.set(key, request)
  const [oldest] = state.asked.keys()
  if (oldest !== undefined && state.asked.size > mostAsked) state.asked.delete(oldest)
}

/**
 * An engine on what the state says now: facts are only ever added, so that taking some back is building it anew.
 *
 * @returns what the policy does not allow of the facts said in the session
 */
export function rebuild(state: State): readonly FactRejection[] {
  const { policy, facts, functions, said } = state
  const engine = createEngine(policy, { facts, functions })
  const refused = said.facts.flatMap((some) => engine.facts.load(some))
  state.engine = engine
  return refused
}
