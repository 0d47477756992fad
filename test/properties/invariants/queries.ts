import fc from 'fast-check'
import { expect } from 'vitest'
import type { Engine, EntityInput, Environment, FactInput, Policy, Who } from '../../../src/index.ts'
import { instantOf } from '../../../src/value/time.ts'
import type { Question } from '../generate/wide/questions.ts'
import { story } from '../generate/wide/scenario.ts'
import { backend } from '../generate/wide/sides.ts'
import { write } from '../generate/wide/transcript.ts'
import { ids, type TypeName, typeNames, types } from '../generate/wide/world.ts'
import type { Licet } from '../licet.ts'
import type { Invariant } from './invariant.ts'

/** Everything that facts, policies and questions of the world can be about, and something of which they say nothing. */
const universe = (type: TypeName) => [...ids[type], 'n0', 'n1', 'n2', 'u9', 'zz', 'nobody'].map((id) => `${type}:${id}`)
const actorTypes = typeNames.filter((type) => types[type].head.includes('actor '))
const listed = ['Doc', 'Folder', 'User', 'Team', 'Thing', 'Repo'] as const

type Ask = Parameters<Engine['authorize']>
const parts = ({ actor, action, resource, env }: Question) => [actor, action, resource, env] as unknown as Ask

/** What a stored record or a stored fact in force mentions. */
function storedIn(policy: Policy, engine: Engine, env: Environment | undefined): ReadonlySet<string> {
  const now = instantOf(env?.now)
  const known = new Set<string>()
  for (const one of [...policy.facts, ...engine.facts.dump()]) {
    if ('type' in one) known.add(`${one.type}:${(one as EntityInput).id}`)
    const { object, relation, subject, until } = one as FactInput
    if (relation === undefined || (until !== undefined && (now === undefined || (instantOf(until) ?? 0) <= now)))
      continue
    const named = typeof subject === 'object' && 'entity' in subject ? subject.entity : subject
    for (const name of [object, named]) if (typeof name === 'string') known.add(name)
  }
  return known
}

/** The whole list of each type, as asking about every entity would give it. */
function checkList(policy: Policy, engine: Engine, [actor, , , env]: Ask): void {
  const stored = storedIn(policy, engine, env)
  for (const type of listed) {
    for (const action of types[type].relations.filter(({ permission }) => permission).map(({ name }) => name)) {
      const found = engine.list(actor, action, type, env)
      const all = [...found]
      expect(all, `${action} ${type}`).toEqual([...new Set(all)].sort())
      expect([...engine.for(actor, env).list(action, type)]).toEqual(all)
      const asked = new Set([...universe(type), ...all])
      const allowed = [...asked].filter((one) => engine.can(actor, action, one, env))
      const isVirtual = type === 'Repo'
      expect(
        all.filter((one) => !allowed.includes(one)),
        `wrongly listed: ${action} ${type}`,
      ).toEqual([])
      const sure = allowed.filter((one) => stored.has(one) || one === actor)
      expect(
        sure.filter((one) => !all.includes(one)),
        `not listed: ${action} ${type}`,
      ).toEqual([])
      if (!isVirtual) expect(all).not.toContain(`${type}:nobody`)
      // Of a type that has every entity, those of which nobody knows are all listed, or there is no end of them.
      if (isVirtual && found.complete) expect(allowed.filter((one) => !all.includes(one))).toEqual([])
      if (!isVirtual && found.errors.length === 0) expect(found.complete).toBe(true)
      if (found.errors.length > 0) expect(allowed).toEqual([])
    }
  }
}

/** What is said of an actor, by itself or with everyone of its type. */
function saidOf(actor: string | null, { certain, conditional }: Who): 'allow' | 'depends' | 'deny' {
  const isMeant = (one: Who['certain'][number]) =>
    typeof one !== 'object' || one === null
      ? one === actor
      : actor?.startsWith(`${one.any}:`) && !one.except.includes(actor)
  const ways = [
    ...certain.filter(isMeant).map(() => 'allow' as const),
    ...conditional.filter((one) => isMeant(one.actor)).map(() => 'depends' as const),
  ]
  expect(ways.length, `${actor} stands in one place`).toBeLessThan(2)
  return ways[0] ?? 'deny'
}

const ofCaller = ['token', 'session', 'approvals', 'confirmed'] as const

