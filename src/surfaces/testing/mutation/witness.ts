import type { Engine, Environment, Policy } from '../../../index.ts'
import type { Mutant } from '../../../mutants.ts'
import { type AskedRequest, expectText, testText } from '../../../witness.ts'
import { environmentOf } from '../environment.ts'
import { typeOf } from '../mentioned.ts'
import { givenNear } from './given-near.ts'
import { keyOf, type Neighbourhood, neighbourhood, requestsNear, requestsWith } from './near.ts'
import type { Engines } from './passes.ts'

type TestCase = Policy['tests'][number]

/** A test that would notice: a line for a test that there is, or a test of its own where something else has to be given. */
export interface Witness {
  /** The test that the line is for, or that the new one was made of. */
  readonly test: string
  readonly whole: boolean
  readonly text: string
}

/** How many tests are looked at, those about what was changed first; how many requests near one are kept; how many are tried for one mutant, on what tests give and otherwise; for all; and for each once those are used up, so that the last survivors are looked for, too. */
const most = { tests: 12, kept: 500, near: 600, otherwise: 300, all: 5_000, each: 150 }

/** Looks near the tests for requests that policy and mutant decide otherwise. */
export function witnessSearch(policy: Policy, engines: Engines): (mutant: Mutant) => Witness | undefined {
  let all = most.all
  const original = engines.of(policy)
  /** What the policy says to requests of a test, each one object. */
  const decided = new WeakMap<AskedRequest, boolean>()
  const hoods = new Map(policy.tests.map((test) => [test, hoodOf(policy, test)]))

  return (mutant) => {
    const mutated = engines.of(mutant.policy)
    const { isConcerned, isAbout } = concernOf(policy, mutant.policy)
    /** What the policy decides, where the mutant decides otherwise. What an error denies says nothing of a policy. */
    const differs = (test: TestCase, request: AskedRequest, made = test): boolean | undefined => {
      all--
      const before = original(test)
      if (before === undefined) return undefined
      const env = environmentOf(test)
      const was = (made === test ? decided.get(request) : undefined) ?? ask(before, request, env).can
      if (made === test) decided.set(request, was)
      const after = mutated(test)
      // Facts that the mutant refuses fail any test: it is to be one that needs them.
      if (after === undefined) {
        const without = original(made)
        return was && without !== undefined && !ask(without, request, env).can ? was : undefined
      }
      if (was === ask(after, request, env).can) return undefined
      return was || ask(before, request, env).reason !== 'error' ? was : undefined
    }
    const tests = [...hoods].map(([test, hood]) => ({ test, hood, isNear: hood.near.seeds.some(isAbout) }))
    tests.sort((a, b) => Number(b.isNear) - Number(a.isNear))

    let left = all > 0 ? most.near : most.each
    const tried = tests.slice(0, most.tests).flatMap(({ test, hood }) => {
      const beside = distinct(requestsWith(hood.near, mutant.literals), most.kept)
      return [hood.requests, beside].map((requests) => ({
        test,
        requests: sorted(requests.filter(isConcerned), isAbout),
      }))
    })
    for (const { test, request } of inTurn(tried)) {
      if (--left < 0) break
      const was = differs(test, request)
      if (was !== undefined) return { test: test.name, whole: false, text: expectText(request, was) }
    }
    left = most.otherwise
    for (const { test, hood } of tests.slice(0, most.tests)) {
      const concerned = hood.asked.filter(isConcerned)
      if (concerned.length === 0) continue
      const requests = sorted(concerned, isAbout).slice(0, 20)
      for (const { test: given, ...change } of givenNear(policy, mutant, test))
        for (const request of requests) {
          if (--left < 0 || all <= 0) return undefined
          const was = differs(given, request, test)
          const text = was === undefined ? undefined : testText(policy, test, change, request, was)
          if (text !== undefined) return { test: test.name, whole: true, text }
        }
    }
    return undefined
  }
}

interface Hood {
  readonly near: Neighbourhood
  readonly requests: readonly AskedRequest[]
  /** Its own requests, and those of others who could ask them. */
  readonly asked: readonly AskedRequest[]
}

