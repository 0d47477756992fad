import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile, createEngine, type Decision, type EntityInput, type FactInput, type Policy } from '../../src/index.ts'
import { type Request, requestsOf } from '../../src/surfaces/cli/bench/requests.ts'
import { loadPolicy } from '../../src/surfaces/node/index.ts'
import { testNow } from '../../src/surfaces/testing/index.ts'
import { filesOf, readCorpus } from '../corpus/read-corpus.ts'

export interface Case {
  readonly title: string
  readonly policy: Policy
}

/** Every policy of the examples and of the corpus that has no errors. */
export function everyPolicy(): readonly Case[] {
  const root = fileURLToPath(new URL('../../examples', import.meta.url))
  const examples = readdirSync(root).flatMap((name): Case[] => {
    const file = join(root, name, 'policy.licet')
    const { policy } = existsSync(file) ? loadPolicy([file]) : {}
    return policy === undefined ? [] : [{ title: `examples/${name}`, policy }]
  })
  const corpus = ['check', 'test'].flatMap((folder) =>
    readCorpus(folder).flatMap(({ file, cases }) =>
      cases.flatMap(({ title, text }): Case[] => {
        const { policy } = compile(filesOf('policy.licet', text))
        return policy === undefined ? [] : [{ title: `${folder}/${file}: ${title}`, policy }]
      }),
    ),
  )
  return [...examples, ...corpus]
}

/** Functions that err, for policies that declare some. */
export function functionsOf({ program }: Policy): Record<string, () => unknown> {
  return Object.fromEntries(program.functions.map(({ name }) => [name, () => undefined]))
}

/** What is asked of one engine. */
export interface Round {
  readonly facts: readonly (FactInput | EntityInput)[]
  readonly requests: readonly Request[]
}

/** What the tests of a policy ask, and beside it every action of the policy on what they ask about. */
export function roundsOf(policy: Policy): readonly Round[] {
  const asked = requestsOf(policy, testNow)
  const rounds = asked.length === 0 ? [{ facts: [], requests: [] }] : asked
  return rounds.map(({ facts, requests }) => {
    const actors = [...new Set(requests.map(({ actor }) => actor)), null].slice(0, 3)
    const resources = requests.map(({ resource }) => resource).slice(0, 3)
    const others = [...resources, ...policy.program.types.map(({ name }) => `${name}:other`)].flatMap((resource) =>
      [...policy.program.actions.map(({ action }) => action), 'call', 'list']
        .slice(0, 6)
        .flatMap((action) => actors.map((actor): Request => ({ actor, action, resource, env: { now: testNow } }))),
    )
    return { facts, requests: [...requests, ...others] }
  })
}

/** What is missing is worked out only when somebody looks. */
export function withoutMissing({ allowed, reason, rules, errors, limits, labels }: Decision) {
  return { allowed, reason, rules, errors, limits, labels }
}

/** What both back ends of `licet` say, which is one. */
export function expectedOf(policy: Policy, { facts, requests }: Round, functions = functionsOf(policy)) {
  const engines = (['interpreted', 'compiled'] as const).map((backend) => {
    const engine = createEngine(policy, { backend, functions })
    engine.facts.load(facts)
    return engine
  })
  return engines.map((engine) =>
    requests.map(({ actor, action, resource, env }) => withoutMissing(engine.authorize(actor, action, resource, env))),
  )
}