function checkWho(engine: Engine, [, action, resource, env]: Ask): void {
  const found = engine.who(action, resource, env)
  const isList = action === 'list' && typeof resource === 'object' && 'kind' in resource
  const own = { ...env }
  for (const name of [...ofCaller, 'client'] as const) delete (own as Record<string, unknown>)[name]
  if (found.errors.length === 0) expect(found.complete).toBe(true)
  for (const actor of [null, ...actorTypes.flatMap(universe)]) {
    const said = saidOf(actor, found)
    const { outcome } = engine.partial({ actor, action, resource, env: own, unknown: ofCaller })
    // What is listed depends on what is open, whether a condition looks at it or not.
    if (isList) expect(said === 'deny', `${actor}`).toBe(outcome === 'deny')
    else expect(said, `${actor}`).toBe(outcome)
    if (said === 'allow') {
      const { allowed, errors } = engine.authorize(actor, action, resource, without(env, 'client'))
      const isBad = errors.some(({ code }) => code === 'bad-request')
      expect(allowed || isBad, `${actor}, whatever the caller brings`).toBe(true)
    }
  }
  for (const { actor, residual } of found.conditional) {
    const name = typeof actor === 'object' && actor !== null ? actor.as : actor
    const complete = engine.complete(residual, { actor: name, action, resource, ...(env === undefined ? {} : { env }) })
    expect(complete.allowed, `${name}`).toBe(engine.can(name, action, resource, env))
  }
}

function without(env: Environment | undefined, name: keyof Environment): Environment {
  const rest: Record<string, unknown> = { ...env }
  delete rest[name]
  return rest as Environment
}

function checkActions({ program }: Policy, engine: Engine, [actor, , resource, env]: Ask): void {
  const all = [...program.actions.map(({ action }) => action), 'call', 'read', 'get', 'subscribe', 'complete', 'list']
  const more = ['sample', 'elicit', 'roots', 'log']
  const allowed = [...new Set([...all, ...more])].filter((action) => engine.can(actor, action, resource, env)).sort()
  expect(engine.actions(actor, resource, env)).toEqual(allowed)
  expect(engine.for(actor, env).actions(resource)).toEqual(allowed)
}

/** An environment that can be looked at, so that a part of it can be left out. */
function isPlain({ env }: Question): boolean {
  try {
    return env === undefined || Object.getPrototypeOf(env) === Object.prototype
  } catch {
    return false
  }
}

/** Nothing of it throws, and nothing is allowed by it. */
function checkHostile(engine: Engine, [actor, action, resource, env]: Ask): void {
  expect(engine.actions(actor, resource, env).filter((one) => !engine.can(actor, one, resource, env))).toEqual([])
  for (const one of engine.list(actor, action, 'Doc', env)) expect(engine.can(actor, action, one, env)).toBe(true)
  expect(engine.who(action, resource, env).certain).toBeDefined()
}

const inEveryState = (
  licet: Licet,
  wanted: 'compiled' | 'interpreted',
  check: (policy: Policy, engine: Engine, question: Question) => void,
) =>
  fc.property(story({ steps: 8 }), ({ policy, facts, steps }) => {
    // A side has the host functions of the world, and shows less of its engine.
    const made: Engine[] = []
    const createEngine: Licet['createEngine'] = (...options) => {
      made.push(licet.createEngine(...options))
      return made[0] as Engine
    }
    const side = backend({ ...licet, createEngine }, policy, wanted)
    const [engine] = made
    if (engine === undefined) throw new Error('a side without an engine')
    engine.facts.load(facts)
    for (const step of steps) {
      if (step.kind === 'write') write(side, step.write)
      else if (step.kind === 'replace') continue
      else if (isPlain(step.question)) check(policy, engine, step.question)
      else checkHostile(engine, parts(step.question))
    }
  })

export const lists: Invariant = {
  number: 11,
  title: '`list` and `actions` equal brute force over a finite domain',
  runs: 14,
  property: (licet) =>
    inEveryState(licet, 'compiled', (policy, engine, question) => {
      checkList(policy, engine, parts(question))
      checkActions(policy, engine, parts(question))
    }),
}

export const whos: Invariant = {
  number: 11,
  title: '`who` equals brute force over a finite domain',
  runs: 20,
  property: (licet) => inEveryState(licet, 'compiled', (_, engine, question) => checkWho(engine, parts(question))),
}

export const interpretedQueries: Invariant = {
  number: 11,
  title: '`list`, `actions` and `who` equal brute force where the interpreter decides',
  runs: 4,
  property: (licet) =>
    inEveryState(licet, 'interpreted', (policy, engine, question) => {
      checkList(policy, engine, parts(question))
      checkActions(policy, engine, parts(question))
      checkWho(engine, parts(question))
    }),
}
