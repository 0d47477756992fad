import { afterEach, describe, it, vi } from 'vitest'
import type { JsonValue } from '../../src/base/json.ts'
import type { AgentLines, Lines } from '../../src/runtime/bodies/lines.ts'
import type { Formula } from '../../src/runtime/formula.ts'
import { oneMoreAgent, undelegated } from './invariants/agents.ts'
import { errors } from './invariants/errors.ts'
import { expiry } from './invariants/expiry.ts'
import { forwarded } from './invariants/forwarded.ts'
import { hostile } from './invariants/hostile.ts'
import { keys } from './invariants/keys.ts'
import { labels } from './invariants/labels.ts'
import { missing } from './invariants/missing.ts'
import { moreAllows, moreDenies } from './invariants/monotone.ts'
import { order } from './invariants/order.ts'
import { hidden, partialAgrees } from './invariants/partial.ts'
import { redundant } from './invariants/redundant.ts'
import { unlocked } from './invariants/unlocked.ts'
import type { Licet } from './licet.ts'
import { assumingFalse, assumingTrue } from './mutants/depth-first.ts'
import { check, type Mutant } from './mutants/mutant.ts'
import { queryMutants } from './mutants/queries.ts'
import { agrees } from './oracle/agrees.ts'

const noDenies = (lines: Lines) => ({ ...lines, deny: [] })

