import fc from 'fast-check'
import { expect } from 'vitest'
import type { Decision, Environment } from '../../../src/index.ts'
import { argumentsOf, environment, itemQuestion, type Request, toolArguments, uri } from '../generate/request.ts'
import { ask, engineOf, loosened, policyOf, scenario } from '../generate/scenario.ts'
import type { Invariant } from './invariant.ts'

export const open = ['args', 'context', 'token', 'session', 'now', 'approvals', 'confirmed'] as const
type Open = (typeof open)[number]

const anyArguments = fc.oneof(...Object.values(toolArguments).map(argumentsOf))
const anyNow = fc.integer({ min: -2, max: 2 })
const completions = fc.array(fc.tuple(environment, anyArguments, anyNow), { minLength: 3, maxLength: 3 })

/** The request with other values for what was open. */
function completion(
  request: Request,
  unknown: readonly Open[],
  other: Environment,
  args: unknown,
  later: number,
): Request {
  const env: Record<string, unknown> = { ...request.env }
  for (const name of unknown) {
    if (name === 'args') continue
    if (name === 'now') env.now = Number(request.env.now) + later
    else if (other[name] === undefined) delete env[name]
    else env[name] = other[name]
  }
  const { resource } = request
  const takesArguments = typeof resource === 'object' && 'kind' in resource && 'args' in resource
  return {
    ...request,
    env: env as Environment,
    ...(takesArguments && unknown.includes('args') ? { resource: { ...resource, args } as Request['resource'] } : {}),
  }
}

const outcome = ({ allowed, reason, rules }: Decision) => ({ allowed, reason, rules: rules.map(({ id }) => id).sort() })

/** Not of `list`, which is itself about what is not known yet. */
export const partialAgrees: Invariant = {
  number: 9,
  title: '`partial` agrees with every completion, and its residual evaluates to the decision',
  runs: 80,
  holds: ['recursive', 'recovers'],
  property: ({ createEngine }, options) =>
    fc.property(
      scenario(options),
      fc.subarray([...open], { minLength: 1 }),
      completions,
      ({ model, facts, requests }, unknown, others) => {
        const engine = engineOf(createEngine, policyOf(model), facts)
        for (const request of requests.filter(({ action }) => action !== 'list')) {
          const { outcome: certain, residual } = engine.partial({ ...request, unknown })
          for (const [i, [other, args, later]] of others.entries()) {
            const completed = completion(request, unknown, other, args, later)
            const complete = options?.recovers && unknown.includes('context') ? loosened(completed, i) : completed
            const decision = ask(engine, complete)
            if (certain !== 'depends') expect(decision.allowed).toBe(certain === 'allow')
            expect(outcome(engine.complete(residual, complete))).toEqual(outcome(decision))
          }
        }
      },
    ),
}

const listed = fc.constantFrom(...Object.keys(toolArguments))

/** Without what hides more than the calls do: an item that `deny list` hides may be called. */
export const hidden: Invariant = {
  number: 10,
  title: 'a hidden item is denied for all schema-valid arguments',
  runs: 120,
  holds: ['recursive', 'recovers'],
  property: ({ createEngine }, options) =>
    fc.property(
      scenario({ ...options, hidesNothing: true, questions: itemQuestion }).filter(
        ({ requests }) => typeof requests[0]?.resource === 'object',
      ),
      listed.chain((name) =>
        fc.tuple(fc.constant(name), fc.array(argumentsOf(toolArguments[name] ?? {}), { minLength: 6, maxLength: 6 })),
      ),
      fc.array(uri, { minLength: 2, maxLength: 2 }),
      ({ model, facts, requests }, [name, all], uris) => {
        const engine = engineOf(createEngine, policyOf(model), facts)
        for (const { actor, env } of requests) {
          const tool = (args: unknown) => ({ kind: 'tool', server: 'desk', name, args }) as const
          if (!engine.can(actor, 'list', tool({}), env))
            for (const args of all) {
              const helped = { ...env, confirmed: true, approvals: ['User:u0', 'User:u1', 'User:u2'] }
              expect(engine.authorize(actor, 'call', tool(args), helped)).toMatchObject({ allowed: false })
            }
          for (const uriTemplate of ['doc://{folder}/{id}', 'file:///{+path}']) {
            if (engine.can(actor, 'list', { kind: 'template', server: 'desk', uriTemplate }, env)) continue
            for (const uri of uris.filter((one) => one.startsWith(uriTemplate.slice(0, 8)) && one !== 'doc://index'))
              expect(engine.authorize(actor, 'read', { kind: 'resource', server: 'desk', uri }, env)).toMatchObject({
                allowed: false,
              })
          }
        }
      },
    ),
}