function hoodOf(policy: Policy, test: TestCase): Hood {
  const near = neighbourhood(policy, test)
  const { seeds, actors, agents, actionsOn } = near
  const asked = seeds.flatMap((seed) => [
    seed,
    ...actors.map((actor) => ({ ...seed, actor })),
    ...agents.map((via) => ({ ...seed, agents: via })),
    ...actionsOn(seed.target).map((action) => ({ ...seed, action })),
  ])
  return { near, requests: distinct(requestsNear(near), most.kept), asked: distinct(asked, most.kept) }
}

function sorted<T>(all: readonly T[], isFirst: (one: T) => boolean): readonly T[] {
  return [...all.filter(isFirst), ...all.filter((one) => !isFirst(one))]
}

/** The first few of each, then the next few. */
function* inTurn(
  all: readonly { readonly test: TestCase; readonly requests: readonly AskedRequest[] }[],
): Iterable<{ readonly test: TestCase; readonly request: AskedRequest }> {
  const few = 20
  for (let from = 0; from < most.kept; from += few)
    for (const { test, requests } of all)
      for (const request of requests.slice(from, from + few)) yield { test, request }
}

function ask(engine: Engine, { actor, agents, action, target }: AskedRequest, env: Environment) {
  const resource = target.kind === 'entity' ? target.entity : target
  const asking = agents.length === 0 ? env : { ...env, agents }
  return {
    get can() {
      return engine.can(actor, action, resource, asking)
    },
    get reason() {
      return engine.authorize(actor, action, resource, asking).reason
    },
  }
}

/** The first so many, each once. */
function distinct(requests: Iterable<AskedRequest>, most: number): AskedRequest[] {
  const found = new Map<string, AskedRequest>()
  for (const request of requests) {
    const key = keyOf([request.actor, request.agents, request.action, request.target])
    if (!found.has(key)) found.set(key, request)
    if (found.size >= most) break
  }
  return [...found.values()]
}

interface Concern {
  /** The request could come out otherwise. */
  readonly isConcerned: (request: AskedRequest) => boolean
  /** It names what was changed. */
  readonly isAbout: (request: AskedRequest) => boolean
}

/** Where only rules about items differ, only requests about their actions can come out otherwise: nothing else asks for those. */
function concernOf({ program: before }: Policy, { program: after }: Policy): Concern {
  const written = (one: (typeof before.rules)[number] | (typeof before.roles)[number]) =>
    JSON.stringify({ ...one, id: '' })
  const changed = <T extends (typeof before.rules)[number] | (typeof before.roles)[number]>(
    was: readonly T[],
    is: readonly T[],
  ) => {
    const [old, now] = [new Set(was.map(written)), new Set(is.map(written))]
    return [...was.filter((one) => !now.has(written(one))), ...is.filter((one) => !old.has(written(one)))]
  }
  const roles = changed(before.roles, after.roles)
  const rules = changed(before.rules, after.rules)
  const places = new Set<string>(roles.flatMap(({ type }) => (type === undefined ? [] : [type])))
  const actions = new Set<string>()
  let isOfItems = roles.length === 0 && rules.length > 0
  for (const { target, actions: named } of rules) {
    for (const action of named === '*' ? [] : named) actions.add(action)
    if (target.kind === 'types') for (const type of target.types) places.add(type)
    if (target.kind === 'items' && target.server !== undefined) places.add(target.server)
    if (target.kind !== 'items' || target.server === undefined || named === '*') isOfItems = false
  }
  // Of named tools and prompts only those; a pattern, a URI or `*` may be about any.
  const items = rules.flatMap(({ target }) => (target.kind === 'items' ? target.items : []))
  const named = items.every((item) => item.kind === 'names') ? new Set(items.flatMap(({ names }) => names)) : undefined
  const isNamed = (target: AskedRequest['target']) =>
    !isOfItems || named === undefined || !('name' in target) || named.has(target.name)
  const isAbout = ({ action, target }: AskedRequest) =>
    isNamed(target) &&
    places.has(target.kind === 'entity' ? typeOf(target.entity) : target.server) &&
    (actions.size === 0 || actions.has(action))
  return { isConcerned: (request) => !isOfItems || isAbout(request), isAbout }
}