const mutants: readonly Mutant[] = [
  {
    name: 'only the first allow counts',
    module: 'runtime/bodies/lines.ts',
    change: ({ ownRight }) => ({ ownRight: (lines: Lines) => ownRight({ ...lines, allow: lines.allow.slice(0, 1) }) }),
    caughtBy: order,
  },
  {
    name: 'only the first fact of a relation counts',
    module: 'facts/memory.ts',
    change: ({ memoryStore }) => ({
      memoryStore: (...args: unknown[]) => {
        const store = memoryStore(...args)
        const snapshot = () => {
          const facts = store.snapshot()
          return { ...facts, facts: (...at: unknown[]) => facts.facts(...at).slice(0, 1) }
        }
        return { ...store, snapshot }
      },
    }),
    caughtBy: order,
  },
  {
    name: 'an error is collapsed to false',
    module: 'runtime/formula.ts',
    change: ({ never }) => ({ failed: () => never }),
    caughtBy: errors,
  },
  {
    name: 'an error under `not` is taken for true',
    module: 'runtime/formula.ts',
    change: ({ negation, always }) => ({
      negation: (operand: Formula) => (operand.kind === 'error' ? always : negation(operand)),
    }),
    caughtBy: errors,
  },
  {
    name: 'the gap of a set is dropped',
    module: 'value/set.ts',
    change: ({ setOf }) => ({ setOf: (members: unknown) => setOf(members) }),
    caughtBy: errors,
  },
  {
    name: 'an entity that nothing is known of is treated as known',
    module: 'runtime/known.ts',
    change: () => ({
      isKnown: () => true,
      ifKnown: (_run: unknown, _of: unknown, _at: unknown, then: () => unknown) => then(),
    }),
    caughtBy: errors,
  },
  {
    name: 'only the last agent counts',
    module: 'runtime/bodies/lines.ts',
    change: ({ delegatedRight }) => ({
      delegatedRight: (agents: readonly AgentLines[]) => delegatedRight(agents.slice(-1)),
    }),
    caughtBy: oneMoreAgent,
  },
  {
    name: 'a nested permission that is not delegated is false',
    module: 'runtime/membership.ts',
    change: async ({ holds }) => {
      const { conjunction, disjunction } = await import('../../src/runtime/formula.ts')
      const settled = (part: Formula): Formula =>
        part.kind === 'or' ? disjunction(part.operands.filter(({ kind }) => kind !== 'error')) : part
      return {
        holds: (...args: unknown[]) => {
          const formula: Formula = holds(...args)
          return formula.kind === 'and' ? conjunction(formula.operands.map(settled)) : formula
        },
      }
    },
    caughtBy: oneMoreAgent,
  },
  {
    name: 'only the last deny counts',
    module: 'runtime/bodies/lines.ts',
    change: ({ ownRight }) => ({ ownRight: (lines: Lines) => ownRight({ ...lines, deny: lines.deny.slice(-1) }) }),
    caughtBy: moreDenies,
  },
  {
    name: 'only the last allow counts',
    module: 'runtime/bodies/lines.ts',
    change: ({ ownRight }) => ({ ownRight: (lines: Lines) => ownRight({ ...lines, allow: lines.allow.slice(-1) }) }),
    caughtBy: moreAllows,
  },
  {
    name: 'delegation is skipped',
    module: 'runtime/bodies/lines.ts',
    change: () => ({ delegatedRight: () => ({ kind: 'constant', value: true }) }),
    caughtBy: undelegated,
  },
  {
    name: 'a fact that is given twice is gone',
    module: 'facts/memory.ts',
    change: ({ memoryStore }) => ({
      memoryStore: (...args: unknown[]) => {
        const store = memoryStore(...args)
        const seen = new Set<string>()
        const load = (inputs: readonly { readonly subject?: unknown }[]) =>
          inputs.flatMap((input) => {
            const isNew = input.subject === undefined || !seen.has(JSON.stringify(input))
            seen.add(JSON.stringify(input))
            return isNew ? store.load([input]) : store.remove(input)
          })
        return { ...store, load }
      },
    }),
    caughtBy: redundant,
  },
  {
    name: 'a cycle is taken for true',
    module: 'runtime/solve/solve.ts',
    change: () => ({ solve: assumingTrue }),
    caughtBy: redundant,
  },
  {
    name: 'what depends is said to be denied',
    module: 'runtime/partial/bounds.ts',
    change: ({ boundsOf }) => ({
      boundsOf: (...args: unknown[]) => {
        const bounds = boundsOf(...args)
        return { ...bounds, outcome: bounds.outcome === 'depends' ? 'deny' : bounds.outcome }
      },
    }),
    caughtBy: partialAgrees,
  },
  {
    name: 'a residual without its denies',
    module: 'runtime/partial/reduce.ts',
    change: ({ reduce }) => ({ reduce: (...args: unknown[]) => noDenies(reduce(...args)) }),
    caughtBy: partialAgrees,
  },
  {
    name: 'a list is computed with empty arguments',
    module: 'runtime/listed.ts',
    change: async () => {
      const { usesOf } = await import('../../src/runtime/mcp-actions.ts')
      const { rootLines } = await import('../../src/runtime/root.ts')
      const { groundAtoms } = await import('../../src/runtime/bodies/body.ts')
      const { solve } = await import('../../src/runtime/solve/solve.ts')
      const { isAllowed } = await import('../../src/runtime/partial/bounds.ts')
      const { denial } = await import('../../src/runtime/denial.ts')
      type Run = Parameters<typeof rootLines>[0]
      return {
        listed: (run: Run) => {
          const inputs = new Map(run.question.inputs).set('args', { kind: 'record', raw: {}, type: { kind: 'json' } })
          const open: Run = { ...run, question: { ...run.question, inputs } }
          const uses = usesOf(run.question.target).map((use) => rootLines(open, use))
          groundAtoms(open)
          const model = solve(open.system.bodies, open.budget)
          return { ...denial('not-permitted'), allowed: uses.some((lines) => isAllowed(lines, model)) }
        },
      }
    },
    caughtBy: hidden,
  },
  {
    name: 'a scope that includes another does not imply it',
    module: 'explain/offers.ts',
    change: ({ offersOf }) => ({
      offersOf: (...args: unknown[]) => ({ ...offersOf(...args), implies: (a: number, b: number) => a === b }),
    }),
    caughtBy: missing,
  },
  {
    name: 'what is offered is enough by itself',
    module: 'explain/missing.ts',
    change: ({ missing: original }) => ({
      missing: (...args: unknown[]) => {
        const { sets, truncated } = original(...args)
        return { sets: sets.map((set: readonly unknown[]) => set.slice(0, 1)), truncated }
      },
    }),
    caughtBy: missing,
  },
  {
    name: 'a label is tested the wrong way round',
    module: 'runtime/request-inputs.ts',
    change: async ({ inputsOf }) => {
      const { setOf } = await import('../../src/value/set.ts')
      return {
        inputsOf: (...args: unknown[]) => {
          const inputs = inputsOf(...args)
          const session = inputs.get?.('session')
          if (session?.kind !== 'record') return inputs
          const given: readonly unknown[] = session.raw.get('labels').members
          const others = ['untrusted', 'private'].filter((label) => !given.includes(label))
          return new Map([...inputs, ['session', { ...session, raw: new Map([['labels', setOf(others)]]) }]])
        },
      }
    },
    caughtBy: labels,
  },
  {
    name: 'keys are copied by assignment',
    module: 'base/json.ts',
    change: ({ stringifyJson }) => {
      const copied = (value: JsonValue): JsonValue => {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
        const copy: Record<string, JsonValue> = {}
        for (const [key, part] of Object.entries(value)) copy[key] = copied(part)
        return copy
      }
      return { stringifyJson: (value: JsonValue) => stringifyJson(copied(value)) }
    },
    caughtBy: forwarded,
  },
  {
    name: 'a key may hold its own separator',
    module: 'runtime/construct.ts',
    change: async ({ interpolate }) => {
      const { entity } = await import('../../src/value/entity.ts')
      const { isError } = await import('../../src/value/evaluation-error.ts')
      return {
        construct: (type: string, ...rest: unknown[]) => {
          const id = interpolate(...rest)
          return isError(id) ? id : entity(type, id)
        },
      }
    },
    caughtBy: keys,
  },
  {
    name: 'what an input throws is let through',
    module: 'runtime/evaluator.ts',
    change: async ({ createEvaluator }) => {
      const { decide } = await import('../../src/runtime/decide.ts')
      const { denial } = await import('../../src/runtime/denial.ts')
      return {
        createEvaluator: (...args: unknown[]) => {
          const evaluator = createEvaluator(...args)
          const unguarded = (request: unknown, facts: unknown) => {
            const run = evaluator.begin(request, facts, 'decide')
            return run.kind === 'error' ? denial('error', [run]) : decide(run)
          }
          return { ...evaluator, decide: unguarded }
        },
      }
    },
    caughtBy: hostile,
  },
  {
    name: '`until` is ignored',
    module: 'runtime/known.ts',
    change: () => ({ inForce: () => true }),
    caughtBy: expiry,
  },
  {
    name: 'a fact still holds at the very instant of its `until`',
    module: 'runtime/known.ts',
    change: () => ({
      inForce: ({ until }: { readonly until?: number }, at: number) => until === undefined || at <= until,
    }),
    caughtBy: expiry,
  },
  {
    name: 'the lock is not asked',
    module: 'runtime/asked-target.ts',
    change: () => ({ notLocked: () => undefined }),
    caughtBy: unlocked,
  },
  {
    name: 'denies are dropped',
    module: 'runtime/bodies/lines.ts',
    change: ({ ownRight }) => ({ ownRight: (lines: Lines) => ownRight(noDenies(lines)) }),
    caughtBy: agrees,
  },
  {
    name: 'denies that mention `agent` are dropped',
    module: 'runtime/bodies/lines.ts',
    change: ({ delegatedRight }) => ({
      delegatedRight: (agents: readonly AgentLines[]) => delegatedRight(agents.map((one) => ({ ...one, deny: [] }))),
    }),
    caughtBy: agrees,
  },
  {
    name: 'a nested permission asks no agent',
    module: 'runtime/membership.ts',
    change: ({ holds }) => ({
      holds: (run: { readonly question: object }, ...rest: unknown[]) =>
        holds({ ...run, question: { ...run.question, agents: [] } }, ...rest),
    }),
    caughtBy: agrees,
  },
  {
    name: 'a false inside an unfinished component is remembered',
    module: 'runtime/solve/solve.ts',
    change: () => ({ solve: assumingFalse }),
    caughtBy: agrees,
  },
  {
    name: 'the anonymous actor is a user',
    module: 'value/entity.ts',
    change: () => ({ anonymous: { kind: 'entity', type: 'User', id: '', key: 'User:' } }),
    caughtBy: agrees,
  },
  ...queryMutants,
]

describe('a mutant of the engine is caught:', () => {
  afterEach(() => void vi.resetModules())

  // Of the interpreter: by default engines decide by compiled code, whose mutants are in `test/long`.
  const interpreted = ({ createEngine, ...others }: Licet): Licet => ({
    ...others,
    createEngine: (policy, options) => createEngine(policy, { ...options, backend: 'interpreted' }),
  })

  it.each(mutants)('$name', (mutant) => {
    const { caughtBy } = mutant
    return check(mutant, 16 * caughtBy.runs, caughtBy === hostile ? /Error/ : /AssertionError/, interpreted)
  })
})
